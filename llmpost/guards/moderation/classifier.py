"""Classifier: sentences in, one score for each category out: for each sentence alone, and for the text up to it.

A table holds what each feature weighs for each of several opinions; a small network makes scores of opinions. It knows
features and numbers; where sentences end, and what is reported of them, is the guard's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from llmpost.guards.moderation.features import KINDS, NUM_ROWS, Features, features, seen
from llmpost.guards.moderation.lexicon import Lexicon, lexicon
from llmpost.guards.moderation.network import Network, chances
from llmpost.guards.moderation.running import Opinions, Running, Sums, alone, counts, so_far

WEIGHTS: Final = Path(__file__).with_name("weights.npz")
_NUM_DIGITS: Final = 3
_AT_ONCE: Final = 256
"""Sentences that are read together: more would take memory and save no time."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One row a sentence, one column a category."""

    alone: Values
    so_far: Values


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """Shared; nothing in it changes."""

    categories: tuple[str, ...]
    table: NDArray[np.int8]
    """[rows, opinions]."""
    opinions: Opinions
    network: Network
    lexicon: Lexicon

    @classmethod
    def load(cls, path: Path) -> Self:
        with np.load(path, allow_pickle=False) as stored:
            network = Network(
                stored["means"],
                stored["spreads"],
                (stored["first"], stored["first_added"]),
                (stored["second"], stored["second_added"]),
            )
            opinions = Opinions(stored["scale"], stored["added"])
            categories = tuple(map(str, stored["categories"]))
            return cls(categories, stored["table"], opinions, network, lexicon())

    def save(self, path: Path) -> None:
        arrays: dict[str, Any] = {
            "categories": np.array(self.categories),
            "table": self.table,
            "scale": self.opinions.scale,
            "added": self.opinions.added,
            "means": self.network.means,
            "spreads": self.network.spreads,
            "first": self.network.first[0],
            "first_added": self.network.first[1],
            "second": self.network.second[0],
            "second_added": self.network.second[1],
        }
        np.savez_compressed(path, **arrays)

    def begin(self) -> Running:
        return Running.nothing(len(KINDS), self.table.shape[1])

    def follow(self, before: Running, sentences: Sequence[str]) -> tuple[Scores, Running]:
        """The scores of the next sentences of a text, at least one; the same however they are handed in."""
        parts = []
        for begin in range(0, len(sentences), _AT_ONCE):
            sums = self.sums(sentences[begin : begin + _AT_ONCE])
            values, before = so_far(before, sums, self.opinions)
            parts.append((self._scores(alone(sums, self.opinions)), self._scores(values)))
        ones, texts = zip(*parts, strict=True)
        return Scores(np.concatenate(ones), np.concatenate(texts)), before

    def _scores(self, values: Values) -> Values:
        return np.asarray(np.round(chances(self.network.logits(values)), _NUM_DIGITS))

    def sums(self, sentences: Sequence[str]) -> Sums:
        """What the table holds for each sentence, kind by kind."""
        found = features([seen(sentence, self.lexicon) for sentence in sentences])
        sums, sizes = summed(self.table, found, len(sentences))
        return Sums(sums, sizes, np.array([counts(sentence) for sentence in sentences], np.float64))


def summed(table: NDArray[np.int8], found: Features, num_sentences: int) -> tuple[Values, Values]:
    num_groups = num_sentences * len(KINDS)
    sums = np.zeros((num_groups, table.shape[1]))
    sizes = np.bincount(found.groups, minlength=num_groups).astype(np.float64)
    if len(found.rows):
        groups, starts = np.unique(found.groups, return_index=True)
        sums[groups] = np.add.reduceat(table[found.rows], starts, axis=0, dtype=np.int32)
    return sums.reshape(num_sentences, len(KINDS), -1), sizes.reshape(num_sentences, len(KINDS))


def empty_table(num_opinions: int) -> NDArray[np.int8]:
    return np.zeros((NUM_ROWS, num_opinions), np.int8)


@cache
def trained() -> Classifier:
    """What is bundled; read once."""
    return Classifier.load(WEIGHTS)
