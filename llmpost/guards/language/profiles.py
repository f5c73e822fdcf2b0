"""Profiles: how likely each language is to write three characters in succession, reckoned from samples once.

The samples (`samples.txt`) were written for this: words that hold sentences together, and the same few sentences in
every language. A profile knows no more than those, which is enough to tell languages apart in a few words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLES = Path(__file__).with_name("samples.txt")
_SMOOTH = 0.3
_POSSIBLE = 6_000
"""Successions of three that a language may have."""
_WORD = re.compile(r"[^\W\d_]{1,40}(?:['’\u200c][^\W\d_]{1,20})?")


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Of languages that share a script."""

    languages: tuple[str, ...]
    rows: Mapping[str, int]
    """Of each succession that is known the row in `logs`; 0 is of those that nobody has."""
    logs: NDArray[np.float64]
    """One column a language."""

    @classmethod
    def of(cls, samples: Mapping[str, str]) -> Profiles:
        counts = {language: Counter(successions(text)) for language, text in samples.items()}
        known = dict.fromkeys(each for counter in counts.values() for each in counter)
        rows = {each: row for row, each in enumerate(known, 1)}
        table = np.zeros((len(rows) + 1, len(samples)))
        for column, counter in enumerate(counts.values()):
            for each, times in counter.items():
                table[rows[each], column] = times
        logs = np.log((table + _SMOOTH) / (table.sum(axis=0) + _SMOOTH * _POSSIBLE))
        return cls(tuple(samples), rows, logs)

    def likelihoods(self, text: str) -> tuple[NDArray[np.float64], int]:
        """One row a succession that some language has, one column a language; and how many successions there are."""
        rows = [self.rows.get(each, 0) for each in successions(text)]
        return self.logs[[row for row in rows if row]], len(rows)


def successions(text: str) -> Iterator[str]:
    """Three characters of a word with its ends, and short words whole."""
    for word in words(text):
        padded = f" {word} "
        yield from (padded[at : at + 3] for at in range(len(padded) - 2))
        if len(word) < 6:
            yield padded


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


@cache
def samples() -> Mapping[str, str]:
    """By language, in the order of the file."""
    lines = SAMPLES.read_text("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)
