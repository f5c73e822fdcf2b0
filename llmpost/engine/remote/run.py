"""A batch of requests that a server answers, from questions to results.

Answers that are held to something are asked for as a whole, verified, and asked for again as often as the endpoint's
options say; others are handed on piece by piece, through their guards. It knows the protocol of text models alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from llmpost.constraints import Constraint, State
from llmpost.contracts.decoder import Finish, FinishReason
from llmpost.contracts.result import FieldDone, Result, ResultReason, TextDelta, Timings, Usage, frozen
from llmpost.contracts.text_model import Question, Reply
from llmpost.engine.gate import Gate
from llmpost.engine.output import Output, Piece
from llmpost.engine.run import Request, looked_at
from llmpost.engine.seeds import derived_seed
from llmpost.errors import LlmpostError, ModelError
from llmpost.models.openai.endpoint import Endpoint

_MOST_AT_ONCE = 8
_WHITE_SPACE = " \t\r\n"
_ENDS: dict[str, FinishReason] = {"stop": "stop", "length": "length"}
_FILTERED = "content_filter"
_NO_USAGE = "the server did not tell how many tokens were read and written"


@dataclass(slots=True)
class _Candidate:
    """One answer, and all that changes about it."""

    place: int
    request: Request
    output: Output
    deadline: float | None
    num_asked: int = 0
    first_seconds: float | None = None
    usage: Usage = Usage(0, 0)  # noqa: RUF009  # frozen
    refused: ResultReason | None = None
    """Why its text is not shown, where it is not of what it was to be held to."""
    notes: list[str] = field(default_factory=list)

    @property
    def question(self) -> Question:
        """For the next time that it is asked."""
        request, number = self.request, self.output.candidate
        assert request.question is not None, "a server is asked questions"
        settings = dict(request.question.settings)
        if request.recipe.settings.seed is not None:
            is_first = not number and not self.num_asked
            settings["seed"] = request.seed if is_first else derived_seed(request.seed, number, -self.num_asked)
        return replace(request.question, settings=settings, deadline=self.deadline)

    @property
    def is_late(self) -> bool:
        return self.deadline is not None and time.monotonic() >= self.deadline

    def counts(self, reply: Reply) -> None:
        if reply.usage is None:
            self.notes.append(_NO_USAGE)
        else:
            written = self.usage.completion_tokens + reply.usage.completion_tokens
            self.usage = Usage(reply.usage.prompt_tokens, written)

    def ends(self, reply: Reply) -> Finish:
        """As the server says that it ended."""
        if reply.finish_reason not in _ENDS:
            known = reply.finish_reason if reply.finish_reason == _FILTERED else "a reason of its own"
            self.notes.append(f"the server ended it by {known}")
            self.refused = "blocked" if reply.finish_reason == _FILTERED else None
        return Finish(_ENDS.get(reply.finish_reason, "stop"))


class RemoteRun:
    """Iterate :meth:`events` to the end, or :meth:`finish`, and ask for :meth:`candidates`."""

    def __init__(self, endpoint: Endpoint, requests: Sequence[Request], clock: Callable[[], float]) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._start = clock()
        self._num_requests = len(requests)
        self._candidates = [
            _Candidate(place, request, Output(number), _deadline(request))
            for place, request in enumerate(requests)
            for number in range(request.recipe.settings.n or 1)
        ]
        for each in self._candidates:
            each.request.ledger.follow(each.output.candidate, each.output)

    def events(self) -> Iterator[tuple[int, TextDelta | FieldDone]]:
        for each in self._candidates:
            if each.request.is_shown_on_the_way:
                if each.request.watch is not None:
                    each.output.gate = Gate(each.request.watch.window())
                for event in self._streamed(each):
                    yield each.place, event
            else:
                self._write(each)

    def finish(self) -> None:
        if len(self._candidates) == 1:
            self._write(self._candidates[0])
            return
        with ThreadPoolExecutor(min(_MOST_AT_ONCE, len(self._candidates))) as pool:
            list(pool.map(self._write, self._candidates))

    def candidates(self) -> list[list[Result]]:
        results: list[list[Result]] = [[] for _ in range(self._num_requests)]
        for each in self._candidates:
            results[each.place].append(self._result(each))
        return results

    def _streamed(self, each: _Candidate) -> Iterator[TextDelta | FieldDone]:
        """Piece by piece; of an answer that a guard ends the server hears at once."""
        output = each.output
        try:
            stream = self._endpoint.stream(each.question)
            try:
                for text in stream:
                    self._first(each)
                    piece = Piece(text)
                    output.take(piece)
                    yield from output.events(piece)
                    if output.is_over:
                        return
                each.counts(stream.reply)
                end: Finish | LlmpostError = each.ends(stream.reply)
            finally:
                stream.close()
        except ModelError as error:
            end = Finish("time") if each.is_late else error
        output.take(end)
        yield from output.events(end)

    def _write(self, each: _Candidate) -> None:
        """To its end, without looking at it on the way. Where its time is short, what there is by then counts."""
        if each.request.held is None and each.deadline is not None:
            for _ in self._streamed(each):
                pass
            return
        try:
            self._ask(each)
        except ModelError as error:
            each.output.take(Finish("time") if each.is_late else error)

    def _ask(self, each: _Candidate) -> None:
        """As a whole, and again where it is not what it is to be held to."""
        for _ in range(self._endpoint.form_retries + 1):
            reply = self._endpoint.complete(each.question)
            each.num_asked, each.refused = each.num_asked + 1, None
            self._first(each)
            each.counts(reply)
            end = each.ends(reply)
            text = _verified(reply.text, end, each.request)
            if text is not None:
                each.output.take(Piece(text[0]))
                each.output.take(text[1])
                return
        kind = each.request.held.kind if each.request.held is not None else ""
        each.refused = "blocked" if kind == "forbid" else "constraint_failed"
        what = "has nothing that is forbidden" if kind == "forbid" else f"is of the {kind}, with nothing forbidden"
        each.notes.append(f"none of {each.num_asked} answers {what}: it is withheld")
        each.output.take(Finish("stop"))

    def _first(self, each: _Candidate) -> None:
        if each.first_seconds is None:
            each.first_seconds = self._clock() - self._start

    def _result(self, each: _Candidate) -> Result:
        output, request = each.output, each.request
        end = output.end
        assert end is not None, "results are asked for before the run is over"
        error = end if isinstance(end, LlmpostError) else None
        reason: ResultReason = end.reason if isinstance(end, Finish) else "error"
        result = Result(
            text="".join(output.pieces),
            token_ids=(),
            finish_reason=each.refused or reason,
            usage=each.usage,
            timings=Timings(self._clock() - self._start, each.first_seconds, frozen({}), 0),
            trace=replace(request.trace, notes=(*request.trace.notes, *dict.fromkeys(each.notes))),
            error=error,
        )
        return looked_at(replace(request, held=None) if each.refused else request, result, output)


def _deadline(request: Request) -> float | None:
    limits = [limit for limit in (request.recipe.settings.max_time, request.decode_seconds) if limit is not None]
    return time.monotonic() + min(limits) if limits else None


def _verified(text: str, end: Finish, request: Request) -> tuple[str, Finish] | None:
    """The text as it is taken, and its end; None where it is nothing that was asked for, nor the beginning of it."""
    held = request.held
    if held is None:
        return text, end
    text = text.strip(_WHITE_SPACE) if request.is_document else text
    state = _state_after(held.constraint, text)
    if state is None or not (state.can_end or end.reason == "length"):
        return None
    return text, replace(end, constraint=state)


def _state_after(constraint: Constraint, text: str) -> State | None:
    """Where a text stands, told byte by byte; None where it has left the language."""
    state = constraint.start()
    try:
        for octet in text.encode():
            state = state.advance(octet)
    except (LlmpostError, UnicodeEncodeError):
        return None
    return state
