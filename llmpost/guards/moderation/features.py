"""Features: sentences as numbers of rows in a table of weights, of three kinds: words, letters, classes.

Each feature counts once in a sentence, and has its row by a hash of whole numbers that is the same everywhere. Nothing
of the text can be read back. What the rows weigh, and for what, is the classifier's.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from llmpost.guards.moderation.lexicon import Lexicon, Sorted
from llmpost.guards.moderation.words import words_of

KINDS: Final = ("words", "letters", "classes")
BITS: Final = (16, 17, 15)
"""Each kind has rows of its own, two to this power."""
FIRSTS: Final = tuple(sum(1 << bits for bits in BITS[:at]) for at in range(len(BITS)))
NUM_ROWS: Final = sum(1 << bits for bits in BITS)

_STEP: Final = np.uint32(0x01000193)
_MIX: Final = np.uint32(0x9E3779B1)

Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Of many sentences. All arrays ascend."""

    rows: NDArray[np.int64]
    groups: NDArray[np.int64]
    """By row: three times the number of its sentence, and the number of its kind."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One sentence, in numbers."""

    words: tuple[int, ...]
    letters: str
    classes: tuple[int, ...]
    others: tuple[int, ...]
    """Classes that stand together anywhere in it, and how often each does."""


def seen(sentence: str, lexicon: Lexicon) -> Seen:
    sorted_ = lexicon.sort(words_of(sentence))
    letters = f" {' '.join(sorted_.words)} "
    return Seen(tuple(map(_number, sorted_.words)), letters, sorted_.classes, tuple(_others(sorted_)))


def _others(sorted_: Sorted) -> Iterable[int]:
    counted = Counter(sorted_.present)
    for number, count in counted.items():
        yield from (number << 8 | times | 1 << 30 for times in range(1, min(count, 3) + 1))
    for one, other in combinations(sorted(counted), 2):
        yield one << 8 | other | 1 << 29


@lru_cache(maxsize=1 << 15)
def _number(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def features(sentences: Sequence[Seen]) -> Features:
    """Of each sentence its features, as if it stood alone."""
    keys = np.concatenate([*_words(sentences), *_letters(sentences), *_classes(sentences)])
    keys.sort()
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    rows = keys % NUM_ROWS
    kinds = (rows >= FIRSTS[1]).astype(np.int64) + (rows >= FIRSTS[2])
    return Features(rows, keys // NUM_ROWS * len(KINDS) + kinds)


def _words(sentences: Sequence[Seen]) -> Iterable[NDArray[np.int64]]:
    values, owners = _joined([one.words for one in sentences])
    for size in (1, 2):
        yield _keys(0, size, *_runs(values, owners, size))


def _letters(sentences: Sequence[Seen]) -> Iterable[NDArray[np.int64]]:
    encoded = [np.frombuffer(one.letters.encode("utf-32-le", "surrogatepass"), np.uint32) for one in sentences]
    values, owners = np.concatenate(encoded), _owners([len(one) for one in encoded])
    is_space = values == ord(" ")
    before = np.concatenate([[0], np.cumsum(is_space)])
    for size in (3, 4, 5):
        hashed, owner = _runs(values, owners, size)
        if len(values) >= size:
            # what goes from one word into the next says little
            inside = before[size - 1 : len(values)] - before[1 : len(values) - size + 2]
            is_kept = (inside == 0)[owners[: len(values) - size + 1] == owners[size - 1 :]]
            hashed, owner = hashed[is_kept], owner[is_kept]
        yield _keys(1, size, hashed, owner)


def _classes(sentences: Sequence[Seen]) -> Iterable[NDArray[np.int64]]:
    values, owners = _joined([one.classes for one in sentences])
    for size in (2, 3, 4):
        yield _keys(2, size, *_runs(values, owners, size))
    yield _keys(2, 1, *_joined([one.others for one in sentences]))


def _joined(lists: Sequence[Sequence[int]]) -> tuple[Numbers, NDArray[np.int64]]:
    flat = [number for one in lists for number in one]
    return np.array(flat, np.uint32), _owners([len(one) for one in lists])


def _owners(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(lengths)), lengths)


def _runs(values: Numbers, owners: NDArray[np.int64], size: int) -> tuple[Numbers, NDArray[np.int64]]:
    """A hash of every so many neighbours in one sentence."""
    count = len(values) - size + 1
    if count <= 0:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    hashed = np.zeros(count, np.uint32)
    for at in range(size):
        hashed = (hashed ^ values[at : at + count]) * _STEP
        hashed ^= hashed >> np.uint32(15)
    is_inside = owners[:count] == owners[size - 1 :]
    return hashed[is_inside], owners[:count][is_inside]


def _keys(kind: int, size: int, hashed: Numbers, owners: NDArray[np.int64]) -> NDArray[np.int64]:
    mixed = (hashed ^ np.uint32(size * 0x85EBCA6B & 0xFFFFFFFF)) * _MIX
    mixed ^= mixed >> np.uint32(13)
    row = (mixed * _MIX >> np.uint32(32 - BITS[kind])).astype(np.int64)
    return owners * NUM_ROWS + FIRSTS[kind] + row
