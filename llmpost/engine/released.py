"""Released: what a caller gets of an output that guards have looked at.

Every field that can spell what was withheld is withheld with it, and the trace says so; what is left says as much as
without. It decides nothing: what may be shown was decided where the text was checked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from llmpost.contracts.action import ENDS_TEXT
from llmpost.contracts.decoder import Finish
from llmpost.contracts.guard import Verdict
from llmpost.contracts.inspection import HeldBack
from llmpost.contracts.result import Result, ResultReason, Trace
from llmpost.engine.held import Held
from llmpost.engine.output_type import NotOfType
from llmpost.engine.tracing import notes_on_end
from llmpost.engine.watch import Watch
from llmpost.errors import LlmpostError
from llmpost.guards.checking import Checked

WITHHELD = "withheld with the text: token ids, log-probabilities, masked tokens, stop string"
UNREAD = "the text that was released has no value: it was changed, or ended, by a guard"
_BLOCKING = ENDS_TEXT - {"truncate", "rewrite"}


def finished(raw: Result, end: Finish | LlmpostError, held: Held | None) -> Result:
    """Of an output that is shown as it is: its value, or why it has none."""
    if held is None or isinstance(end, LlmpostError):
        return raw
    return held.parsed(_noted(raw, *notes_on_end(end, held.kind)), end)


@dataclass(frozen=True, slots=True)
class Looked:
    """What guards left of an output."""

    watch: Watch
    checked: Checked
    held_back: HeldBack | None = None


def released(raw: Result, end: Finish | LlmpostError, held: Held | None, looked: Looked) -> Result:
    """Of an output of which only what was `checked` is shown."""
    checked = looked.checked
    whole = finished(raw, end, held)
    is_withheld = bool(checked.changes) or checked.text != raw.text or checked.verdict.action in ENDS_TEXT
    shown = _less(whole, raw.trace, checked, held) if is_withheld else whole
    trace = replace(
        shown.trace,
        notes=(*shown.trace.notes, *checked.notes),
        inspections=(*shown.trace.inspections, *looked.watch.inspections(checked, looked.held_back)),
    )
    return replace(shown, trace=trace, verdict=_with_those_before(checked.verdict, raw.trace))


def _less(whole: Result, trace: Trace, checked: Checked, held: Held | None) -> Result:
    """Notes on a value may quote its keys: those of a value that was changed are gone, too."""
    return _read_again(
        replace(
            whole,
            text=checked.text,
            token_ids=(),
            finish_reason=_reason(whole.finish_reason, checked.verdict),
            trace=replace(trace, masked=(), notes=(*trace.notes, WITHHELD)),
            parsed=None,
            stop=None,
            logprobs=None,
            log_mass=None,
            error=None if whole.error is None else _less_said(whole.error),
        ),
        held,
    )


def _read_again(result: Result, held: Held | None) -> Result:
    """The value is that of the text that is shown, if it is one."""
    if held is None or held.kind == "forbid" or result.finish_reason == "blocked":
        return result
    try:
        return replace(result, parsed=held.value(result.text))
    except NotOfType:
        return _noted(result, UNREAD)


def _reason(reason: ResultReason, verdict: Verdict) -> ResultReason:
    if verdict.action in _BLOCKING:
        return "blocked"
    return "stop" if verdict.action == "truncate" else reason


def _less_said(error: LlmpostError) -> LlmpostError:
    """An error may quote what went wrong."""
    return type(error)(error.where, "something that is withheld", error.allowed, error.hint)


def _with_those_before(verdict: Verdict, trace: Trace) -> Verdict:
    before = [
        outcome
        for inspection in trace.inspections
        if inspection.side == "input"
        for outcome in inspection.verdict.outcomes
    ]
    return replace(verdict, outcomes=(*before, *verdict.outcomes))


def _noted(result: Result, *notes: str) -> Result:
    return replace(result, trace=replace(result.trace, notes=(*result.trace.notes, *notes)))
