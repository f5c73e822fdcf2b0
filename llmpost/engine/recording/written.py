"""The ledgers of requests that are recorded: what they were told becomes one record for each candidate.

A candidate has its record when its result is ready to go out, or else when its book is closed, with what had been
written and shown by then. A text is in a record in the form that the policies let it be kept in which the request ran
under; the strictest of them, where it was handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType

from llmpost.contracts.record import Record
from llmpost.contracts.result import ALLOWED, Result, Trace, Usage
from llmpost.contracts.tokens import TokenId
from llmpost.engine.output import Output
from llmpost.engine.recording.keeping import Keeping
from llmpost.engine.recording.ledger import Book, Ledger
from llmpost.engine.recording.page import End, Page
from llmpost.engine.recording.recording import Recording, how_it_ended, new_id, stricter, tell_of_lost
from llmpost.engine.recording.seen import Seen, handed_in, let_out, seen_in_parts
from llmpost.engine.tracing import refused_trace
from llmpost.engine.watch import Watch
from llmpost.errors import LlmpostError, TraceError
from llmpost.guards.checking import Checked
from llmpost.policy import Policy

_UNKEPT = "withheld: its record was not kept"
_GIVEN_UP = "given up before its end"


class WrittenBook(Book):
    """Of a call whose requests are recorded."""

    def __init__(self, recording: Recording, model: str) -> None:
        self._recording = recording
        self._model = model
        self._ledgers: list[WrittenLedger] = []

    def ledger(self, policy: Policy) -> Ledger:
        ledger = WrittenLedger(_Request(self._recording, self._model, self._recording.clocks.steady()), policy)
        self._ledgers.append(ledger)
        return ledger

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tell_of_lost([lost for ledger in self._ledgers for lost in ledger.close(error)], error)


@dataclass(frozen=True, slots=True)
class _Request:
    """What all ledgers of a request share."""

    recording: Recording
    model: str
    begun: float
    id: str = field(default_factory=new_id)
    recorded: set[int] = field(default_factory=set)
    """The candidates that have their records."""


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What is known before anything is written."""

    trace: Trace | None = None
    prompt_ids: tuple[TokenId, ...] = ()
    num_candidates: int = 1
    is_document: bool = False


_NOT_BEGUN = _Beginning()


class WrittenLedger(Ledger):
    """Of one request, or of one candidate of it that is asked alone."""

    is_written = True

    def __init__(self, request: _Request, policy: Policy, only: int | None = None) -> None:
        self.id = request.id
        self._request = request
        self._policy = policy
        self._only = only
        """The candidate, where there is but one."""
        self._watch: Watch | None = None
        self._inputs: list[tuple[str, Checked]] = []
        self._beginning = _NOT_BEGUN
        self._pages: dict[int, Page] = {}
        self._again: list[WrittenLedger] = []

    @property
    def num_logits(self) -> int:
        return self._request.recording.num_logits(self._policy)

    def watched(self, watch: Watch) -> None:
        self._policy = watch.policy if self._watch is None else stricter(watch.policy, self._policy)
        self._watch = watch

    def admitted(self, text: str, checked: Checked) -> None:
        self._inputs.append((text, checked))

    def begins(
        self, trace: Trace, prompt_ids: Sequence[TokenId], num_candidates: int, *, is_document: bool = False
    ) -> None:
        self._beginning = _Beginning(trace, tuple(prompt_ids), num_candidates, is_document)

    def follow(self, candidate: int, output: Output) -> None:
        self._pages[self._number(candidate)] = Page(output)

    def looked_at(self, candidate: int, checked: Checked, *, is_stream: bool = False) -> None:
        page = self._pages[self._number(candidate)]
        page.checked, page.is_stream = checked, is_stream

    def shows(self, candidate: int, text: str) -> None:
        if candidate in self._pages:
            self._pages[candidate].shown.append(text)

    def alone(self, candidate: int) -> Ledger:
        other = WrittenLedger(self._request, self._policy, candidate)
        other._watch, other._inputs, other._beginning = self._watch, list(self._inputs), self._beginning
        self._again.append(other)
        return other

    def recorded(self, candidate: int, result: Result) -> Result:
        page = self._pages.get(candidate, Page())
        record = self._record(candidate, page, page.ended(result))
        self._request.recorded.add(candidate)
        try:
            note = self._request.recording.add(record)
        except TraceError as error:
            return replace(result, error=error) if page.shown else _withheld(result, error)
        return _noted(result, note) if note else result

    def close(self, error: BaseException | None) -> Sequence[TraceError]:
        lost = [each for other in reversed(self._again) for each in other.close(error)]
        every = range(self._beginning.num_candidates) if self._only is None else (self._only,)
        for candidate in every:
            if candidate not in self._request.recorded:
                lost += self._give_up(candidate, error)
        return lost

    def _number(self, candidate: int) -> int:
        return candidate if self._only is None else self._only

    def _give_up(self, candidate: int, error: BaseException | None) -> Iterator[TraceError]:
        """Whoever asked has gone, or something broke: nothing more of this candidate leaves."""
        page = self._pages.get(candidate, Page())
        record = self._record(candidate, page, self._left(page, error))
        self._request.recorded.add(candidate)
        try:
            self._request.recording.add(record)
        except TraceError as lost:
            yield lost

    def _left(self, page: Page, error: BaseException | None) -> End:
        released = page.given_up()
        looked = page.checked
        trace = self._beginning.trace or self._interrupted()
        inspections = () if looked is None or self._watch is None else (self._watch.inspection(looked),)
        reason, kind = how_it_ended(error)
        return End(
            trace=replace(trace, notes=(*trace.notes, _GIVEN_UP), inspections=(*trace.inspections, *inspections)),
            verdict=ALLOWED if looked is None else looked.verdict,
            finish_reason=reason,
            usage=Usage(len(self._beginning.prompt_ids), page.num_tokens),
            timings=None,
            released=released,
            error=kind,
        )

    def _interrupted(self) -> Trace:
        trace = refused_trace(self._request.model, self._policy, "interrupted before it ran")
        return replace(trace, id=self.id)

    def _record(self, candidate: int, page: Page, end: End) -> Record:
        recording = self._request.recording
        kept = Keeping(recording.keeper(self._policy), self.id, candidate)
        prompt, system, raw, tokens = (
            self._prompt,
            self._system,
            page.raw,
            page.tokens(self._beginning.prompt_ids, self.num_logits),
        )
        return Record(
            id=self.id,
            at=recording.clocks.wall(),
            kind="generate",
            store=self._policy.trace.store,
            trace=kept.trace(end.trace),
            verdict=end.verdict,
            finish_reason=end.finish_reason,
            usage=end.usage,
            timings=end.timings,
            candidate=candidate,
            is_document=self._beginning.is_document,
            prompt=None if prompt is None else kept.text(prompt, "prompt"),
            system=None if system is None else kept.text(system, "system"),
            inputs=tuple(kept.text(handed_in(*one), f"inputs[{place}]") for place, one in enumerate(self._inputs)),
            raw=None if raw is None else kept.text(raw, "raw"),
            released=kept.text(end.released, "released"),
            log_mass=page.log_mass,
            tokens=tokens if kept.keeper.is_plain else None,
            sealed_tokens=None if tokens is None or kept.keeper.is_plain else kept.sealed(tokens),
            seconds=recording.clocks.steady() - self._request.begun,
            error=end.error,
        )

    @property
    def _prompt(self) -> Seen | None:
        """As guards were told it; found in it is what they found in its texts, where it has no others."""
        prompt = "" if self._watch is None else self._watch.context.prompt
        if not prompt:
            return None
        for parts in ([let_out(one) for _, one in self._inputs], [handed_in(*one) for one in self._inputs]):
            whole = seen_in_parts(parts, "\n")
            if whole.text == prompt:
                return whole
        return Seen(prompt)

    @property
    def _system(self) -> Seen | None:
        """Nobody looks at what an operator says."""
        return None if self._watch is None or not self._watch.context.system else Seen(self._watch.context.system)


def _withheld(result: Result, error: LlmpostError) -> Result:
    """Nothing that is not in a record is shown."""
    trace = replace(result.trace, notes=(_UNKEPT,), masked=())
    return Result("", (), "error", result.usage, result.timings, trace, error=error)


def _noted(result: Result, note: str) -> Result:
    return replace(result, trace=replace(result.trace, notes=(*result.trace.notes, note)))
