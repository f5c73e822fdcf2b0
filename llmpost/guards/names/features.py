"""Features: what is seen of each word, hashed to numbers: the word, its ends, its shape, and the gaps around it.

All words are hashed at once: a piece of text has the difference of two sums of its characters, each times a power
that stands for its place. Training and finding read the same features; neither knows what they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llmpost.guards.names.alphabet import DIGIT, SPACE, UPPER, folded
from llmpost.guards.names.words import Places, Words

BITS = 15
NUM_FEATURES = 12
MAX_CHARACTERS = 1 << 15
"""Of a text whose words are seen at once."""
WHOLE, CASED = 0, 1
"""The columns that tell one word from all others; training leaves them out at times."""

Ids = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xD6E8FEB86659FD93)

_SALTS = np.arange(NUM_FEATURES, dtype=np.uint64) * np.uint64(_BASE)


def _powers(base: int) -> Hashes:
    factors = np.full(MAX_CHARACTERS + 1, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


_POWERS, _INVERSES = _powers(_BASE), _powers(pow(_BASE, -1, 1 << 64))


def features(words: Words) -> Ids:
    """One row a word, one column a feature, each a number of `BITS` bits."""
    starts, ends = words.starts, words.ends
    size, kind = ends - starts, words.kinds
    uppers, digits = _counts(kind == UPPER, starts, ends), _counts(kind == DIGIT, starts, ends)
    shape = _shape(size, uppers, digits, kind[starts] == UPPER)
    pieces = (
        (starts, ends),
        (starts, np.minimum(starts + 2, ends)),
        (starts, np.minimum(starts + 3, ends)),
        (np.maximum(ends - 2, starts), ends),
        (np.maximum(ends - 3, starts), ends),
        (np.maximum(ends - 4, starts), ends),
        (words.gap_starts, starts),
        (ends, words.gap_ends),
        (np.maximum(starts - 1, words.gap_starts), starts),
        (ends, np.minimum(ends + 1, words.gap_ends)),
    )
    word, *parts = _hashes(words, np.array(pieces))
    is_number = (digits == size) & (size > 2)  # what it starts with says enough
    whole = np.where(is_number, size.astype(np.uint64), word)
    return _spread(np.stack([whole, whole + shape // np.uint64(_LENGTHS), *parts[:5], shape, *parts[5:]], axis=1))


def _hashes(words: Words, pieces: Places) -> Hashes:
    """Of pieces [n, (start, end), m] of a text: equal where they are, but for case and the number of spaces."""
    is_space = words.kinds == SPACE
    is_kept = np.ones(len(is_space), np.bool_)
    is_kept[1:] = ~(is_space[1:] & is_space[:-1])
    order = np.append(0, np.cumsum(is_kept))
    spread = (folded(words.characters).astype(np.uint64) + np.uint64(1)) * _MIX
    spread ^= spread >> np.uint64(29)
    spread *= is_kept
    sums = np.append(np.uint64(0), np.cumsum(spread * _POWERS[order[:-1]], dtype=np.uint64))
    hashes: Hashes = (sums[pieces[:, 1]] - sums[pieces[:, 0]]) * _INVERSES[order[pieces[:, 0]]]
    return hashes


def _counts(flags: NDArray[np.bool_], starts: Places, ends: Places) -> Places:
    sums = np.append(0, np.cumsum(flags))
    counts: Places = sums[ends] - sums[starts]
    return counts


_LENGTHS = 9


def _shape(size: Places, uppers: Places, digits: Places, begins_upper: NDArray[np.bool_]) -> Hashes:
    """Which of its letters are capitals, whether it has digits, and how long it is."""
    capitals = np.where(uppers == 0, 0, np.where(begins_upper & (uppers == 1), 1, np.where(uppers == size, 2, 3)))
    numbers = np.where(digits == 0, 0, np.where(digits == size, 2, 1))
    shape: Places = (capitals * 3 + numbers) * _LENGTHS + np.minimum(size, _LENGTHS - 1)
    return shape.astype(np.uint64)


def _spread(columns: Hashes) -> Ids:
    """Equal hashes of two columns are two features."""
    mixed = (columns + _SALTS) * _MIX
    mixed ^= mixed >> np.uint64(32)
    return ((mixed * _MIX) >> np.uint64(64 - BITS)).astype(np.int64)
