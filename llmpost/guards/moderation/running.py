"""Running: what has been said so far, sentence by sentence, as the values that a network is asked with.

Of a text that is still being written it keeps sums and highest values, and no word. What they mean is for others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_CAPITALS: Final = re.compile(r"[A-Z]")
_BEYOND: Final = re.compile(r"[^\x00-\x7f]")
_MARKS: Final = '!?\n",'
NUM_COUNTS: Final = 3 + len(_MARKS)
_LONGEST: Final = 4096
"""Characters from which on a text counts as long."""


def counts(sentence: str) -> tuple[int, ...]:
    """Its length, its capitals, what is beyond ASCII, and its marks."""
    capitals = len(_CAPITALS.findall(sentence))
    beyond = 0 if sentence.isascii() else len(_BEYOND.findall(sentence))
    return (len(sentence), capitals, beyond, *map(sentence.count, _MARKS))


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """Sums over the sentences of a text so far; a value."""

    number: int
    sums: Values
    """Of the table's rows, [kinds, opinions]."""
    sizes: Values
    """How many features of each kind."""
    total: Values
    """Of the sentences' opinions."""
    highest: Values
    counts: Values

    @classmethod
    def nothing(cls, num_kinds: int, num_opinions: int) -> Self:
        zeros = np.zeros(num_opinions)
        return cls(
            0, np.zeros((num_kinds, num_opinions)), np.zeros(num_kinds), zeros, zeros - np.inf, np.zeros(NUM_COUNTS)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Of several sentences, one row each."""

    sums: Values
    sizes: Values
    counts: Values


@dataclass(frozen=True, slots=True, eq=False)
class Opinions:
    """How sums become opinions: each kind counts by the root of its size."""

    scale: Values
    added: Values

    def of(self, sums: Values, sizes: Values) -> Values:
        parts = sums / np.sqrt(np.maximum(sizes, 1))[..., None]
        return np.asarray((parts[..., 0, :] + parts[..., 1, :] + parts[..., 2, :]) * self.scale + self.added)


def alone(sentences: Sums, opinions: Opinions) -> Values:
    """The values of each sentence as if it were the whole text."""
    said = opinions.of(sentences.sums, sentences.sizes)
    return np.concatenate([said, said, said, _style(sentences.counts)], axis=1)


def so_far(before: Running, sentences: Sums, opinions: Opinions) -> tuple[Values, Running]:
    """The values of the text up to the end of each sentence, and what is to be remembered."""
    said = opinions.of(sentences.sums, sentences.sizes)
    sums = np.cumsum(np.concatenate([before.sums[None], sentences.sums]), axis=0)[1:]
    sizes = np.cumsum(np.concatenate([before.sizes[None], sentences.sizes]), axis=0)[1:]
    total = np.cumsum(np.concatenate([before.total[None], said]), axis=0)[1:]
    highest = np.maximum.accumulate(np.concatenate([before.highest[None], said]), axis=0)[1:]
    counted = np.cumsum(np.concatenate([before.counts[None], sentences.counts]), axis=0)[1:]
    numbers = before.number + 1.0 + np.arange(len(said))
    values = np.concatenate([opinions.of(sums, sizes), highest, total / numbers[:, None], _style(counted)], axis=1)
    after = Running(before.number + len(said), sums[-1], sizes[-1], total[-1], highest[-1], counted[-1])
    return values, after


def _style(counted: Values) -> Values:
    """Length, and how often each of the others stands in so many characters."""
    length = np.maximum(counted[:, :1], 1)
    return np.concatenate([np.sqrt(np.minimum(length, _LONGEST)), np.sqrt(counted[:, 1:] / length)], axis=1)
