"""Corpus: examples as features, sentence by sentence, and what any table of weights says of each as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from llmpost.guards.moderation.features import FIRSTS, NUM_ROWS, features, seen
from llmpost.guards.moderation.lexicon import lexicon
from llmpost.guards.moderation.running import NUM_COUNTS, Opinions, Sums, alone, counts
from llmpost.guards.moderation.sentences import sentences

from .example import Example

_AT_ONCE = 512
_ENDS = (*FIRSTS, NUM_ROWS)

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    examples: Sequence[Example]
    kinds: Sequence[Any]
    """Of each kind of features a sparse matrix, one row a sentence."""
    owners: NDArray[np.int64]
    """By sentence the number of its example."""
    counts: Values

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Self:
        texts, owners = [], []
        for number, example in enumerate(examples):
            for start, end in sentences(example.text, 0, is_end=True):
                texts.append(example.text[start:end])
                owners.append(number)
        rows, columns = [], []
        for begin in range(0, len(texts), _AT_ONCE):
            found = features([seen(text, lexicon()) for text in texts[begin : begin + _AT_ONCE]])
            rows.append(found.groups // len(FIRSTS) + begin)
            columns.append(found.rows)
        row, column = np.concatenate(rows), np.concatenate(columns)
        whole = sparse.csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=(len(texts), NUM_ROWS)).tocsc()
        kinds = [whole[:, a:b].tocsr() for a, b in pairwise(_ENDS)]
        return cls(examples, kinds, np.array(owners), np.array([counts(text) for text in texts], np.float64))

    def features(self) -> Any:
        """One row an example: each kind by the root of its size."""
        parts = []
        for kind in self.kinds:
            of_texts = self._gathered() @ kind
            sizes = np.asarray(of_texts.sum(1)).ravel()
            parts.append(sparse.diags(1 / np.sqrt(np.maximum(sizes, 1))) @ of_texts)
        return sparse.hstack(parts).tocsr().astype(np.float32)

    def inputs(self, table: NDArray[np.int8], opinions: Opinions) -> Values:
        """What the network is asked with about each example: the same as `running.so_far` says at its end."""
        parts = zip(self.kinds, _ENDS, _ENDS[1:], strict=False)
        sums = np.stack([kind @ table[a:b].astype(np.float32) for kind, a, b in parts], 1).astype(np.float64)
        sizes = np.stack([np.asarray(kind.sum(1)).ravel() for kind in self.kinds], 1).astype(np.float64)
        said = opinions.of(sums, sizes)
        gathered, size = self._gathered().astype(np.float64), len(self.examples)
        highest = np.full((size, said.shape[1]), -np.inf)
        np.maximum.at(highest, self.owners, said)
        mean = (gathered @ said) / np.bincount(self.owners, minlength=size)[:, None]
        flat = (gathered @ sums.reshape(len(sums), -1)).reshape(size, *sums.shape[1:])
        values = alone(Sums(flat, gathered @ sizes, gathered @ self.counts), opinions)
        width = said.shape[1]
        return np.concatenate([values[:, :width], highest, mean, values[:, -NUM_COUNTS:]], 1)

    def _gathered(self) -> Any:
        """Sums sentences to examples."""
        ones = np.ones(len(self.owners), np.float32)
        return sparse.csr_matrix((ones, (self.owners, np.arange(len(ones)))), shape=(len(self.examples), len(ones)))
