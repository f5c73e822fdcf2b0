"""Likelihood: from the tagger's logits, how likely a word is of each label that is asked for, in whole numbers.

Whole, because sums of them do not depend on their order: a score is the same however many words are reckoned at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ONE = 10_000
"""What is certain."""
_FINEST = 1 << 20
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
        weights = [round(_FINEST * math.exp(-scale * below)) for below in range(size)]
        return cls(tuple(columns), np.array([*weights, 0], np.int64))

    def of_words(self, logits: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each word and each label asked for, how many in `ONE` speak for it."""
        below = logits.max(axis=1, keepdims=True) - logits
        weights = self.weights[np.minimum(below, len(self.weights) - 1)]
        shares: NDArray[np.int64] = weights[:, self.columns] * ONE // weights.sum(axis=1, keepdims=True)
        return shares
