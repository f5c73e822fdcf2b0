"""Alphabet: what kind of character each is, and which characters are read as the same, as tables.

Words are of Latin, Greek and Cyrillic letters, their marks, and digits; every other script lies between words, because
nothing here was trained on it. Knows nothing of words.
"""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]

GAP, SPACE, LINE, LETTER, UPPER, DIGIT = range(6)
"""Kinds; from `LETTER` up they are of a word."""

_LIMIT = 0x2070
"""What stands behind the tables is read as their last entry: a gap."""
_READ = (range(0x0, 0x530), range(0x1C80, 0x1C90), range(0x1D00, 0x2000))
_ALIKE = {"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"}
_LINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def _kind(char: str) -> int:
    category = unicodedata.category(char)
    if char in _LINES:
        return LINE
    if category == "Zs" or char == "\t":
        return SPACE
    if not any(ord(char) in block for block in _READ):
        return GAP
    if category in ("Lu", "Lt"):
        return UPPER
    if category == "Nd":
        return DIGIT
    return LETTER if category[0] in "LM" else GAP


def _folded(char: str) -> int:
    kind, lower = _kind(char), _ALIKE.get(char, char).lower()
    if kind in (SPACE, LINE):
        return ord("\n" if kind == LINE else " ")
    return ord(lower[0])


_CHARS = [chr(code) for code in range(_LIMIT)]
_KINDS = np.array([*map(_kind, _CHARS), GAP], np.uint8)
_FOLDED = np.array([*map(_folded, _CHARS), 0], np.uint32)


def codes(text: str) -> Codes:
    """The characters' numbers; lone surrogates have theirs."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def kinds(characters: Codes) -> NDArray[np.uint8]:
    found: NDArray[np.uint8] = _KINDS[np.minimum(characters, _LIMIT)]
    return found


def folded(characters: Codes) -> Codes:
    """In lower case, with one kind of quote, dash, space and line end."""
    found: Codes = _FOLDED[np.minimum(characters, _LIMIT)]
    return found
