"""What keeps a stream waiting: a policy that releases its texts at their end, because it says so or has to."""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.engine.guarding import against_windows
from llmpost.engine.linting.remark import Remark
from llmpost.engine.linting.subject import Subject


def waiting(subject: Subject) -> Iterator[Remark]:
    """Notes: both may be meant."""
    policy, reasons = subject.policy, list(dict.fromkeys(against_windows(subject.guarding.rules)))
    is_judged_whole = subject.is_json and any("output" in rule.sides for rule in subject.guarding.rules)
    if policy.release == "at_end" and not reasons and not is_judged_whole:
        given, allowed = "at_end", "needed: no guard here waits for the end"
        yield Remark("release", "note", given, allowed, "Write window, or leave it out, to show texts as they come.")
    if policy.release is None and subject.guarding.release == "at_end":
        given = f"a stream beside {' and '.join(reasons[:3])},"
        allowed = "shown on the way: it is released at its end"
        yield Remark("release", "note", given, allowed, "Write release: at_end where that is meant.")
    if policy.release == "window" and is_judged_whole:
        given, allowed = "window beside a schema", "possible for JSON that guards look into: it is released at its end"
        yield Remark("release", "warning", given, allowed, "Write release: at_end.")
