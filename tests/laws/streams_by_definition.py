"""What a stream of a text shows, written from the definition and not from the code: slow, whole, and obvious.

Findings are those of the whole text. Two are of one cluster where they have a character in common, or are joined by
others that do. The clusters are taken in the order of the text; each is replaced by what its best finding asks for,
until one ends the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llmpost.contracts.action import CHANGES_SPAN, ENDS_TEXT, KINDS, Action
from llmpost.contracts.guard import Finding, GuardContext
from llmpost.guards.replacements.table import REPLACEMENTS
from llmpost.guards.rule import Rule
from llmpost.guards.tools import Tools

CONTEXT = GuardContext()
KEYED = Tools(key=b"a key of tests")


@dataclass(frozen=True)
class Hit:
    """A finding, and what is to be done about it."""

    finding: Finding
    action: Action

    @property
    def characters(self) -> set[int]:
        return set(range(self.finding.span.start, self.finding.span.end))


@dataclass(frozen=True)
class Shown:
    """What is to be seen, and which characters of the text are not."""

    text: str
    is_ended: bool
    hidden: set[int]
    """Those of all clusters, and all from where the text was ended."""


def action_of(rule: Rule, finding: Finding) -> Action:
    if finding.label in rule.tiers:
        reached = [tier.action for tier in rule.tiers[finding.label] if finding.score >= tier.threshold]
        return reached[-1] if reached else Action("allow")
    return rule.actions.get(finding.label, rule.action)


def hits_of(text: str, rules: Sequence[Rule]) -> list[Hit]:
    """Those that do something to the text."""
    found = [Hit(one, action_of(rule, one)) for rule in rules for one in rule.guard.inspect(text, CONTEXT)]
    return [hit for hit in found if hit.action.kind not in ("allow", "log")]


def clusters(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Joined until nothing more is to be joined; in the order of the text."""
    groups = [[hit] for hit in hits]
    while True:
        pair = next(
            ((one, other) for one in groups for other in groups if one is not other and hull(one) & hull(other)), None
        )
        if pair is None:
            return sorted(groups, key=lambda group: min(hull(group)))
        groups = [group for group in groups if group not in pair] + [pair[0] + pair[1]]


def hull(group: Sequence[Hit]) -> set[int]:
    return set().union(*(hit.characters for hit in group))


def best(group: Sequence[Hit]) -> Hit:
    def order(hit: Hit) -> tuple[int, float, int, int, str]:
        span = hit.finding.span
        return -KINDS.index(hit.action.kind), -hit.finding.score, span.start - span.end, span.start, hit.finding.guard

    return min(group, key=order)


def shown(text: str, rules: Sequence[Rule], notice: str) -> Shown:
    parts: list[str] = []
    hidden: set[int] = set()
    at = 0
    for group in clusters(hits_of(text, rules)):
        start, end, hit = min(hull(group)), max(hull(group)) + 1, best(group)
        parts.append(text[at:start])
        if hit.action.kind in ENDS_TEXT:
            words = "" if hit.action.kind == "truncate" else notice
            return Shown("".join(parts) + words, True, hidden | set(range(start, len(text))))
        assert hit.action.kind in CHANGES_SPAN
        parts.append(REPLACEMENTS[hit.action.kind](hit.finding.label, text[start:end], hit.action, KEYED))
        hidden |= set(range(start, end))
        at = end
    return Shown("".join(parts) + text[at:], False, hidden)
