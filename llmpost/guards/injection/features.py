"""Features: what the model sees of a passage: its words and pairs of neighbours, hashed to numbers, and the signals.

Training and detecting read the same features. What they are worth is not known here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from llmpost.guards.injection.signals import seen_in
from llmpost.guards.words import Reading

BITS = 15


class Features(NamedTuple):
    """Of one passage."""

    words: tuple[int, ...]
    """Each of `BITS` bits, ascending, none twice."""
    signals: tuple[bool, ...]


def features(passage: str) -> Features:
    """How often something is said does not matter: a long attack repeats itself."""
    lowered = passage.lower()
    words = [word.text for word in Reading().words(passage, True)[0]]
    said = {*words, *(f"{one} {other}" for one, other in pairwise(words))}
    return Features(tuple(sorted({_hashed(each) for each in said})), seen_in(lowered))


def _hashed(words: str) -> int:
    return crc32(words.encode("utf-8", "surrogatepass")) >> (32 - BITS)
