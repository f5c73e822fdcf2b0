"""Possible scores: which labels a guard can report, and how high and how low, where it says so.

A guard says it as `scores`, or not at all. Nothing that finds or decides asks for it; whoever looks over a policy does,
for a threshold that no score can reach is a rule that never holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from llmpost.contracts.guard import Guard, PossibleScores


def possible_scores(guard: Guard) -> PossibleScores | None:
    """None where the guard says nothing about it."""
    said: Any = getattr(guard, "scores", None)
    return said if isinstance(said, Mapping) else None


def certain(labels: Iterable[str]) -> PossibleScores:
    """Of a guard that is sure of all it finds.

    >>> certain(["PHRASE"])["PHRASE"]
    (1.0, 1.0)
    """
    return MappingProxyType(dict.fromkeys(labels, (1.0, 1.0)))


def from_thresholds(thresholds: Mapping[str, float]) -> PossibleScores:
    """Of a guard that reports each label from its threshold up."""
    return MappingProxyType({label: (least, 1.0) for label, least in thresholds.items()})
