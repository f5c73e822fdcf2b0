"""Slip: what whoever checks a text tells of that, which becomes its record when the check is over, or given up.

The first one here forgets it all; it says what there is to be told.
"""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import TypeVar

from llmpost.contracts.check_result import CheckResult
from llmpost.contracts.guard import Verdict
from llmpost.contracts.record import Record
from llmpost.contracts.result import Trace
from llmpost.engine.checked_text import check_trace
from llmpost.engine.gate import Gate
from llmpost.engine.recording.keeping import Keeping
from llmpost.engine.recording.recording import Recording, how_it_ended, new_id, tell_of_lost
from llmpost.engine.recording.seen import Seen, handed_in, let_out
from llmpost.engine.watch import Watch
from llmpost.errors import TraceError
from llmpost.guards.checking import Checked

Own = TypeVar("Own", bound="Slip")


class Slip:
    """Of one check; entered when it begins, and left when it is over."""

    id = ""
    """Of its record."""

    def reads(self, text: str) -> None:
        """A text, or a piece of one, before anybody looks at it."""

    def follow(self, gate: Gate) -> None:
        """Where it will be seen what has left of a stream."""

    def recorded(self, checked: Checked, result: CheckResult, *, is_shown: bool = False) -> CheckResult:
        """The result as it may go out, its record kept; TraceError where none was, which has the result of a text that
        was shown already."""
        return result

    def __enter__(self: Own) -> Own:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left without its record."""


FORGETFUL = Slip()


class WrittenSlip(Slip):
    """Of a check that is recorded."""

    def __init__(self, recording: Recording, watch: Watch, is_document: bool) -> None:
        self._recording = recording
        self._watch = watch
        self._is_document = is_document
        self._begun = recording.clocks.steady()
        self._read: list[str] = []
        self._gate: Gate | None = None
        self._is_recorded = False
        self.id = new_id()
        self._kept = Keeping(recording.keeper(watch.policy), self.id)

    def reads(self, text: str) -> None:
        self._read.append(text)

    def follow(self, gate: Gate) -> None:
        self._gate = gate

    def recorded(self, checked: Checked, result: CheckResult, *, is_shown: bool = False) -> CheckResult:
        raw = handed_in("".join(self._read), checked, is_stream=self._is_windowed)
        record = self._record(raw, let_out(checked), result.trace, result.verdict)
        self._is_recorded = True
        try:
            note = self._recording.add(record)
        except TraceError as error:
            error.result = result if is_shown else None
            raise
        return _noted(result, note) if note else result

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_recorded:
            return
        try:
            self._recording.add(self._left(error))
        except TraceError as lost:
            tell_of_lost([lost], error)

    @property
    def _is_windowed(self) -> bool:
        return self._gate is not None and self._watch.guarding.release == "window"

    def _left(self, error: BaseException | None) -> Record:
        """Of a check that came to no end."""
        raw, released, looked = Seen("".join(self._read)), Seen(""), Checked("", Verdict())
        if self._gate is not None:
            released = let_out(self._gate.checked)
            self._gate.cancel()
            looked = self._gate.checked
        reason, name = how_it_ended(error)
        record = self._record(raw, released, check_trace(looked, self._watch, None, self.id), looked.verdict)
        return replace(record, finish_reason=reason, error=name)

    def _record(self, raw: Seen, released: Seen, trace: Trace, verdict: Verdict) -> Record:
        kept, context = self._kept, self._watch.context
        return Record(
            id=self.id,
            at=self._recording.clocks.wall(),
            kind="check",
            store=self._watch.policy.trace.store,
            trace=kept.trace(trace),
            verdict=verdict,
            side=context.side,
            is_document=self._is_document,
            prompt=kept.text(Seen(context.prompt), "prompt") if context.prompt else None,
            system=kept.text(Seen(context.system), "system") if context.system else None,
            raw=kept.text(raw, "raw"),
            released=kept.text(released, "released"),
            seconds=self._recording.clocks.steady() - self._begun,
        )


def _noted(result: CheckResult, note: str) -> CheckResult:
    return replace(result, trace=replace(result.trace, notes=(*result.trace.notes, note)))
