"""A text that was checked, as its caller sees it: what may be shown, the verdict, and a trace of what ran."""

from __future__ import annotations

from dataclasses import replace

from llmpost.contracts.check_result import CheckResult
from llmpost.contracts.inspection import HeldBack
from llmpost.contracts.result import Trace, frozen
from llmpost.engine.json_document import JsonDocument
from llmpost.engine.versions import versions
from llmpost.engine.watch import UNGUARDED, Watch
from llmpost.guards.checking import Checked


def check_result(
    checked: Checked,
    watch: Watch,
    document: JsonDocument | None,
    held_back: HeldBack | None = None,
    record_id: str = "",
) -> CheckResult:
    """Of a text that no model of ours wrote."""
    trace = check_trace(checked, watch, held_back, record_id)
    if document is None:
        return CheckResult(checked.text, checked.verdict, trace)
    parsed = None if checked.verdict.is_blocked else document.parsed(checked.text)
    # under the name that a request's trace has for it: who looks again must know what had to be accepted
    settings = frozen({"schema": f"sha256:{document.digest}"})
    return CheckResult(checked.text, checked.verdict, replace(trace, settings=settings), parsed)


def check_trace(checked: Checked, watch: Watch, held_back: HeldBack | None, record_id: str) -> Trace:
    """What ran."""
    return Trace(
        model="",
        policy=watch.policy.name,
        policy_digest=watch.policy.digest,
        seed=None,
        settings=frozen({}),
        versions=versions(watch.packages),
        notes=checked.notes if not watch.is_idle else (*checked.notes, UNGUARDED),
        inspections=watch.inspections(checked, held_back),
        id=record_id,
    )
