"""Runs: words that are likely enough of something and belong together, each run under one label.

A word counts by all labels asked for together, a run goes by the label that has most of its words' weight: what is only
unsure which of two it is gets found all the same. A run of more than `LONGEST_RUN` words is taken apart into its words,
so that where a long one began matters to none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llmpost.guards.names.likelihood import ONE
from llmpost.guards.names.words import Flags

LONGEST_RUN = 24
"""Words of a span."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words from `first` to before `end`."""

    first: int
    end: int
    choice: int
    """Which of the labels asked for."""
    score: float
    """That of its likeliest word."""
    is_part: bool
    """Whether it is a word of a run that was taken apart."""


def runs(weights: NDArray[np.int64], least: NDArray[np.float64], joins: Flags) -> Iterator[Run]:
    """The longest runs of words that score at least what `least` says of the label each is likeliest of.

    `weights` has a row a word and a column a label; `joins` says of a word whether it goes on with the one before it.
    """
    scores = weights.sum(axis=1)
    is_of = scores >= ONE * least[weights.argmax(axis=1)]
    goes_on = np.zeros(len(is_of) + 1, np.bool_)
    goes_on[1:-1] = is_of[1:] & is_of[:-1] & joins[1:]
    firsts, ends = np.flatnonzero(is_of & ~goes_on[:-1]), np.flatnonzero(is_of & ~goes_on[1:]) + 1
    for first, end in zip(firsts.tolist(), ends.tolist(), strict=True):
        is_part = end - first > LONGEST_RUN
        for at in range(first, end, 1 if is_part else end - first):
            part = slice(at, at + 1 if is_part else end)
            choice = int(weights[part].sum(axis=0).argmax())
            yield Run(at, part.stop, choice, int(scores[part].max()) / ONE, is_part)
