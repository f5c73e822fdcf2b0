"""Vote: what several judges say of one label, as one score.

Each way to count is a function of the scores alone, so that whatever threshold holds for one judge holds for all of
them together: `majority` is above it exactly when more than half of the judges are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final


def _majority(scores: Sequence[float]) -> float:
    return sorted(scores, reverse=True)[len(scores) // 2]


def _mean(scores: Sequence[float]) -> float:
    return math.fsum(scores) / len(scores)


VOTES: Final[Mapping[str, Callable[[Sequence[float]], float]]] = MappingProxyType(
    {"majority": _majority, "any": max, "all": min, "mean": _mean}
)
"""
>>> [round(count([0.9, 0.6, 0.1, 0.1]), 3) for count in VOTES.values()]
[0.1, 0.9, 0.1, 0.425]
"""
