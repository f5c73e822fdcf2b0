"""Words: where the words of a text stand, and what cuts off their neighbourhood.

A word is a maximal run of letters, marks and digits; what lies between two words is a gap. A word or a gap longer than
`LONGEST` is a break: nothing is found in it and nobody sees across it, so that whatever concerns a word stands within
a number of characters that is known beforehand. Knows nothing of what words mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llmpost.guards.names.alphabet import LETTER, Codes, codes, kinds

LONGEST = 32
"""Characters of a word, and of a gap, that is no break."""

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Words:
    """The words that no more text can change, nor the gaps around them: arrays of one length."""

    characters: Codes
    kinds: NDArray[np.uint8]
    starts: Places
    ends: Places
    gap_starts: Places
    """Where the gap before each begins; its own start where that is a break."""
    gap_ends: Places
    """Where the gap behind each ends; its own end where that is a break."""
    is_first: Flags
    """Whether a break, or the beginning, stands before it."""
    is_closed: bool
    """Whether a break, or the end, stands behind the last."""
    tail: int
    """Where the next word may begin."""
    after_break: int
    """Where the last break ends, so far; 0 where there is none."""

    def __len__(self) -> int:
        return len(self.starts)


def words_of(text: str, is_end: bool) -> Words:
    """With `is_end`, all words; else the last one waits until the gap behind it is seen."""
    characters, size = codes(text), len(text)
    of_kind = kinds(characters)
    inside = np.zeros(size + 2, np.bool_)
    np.greater_equal(of_kind, LETTER, out=inside[1:-1])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    gap_starts, gap_ends = np.append(0, ends), np.append(starts, size)  # one more than there are words
    is_short, is_wide = ends - starts <= LONGEST, gap_ends - gap_starts > LONGEST
    is_first = is_wide[:-1] | ~np.append(False, is_short[:-1])[: len(starts)]
    is_waiting = len(starts) > 0 and not is_end and bool(is_short[-1]) and not is_wide[-1]
    known = is_short & (np.arange(len(starts)) < len(starts) - is_waiting)
    breaks = (ends[~is_short], gap_ends[is_wide])
    return Words(
        characters=characters,
        kinds=of_kind,
        starts=starts[known],
        ends=ends[known],
        gap_starts=np.where(is_wide[:-1], starts, gap_starts[:-1])[known],
        gap_ends=np.where(is_wide[1:], ends, gap_ends[1:])[known],
        is_first=is_first[known],
        is_closed=not is_waiting or bool(is_first[-1]),
        tail=int(starts[-1]) if is_waiting else size,
        after_break=max(int(places[-1]) if len(places) else 0 for places in breaks),
    )
