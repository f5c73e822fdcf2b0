"""Seen: what became of one text under one policy, as a record tells it, or as guards that are asked again do.

It is what two policies are compared by. It knows neither where the text came from nor what the other side says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from llmpost.contracts.guard import Verdict
from llmpost.contracts.inspection import Change
from llmpost.guards.fields.unchangeable import LEFT_ALONE

Fate: TypeAlias = Literal["shown", "asked_again", "blocked"]
"""``shown``: as it is, or changed; ``asked_again``: a guard wanted another answer, of this model or elsewhere;
``blocked``: refused, and handed to a reviewer, too."""
_ASKING = ("retry", "rewrite", "reroute")


@dataclass(frozen=True, slots=True)
class Seen:
    """
    >>> Seen(Verdict("retry")).fate
    'asked_again'
    """

    verdict: Verdict
    changes: tuple[Change, ...] = ()
    text: str | None = None
    """What was shown; None where nobody knows."""
    spared_seconds: float = 0.0
    """Of guards that had found the same already, for the other policy."""

    @property
    def fate(self) -> Fate:
        if self.verdict.action in _ASKING:
            return "asked_again"
        return "blocked" if self.verdict.is_blocked else "shown"

    @property
    def seconds(self) -> float:
        """Of all guards that were asked."""
        return self.spared_seconds + sum(outcome.seconds for outcome in self.verdict.outcomes)

    @property
    def troubles(self) -> frozenset[tuple[str, str]]:
        """Who gave no answer, and why."""
        return frozenset(
            (outcome.guard, outcome.why)
            for outcome in self.verdict.outcomes
            if outcome.status in ("failed", "skipped") and outcome.why != LEFT_ALONE
        )
