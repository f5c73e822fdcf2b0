"""Unchangeable: findings in a JSON document that no change can answer, and what their rules say instead.

Inside a string anything can be said; a number, a text cut off in the middle and what concerns the whole document cannot
be changed without breaking it, and some changes break what a schema asks for. Then the rule's `on_invalid` holds: the
document is blocked, or the place stays as it is and an outcome says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from llmpost.contracts.action import CHANGES_SPAN, Action
from llmpost.contracts.guard import Outcome, Side
from llmpost.guards.apply import apply
from llmpost.guards.clusters import clusters_of
from llmpost.guards.decide import Decision, decide_answer
from llmpost.guards.fields.document import Document
from llmpost.guards.tools import Tools
from llmpost.guards.weighed import LOG, Weighed, judges_whole_text

LEFT_ALONE = "left as it is what cannot be changed: the JSON would be invalid"
"""What an outcome says of a place that stays as it is."""
_BLOCK = Action("block")
_MOST_QUESTIONS = 64
"""About one document: each reads all of it. What was not asked about by then counts as refused."""

Accepts: TypeAlias = Callable[[str], bool]


def with_unchangeable(document: Document, weighed: Iterable[Weighed]) -> list[Weighed]:
    """The same, but that no change is left which the syntax of JSON has no room for."""
    return [one if _is_possible(document, one) else _otherwise(one) for one in weighed]


def with_refused(document: Document, weighed: Sequence[Weighed], accepts: Accepts, tools: Tools) -> list[Weighed]:
    """The same, but that no change is left which makes a document that was accepted one that is not."""
    decisions = decide_answer(clusters_of(weighed))
    if not decisions or decisions[-1].ends_text or accepts(apply(document, decisions, tools).text):
        return list(weighed)
    if not accepts(document.text):
        return list(weighed)  # it is not the changes' fault
    refused = _refused(document, decisions, accepts, tools)
    members = {id(one) for decision in refused for one in decision.members}
    return [_otherwise(one) if id(one) in members else one for one in weighed]


def left_alone(before: Iterable[Weighed], after: Iterable[Weighed], side: Side) -> tuple[Outcome, ...]:
    """One outcome for each guard whose findings were to be changed and stay as they are."""
    left = (now for then, now in zip(before, after, strict=True) if then.is_acted_on and not now.is_acted_on)
    guards = dict.fromkeys(one.finding.guard for one in left)
    return tuple(Outcome(guard, "skipped", why=LEFT_ALONE, side=side) for guard in guards)


def blocks_instead(before: Iterable[Weighed], after: Iterable[Weighed]) -> bool:
    """Whether a change that cannot be made blocks the document."""
    pairs = zip(before, after, strict=True)
    return any(now.action == _BLOCK and then.action != _BLOCK for then, now in pairs)


def _is_possible(document: Document, one: Weighed) -> bool:
    if one.action.kind == "truncate":
        return False
    if one.action.kind not in CHANGES_SPAN:
        return True
    return not judges_whole_text(one.rule.guard) and document.is_in_string(one.finding.span)


def _otherwise(one: Weighed) -> Weighed:
    return replace(one, action=_BLOCK if one.rule.on_invalid == "block" else LOG)


def _refused(document: Document, decisions: Sequence[Decision], accepts: Accepts, tools: Tools) -> Sequence[Decision]:
    """The changes that are at fault, found by halves. Where only several together are, all of them."""
    refused: set[int] = set()
    waiting = [range(len(decisions))]
    num_asked = 0
    while waiting:
        group = waiting.pop()
        num_asked += 1
        if num_asked <= _MOST_QUESTIONS and accepts(apply(document, [decisions[at] for at in group], tools).text):
            continue
        if len(group) == 1 or num_asked > _MOST_QUESTIONS:
            refused.update(group)
        else:
            middle = len(group) // 2
            waiting += [group[:middle], group[middle:]]
    left = [decision for at, decision in enumerate(decisions) if at not in refused]
    if accepts(apply(document, left, tools).text):
        return [decisions[at] for at in sorted(refused)]
    return decisions
