"""Likelihood: from the tagger's whole numbers, how likely each word is one of the entities that are asked for.

A word is scored by all entities asked for together and goes by the likeliest of them: where it is only unsure which of
two it is, it is found all the same. Sums are of whole numbers here too, so that a score does not depend on who computes it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ONE = 1 << 20
_LAST = 20.0
"""What is so much less likely than the likeliest, as a logarithm, counts as nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    columns: tuple[int, ...]
    """Of the labels asked for."""
    weights: NDArray[np.int64]
    """Of a logit that is so far below the highest."""

    @classmethod
    def of(cls, columns: Sequence[int], scale: float) -> Likelihood:
        size = math.ceil(_LAST / scale)
        weights = [round(_ONE * math.exp(-scale * below)) for below in range(size)]
        return cls(tuple(columns), np.array([*weights, 0], np.int64))

    def of_words(self, logits: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """For each word the column that it goes by, and its score, to four digits."""
        below = logits.max(axis=1, keepdims=True) - logits
        weights = self.weights[np.minimum(below, len(self.weights) - 1)]
        asked = weights[:, self.columns]
        score = asked.sum(axis=1) * 10_000 // weights.sum(axis=1)
        return np.array(self.columns)[logits[:, self.columns].argmax(axis=1)], score / 10_000
