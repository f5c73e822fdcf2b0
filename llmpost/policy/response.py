"""Response: what a guard's entry does about a label, by score. A step function, so that two of them can be compared.

It is a reading of the entry and of its detector's habit; that it is what rules do is held by a law against them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from llmpost.contracts.action import Action
from llmpost.policy.difference import Direction, towards
from llmpost.policy.guards import GuardEntry
from llmpost.policy.plain import thawed

ANY = "any"
"""The label under which thresholds stand for the highest of all categories."""
_ALLOW = Action("allow")


@dataclass(frozen=True, slots=True)
class Response:
    """Scores ascending, the first of them 0; each with what is done from it up to the next."""

    steps: tuple[tuple[float, Action], ...]

    @classmethod
    def of(cls, entry: GuardEntry, label: str | None, habit: Action) -> Response:
        """About one label; None: one that the entry does not name. `habit`: what is done where it says nothing."""
        tiers = [entry.thresholds[name] for name in (label, ANY) if name is not None and name in entry.thresholds]
        if not tiers:
            return cls(((0.0, entry.actions.get(label or "", entry.action or habit)),))
        scores = sorted({0.0, *(score for each in tiers for score, _ in each)})
        return cls.joined(
            (score, _strongest(_reached(each, score, entry.action) for each in tiers)) for score in scores
        )

    @classmethod
    def joined(cls, steps: Iterable[tuple[float, Action]]) -> Response:
        """Steps at which nothing changes are left out."""
        kept: list[tuple[float, Action]] = []
        for score, action in steps:
            if not kept or kept[-1][1] != action:
                kept.append((score, action))
        return cls(tuple(kept))

    def at(self, score: float) -> Action:
        return next(action for least, action in reversed(self.steps) if score >= least)

    def towards(self, after: Response) -> Direction | None:
        """Stricter where nothing is done more weakly by `after` at any score, and something more strongly."""
        scores = [score for response in (self, after) for score, _ in response.steps]
        pairs = [(self.at(score).strength, after.at(score).strength) for score in scores]
        return towards(any(new > old for old, new in pairs), any(new < old for old, new in pairs))

    @property
    def said(self) -> Any:
        """As a policy spells it: an action, or actions with the scores that they begin at."""
        if len(self.steps) == 1:
            return _said(self.steps[0][1])
        return {_name(action): score for score, action in self.steps if action != _ALLOW}


def named_labels(entry: GuardEntry) -> tuple[str, ...]:
    """Those about which it says something of their own."""
    return tuple(dict.fromkeys((*entry.actions, *(label for label in entry.thresholds if label != ANY))))


def _reached(tiers: Iterable[tuple[float, Action]], score: float, instead: Action | None) -> Action:
    reached = [action for threshold, action in tiers if score >= threshold]
    return (instead or reached[-1]) if reached else _ALLOW


def _strongest(actions: Iterable[Action]) -> Action:
    return max(actions, key=lambda action: action.strength)


def _said(action: Action) -> Any:
    return action.kind if action.argument is None else {action.kind: thawed(action.argument)}


def _name(action: Action) -> str:
    said = _said(action)
    return said if isinstance(said, str) else str(said)
