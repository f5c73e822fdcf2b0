"""Weighed: a finding with its rule, and what that rule says is to be done about it.

It knows neither text nor neighbours: what becomes of findings that concern the same characters is decided for a cluster
of them (`decide`). Between what guards find and what is decided about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llmpost.contracts.action import CHANGES_SPAN, Action
from llmpost.contracts.guard import Finding, Guard
from llmpost.guards.rule import ANY, Rule, Tier

ALLOW = Action("allow")
LOG = Action("log")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found, whose rule holds, and what is to be done."""

    finding: Finding
    rule: Rule
    action: Action

    @property
    def is_acted_on(self) -> bool:
        """Whether anything happens to the text for it: a finding that is allowed or logged binds nobody."""
        return self.action.kind not in ("allow", "log")

    @property
    def rank(self) -> tuple[int, float, int, int, str, str, str]:
        """Ascending from the best: the strongest action, score and length, then the earliest, then by name."""
        finding = self.finding
        span = finding.span
        names = finding.guard, finding.label, finding.reason
        return -self.action.strength, -finding.score, span.start - span.end, span.start, *names


def judges_whole_text(guard: Guard) -> bool:
    """Whether a guard says of itself, as `whole_text`, that parts of a text mean nothing to it."""
    return bool(getattr(guard, "whole_text", False))


def weigh(finding: Finding, rule: Rule) -> Weighed:
    """What concerns a place and no characters has nothing to be changed: it is logged."""
    action = _action(finding, rule)
    if action.kind in CHANGES_SPAN and finding.span.start == finding.span.end:
        action = LOG
    return Weighed(finding, rule, action)


def _action(finding: Finding, rule: Rule) -> Action:
    """Tiers of `ANY` are for the highest category: who reaches one of them is as high as that, or higher."""
    tiers = [rule.tiers[label] for label in (finding.label, ANY) if label in rule.tiers]
    if not tiers:
        return rule.actions.get(finding.label, rule.action)
    return max((reached(each, finding.score) for each in tiers), key=lambda action: action.strength)


def reached(tiers: Sequence[Tier], score: float) -> Action:
    """What the highest tier says that is not above the score."""
    return next((tier.action for tier in reversed(tiers) if score >= tier.threshold), ALLOW)
