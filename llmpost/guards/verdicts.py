"""Verdicts: what was decided about a text, and how every guard fared, told without a word of the text.

A guard passed only if it answered and nothing that it found was acted on; where it broke, its outcome says so
whatever else was decided. Last in the flow; whoever checks a text whole or as a stream ends with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from llmpost.contracts.guard import Outcome, Side, Status, Verdict
from llmpost.guards.decide import Decision
from llmpost.guards.runner import Answer
from llmpost.guards.weighed import Weighed

T = TypeVar("T")


def verdict_of(
    weighed: Iterable[Weighed], taken: Sequence[Decision], answers: Iterable[Answer[T]], side: Side
) -> Verdict:
    """`taken` are the decisions that were carried out. A guard that failed blocked the text, whatever they were."""
    told = sorted(weighed, key=lambda one: (one.finding.span, one.rank))
    statuses = _statuses(taken)
    outcomes = tuple(outcome for answer in answers for outcome in _outcomes(answer, statuses, side))
    done = [one for one in told if one.action.kind == "log"] + [decision.best for decision in taken]
    best = max(done, key=lambda one: one.action.strength, default=None)
    findings = tuple(dict.fromkeys(one.finding for one in told))
    broken = next((outcome.guard for outcome in outcomes if outcome.status == "failed"), None)
    if broken is not None:
        return Verdict("block", findings, outcomes, broken)
    if best is None:
        return Verdict("allow", findings, outcomes)
    return Verdict(best.action.kind, findings, outcomes, best.finding.guard)


def _outcomes(answer: Answer[T], statuses: Mapping[str, Status], side: Side) -> tuple[Outcome, ...]:
    if answer.value is None:
        return answer.troubles
    name = answer.rule.guard.name
    return *answer.troubles, Outcome(name, statuses.get(name, "passed"), answer.seconds, side=side)


def _statuses(taken: Sequence[Decision]) -> dict[str, Status]:
    """What each guard's own findings led to, by its name."""
    statuses: dict[str, Status] = {}
    for decision in taken:
        for one in decision.members:
            if decision.replaces_answer and one.action.kind == decision.action.kind:
                statuses[one.finding.guard] = "blocked"
            else:
                statuses.setdefault(one.finding.guard, "changed")
    return statuses
