"""What is said of guards and can never hold: a time-out without a time, a way to ask again that leads back."""

from __future__ import annotations

from collections.abc import Iterator

from llmpost.engine.linting.remark import Remark
from llmpost.engine.linting.subject import Asked, Subject
from llmpost.guards.fixed_texts import actions_of


def idle_guards(subject: Subject) -> Iterator[Remark]:
    """Warnings: each is as good as not written."""
    total_ms = subject.policy.budget.total_ms
    for asked in subject.guards:
        yield from _times(asked, total_ms)
        if _is_greedy(subject) and any(action.kind == "retry" for action in actions_of(asked.rule)):
            allowed = "of use: the same is said again, and blocked"
            hint = "Sample: give a temperature above 0. Or write block."
            yield Remark(asked.actions_at, "warning", "retry with greedy decoding", allowed, hint)
    if subject.policy.notice and not subject.policy.guards:
        given, hint = "a notice without guards", "Add a guard, or leave it out."
        yield Remark("notice", "warning", given, "ever shown: nothing is blocked", hint)


def _times(asked: Asked, total_ms: float | None) -> Iterator[Remark]:
    entry = asked.entry
    if entry.timeout_ms is None and "on_timeout" in entry.said:
        own = "on_timeout without timeout_ms"
        given = own if total_ms is None else f"{own}, where the budget has an on_timeout of its own,"
        yield Remark(
            f"{asked.where}.on_timeout", "warning", given, "ever asked for", "Give it a time: timeout_ms: 500."
        )
    if entry.timeout_ms is not None and total_ms is not None and entry.timeout_ms >= total_ms:
        given = f"{entry.timeout_ms:g} beside a budget of {total_ms:g} for all guards"
        hint = "Write less, or leave it out: the budget ends it all the same."
        yield Remark(f"{asked.where}.timeout_ms", "warning", given, "ever reached", hint)


def _is_greedy(subject: Subject) -> bool:
    decode = subject.policy.decode
    return decode.temperature == 0 or decode.do_sample is False
