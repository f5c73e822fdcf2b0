"""Checking: a whole text through all guards of a policy, and what may be shown of it.

Ask, weigh, cluster, decide, apply, and say how it went: the order of the floor, in one place, for texts of either side.
Streams go through the release window, JSON documents through `fields`; they end here where a text is judged as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from llmpost.contracts.guard import Finding, GuardContext, Outcome, Side, Span, Verdict
from llmpost.contracts.inspection import Change
from llmpost.guards.apply import Medium, Plain, apply
from llmpost.guards.clusters import clusters_of
from llmpost.guards.decide import decide_answer
from llmpost.guards.ending import ending_words
from llmpost.guards.honesty import honest_findings
from llmpost.guards.rule import Guarding, Rule
from llmpost.guards.runner import Answer, Task
from llmpost.guards.tools import Tools
from llmpost.guards.verdicts import verdict_of
from llmpost.guards.weighed import Weighed, weigh

Found: TypeAlias = tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be shown, and why."""

    text: str
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know about how it was checked."""
    before: tuple[Checked, ...] = ()
    """What was found in it before it was written anew, and each time since."""


def check(text: str, guarding: Guarding, context: GuardContext, tools: Tools) -> Checked:
    """The text as the policy leaves it. The same text, guards and tools: the same outcome; nothing is raised for what
    a guard does."""
    answers = ask(guarding, context.side, partial(inspected, text, context), tools)
    return conclude(Plain(text), answers, weighed_of(answers), Judging(guarding, context.side, tools))


def inspected(text: str, context: GuardContext, rule: Rule, deadline: float | None) -> Found:
    """What the rule's guard finds in its time, held against what it may say."""
    return honest_findings(rule.guard.inspect(text, context.by(deadline)), rule.guard.name, len(text))


def ask(
    guarding: Guarding, side: Side, call: Callable[[Rule, float | None], Found], tools: Tools
) -> tuple[Answer[Found], ...]:
    """All guards of a side, about one text."""
    tasks = [Task(rule, call) for rule in guarding.rules if side in rule.sides]
    return tools.runner.ask(tasks, guarding, side, tools.deadline)


@dataclass(frozen=True, slots=True)
class Judging:
    """By what a text is judged, and with what that is carried out."""

    guarding: Guarding
    side: Side
    tools: Tools


def weighed_of(answers: Sequence[Answer[Found]]) -> list[Weighed]:
    """Everything that was found, each by the rule of the guard that answered."""
    return [weigh(finding, answer.rule) for answer in answers for finding in answer.value or ()]


def conclude(medium: Medium, answers: Sequence[Answer[Found]], weighed: Sequence[Weighed], judging: Judging) -> Checked:
    """What becomes of a whole text, once all have answered. A guard that failed blocks it, whatever others found."""
    has_failed = any(answer.is_failed for answer in answers)
    taken = () if has_failed else decide_answer(clusters_of(weighed))
    verdict = verdict_of(weighed, taken, answers, judging.side)
    if has_failed:
        return _withheld(medium, verdict, judging)
    applied = apply(medium, taken, judging.tools)
    ended_by = applied.ended_by
    if ended_by is None or not ended_by.replaces_answer:
        return Checked(applied.text, verdict, applied.changes)
    if ended_by.action.kind == "review":
        verdict = _reviewed(medium.raw(medium.span), verdict, judging)
    words = ending_words(ended_by.action, judging.guarding.notice)
    return Checked(words, verdict, (_withdrawn(medium, verdict, ended_by.best.finding.label),))


def _withheld(medium: Medium, verdict: Verdict, judging: Judging) -> Checked:
    return Checked(judging.guarding.notice, verdict, (_withdrawn(medium, verdict, ""),))


def _withdrawn(medium: Medium, verdict: Verdict, label: str) -> Change:
    """All of it; what is said in its place is no part of it."""
    return Change(medium.span, Span(0, 0), label, verdict.action, verdict.decided_by or "")


def _reviewed(text: str, verdict: Verdict, judging: Judging) -> Verdict:
    """A text that nobody will review is blocked."""
    why = "nobody reviews"
    if judging.tools.review is not None:
        try:
            judging.tools.review(text, verdict)
        except Exception as error:
            why = f"raised {type(error).__name__}"
        else:
            return verdict
    outcome = Outcome("review", "failed", why=why, side=judging.side)
    return replace(verdict, action="block", outcomes=(*verdict.outcomes, outcome))
