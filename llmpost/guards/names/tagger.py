"""Tagger: a small network over the words of a text, in whole numbers, and so the same for every way to cut it.

A word is the sum of what stands in a table for its features; two convolutions then see two words to either side each.
All weights and all values between are whole, and no sum leaves what 32-bit floats count exactly: the order of adding,
which libraries choose by size, cannot show. Where the weights come from is `tools/names`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from llmpost.guards.names.features import features
from llmpost.guards.names.words import Words

FIELD = 4
"""Words to either side that a word sees."""
WIDTH = 5
"""Words that a convolution sees."""
LARGEST = 255
"""Of the values between layers."""
SHIFTS = (7, 6)
"""Powers of two that a layer's sums are divided by."""

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """What the words of a text may be. Shared; nothing in it changes."""

    labels: tuple[str, ...]
    """The first stands for a word that is nothing."""
    table: NDArray[np.int8]
    first: tuple[Values, Values]
    """Weights [WIDTH, in, out] and what is added."""
    second: tuple[Values, Values]
    last: tuple[Values, Values]
    """Of [in, labels + 1]: the last column says whether a word goes on with what the word before began."""
    scale: float
    """What a logit is to be multiplied by."""

    @classmethod
    def load(cls, path: Path) -> Self:
        with np.load(path, allow_pickle=False) as stored:

            def layer(name: str) -> tuple[Values, Values]:
                weights, biases = stored[f"{name}_weights"], stored[f"{name}_biases"]
                return weights.astype(np.float32), biases.astype(np.float32)

            return cls(
                labels=tuple(map(str, stored["labels"])),
                table=stored["table"],
                first=layer("first"),
                second=layer("second"),
                last=layer("last"),
                scale=float(stored["scale"]),
            )

    def logits(self, words: Words) -> NDArray[np.int64]:
        """One row a word; whole numbers."""
        rows = np.arange(len(words)) + FIELD * np.cumsum(words.is_first)
        if not len(rows):
            return np.zeros((0, len(self.labels) + 1), np.int64)
        values = np.zeros((rows[-1] + 1 + FIELD, self.table.shape[1]), np.float32)
        summed = self.table[features(words)].sum(axis=1, dtype=np.int16)
        values[rows] = np.clip(summed, -LARGEST, LARGEST)
        for (weights, biases), shift in zip((self.first, self.second), SHIFTS, strict=True):
            values = _halved(_convolved(values, weights) + biases, shift)
        weights, biases = self.last
        return (values[rows] @ weights + biases).astype(np.int64)


def _convolved(values: Values, weights: Values) -> Values:
    """Rows that are not there count as zeros."""
    size, side = len(values), WIDTH // 2
    beside = np.zeros((size, WIDTH, values.shape[1]), np.float32)
    for i in range(WIDTH):
        first, end = max(0, side - i), size - max(0, i - side)
        beside[first:end, i] = values[first + i - side : end + i - side]
    return beside.reshape(size, -1) @ weights.reshape(-1, weights.shape[-1])


def _halved(sums: Values, times: int) -> Values:
    """Divided by two so often, and cut to what a value may be."""
    halved: Values = np.floor(sums * np.float32(0.5**times))
    return halved.clip(0, LARGEST, out=halved)
