"""Runs: words that follow each other, go by one label and belong together.

A run of more than `LONGEST_RUN` words is taken apart into its words, so that where a long one began matters to none of
them. Knows nothing of how words got their labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .words import Flags

LONGEST_RUN = 24
"""Words of a span."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words from `first` to before `end`."""

    first: int
    end: int
    column: int
    score: float
    """That of its likeliest word."""
    is_part: bool
    """Whether it is a word of a run that was taken apart."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What words go by, as arrays of one length."""

    columns: NDArray[np.int64]
    scores: NDArray[np.float64]
    joins: Flags
    """Whether a word goes on with what the word before it is of, if both go by the same."""


def runs(tags: Tags, least: NDArray[np.float64]) -> tuple[Run, ...]:
    """The longest runs of words that score at least what `least` says of their column."""
    is_of = tags.scores >= least[tags.columns]
    goes_on = np.zeros(len(is_of) + 1, np.bool_)
    goes_on[1:-1] = is_of[1:] & is_of[:-1] & tags.joins[1:] & (tags.columns[1:] == tags.columns[:-1])
    firsts, ends = np.flatnonzero(is_of & ~goes_on[:-1]), np.flatnonzero(is_of & ~goes_on[1:]) + 1
    found = list[Run]()
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        is_part = end - first > LONGEST_RUN
        step = 1 if is_part else LONGEST_RUN
        for at in range(first, end, step):
            score = float(tags.scores[at : min(at + step, end)].max())
            found.append(Run(at, min(at + step, end), int(tags.columns[at]), score, is_part))
    return tuple(found)
