"""Weak spots: what is allowed, may be meant, and has let things through or kept answers back where nobody wanted it."""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.contracts.action import ENDS_TEXT
from llmpost.engine.linting.remark import Remark
from llmpost.engine.linting.subject import Asked, Subject
from llmpost.guards.fixed_texts import actions_of

_KEPT_BACK = ENDS_TEXT - {"truncate"}


def weak_spots(subject: Subject) -> Iterator[Remark]:
    """Warnings, each with its reason."""
    policy = subject.policy
    for asked in subject.guards:
        yield from _skips(asked)
    if policy.budget.total_ms is not None and "on_timeout" not in policy.budget.said:
        given, hint = "a budget without on_timeout", "Write on_timeout: block where a late answer may be lost."
        yield Remark("budget", "warning", given, "clear: a text whose guards are late is blocked", hint)
    if policy.trace.store == "raw" and policy.trace.seal is None:
        given, hint = "raw without seal", "Write seal: {env: ...}, or store: redacted."
        allowed = "safe: whoever reads the file reads what people wrote"
        yield Remark("trace.store", "warning", given, allowed, hint)


def _skips(asked: Asked) -> Iterator[Remark]:
    """A guard that keeps answers back, and that lets everything through once it is broken."""
    if not any(action.kind in _KEPT_BACK for action in actions_of(asked.rule)):
        return
    timed = [("on_timeout", asked.rule.on_timeout)] if asked.rule.timeout_seconds is not None else []
    for key, fallback in (("on_failure", asked.rule.on_failure), *timed):
        if fallback.kind == "skip":
            given = f"skip for {asked.rule.guard.name}, which keeps back what it finds something in,"
            allowed = "safe: what makes it fail, or slow, goes past it"
            yield Remark(f"{asked.where}.{key}", "warning", given, allowed, "Write block, or {use: another guard}.")
