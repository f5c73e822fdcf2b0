"""The characters that have a Unicode property, and the classes ``\\d \\w \\s`` of each dialect.

What ``\\p{..}`` names is asked of the `regex` package, and Python's own classes of `re`, by one search over all
characters: so they are what those say, whatever version of Unicode they know. Each is found once in a process.
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from llmpost.automata.algebra import MAX_SCALAR, SURROGATES
from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.ranges import RangeSet, inverse, union

_ASCII: dict[str, RangeSet] = {
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "s": ((9, 13), (32, 32)),
}
_ECMA_SPACE: RangeSet = (
    (9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_CANDIDATES = {"d": r"\p{Nd}", "s": r"[\p{White_Space}\x1c-\x1f]"}
_LAST_WORD = 0x40000
"""Behind this no version of Unicode has letters, digits or spaces."""
_NAME = re.compile(r"[\w\- ]+(?:[=:][\w\- ./]+)?", re.ASCII)


@lru_cache(maxsize=256)
def property_ranges(name: str) -> RangeSet | None:
    """The characters of ``\\p{name}``; None where there is no such property."""
    if not _NAME.fullmatch(name):
        return None
    try:
        pattern = regex.compile(rf"\p{{{name}}}+", regex.V0)
    except regex.error:
        return None
    return union(_scalars(*match.span()) for match in pattern.finditer(_every_character()))


@lru_cache(maxsize=32)
def shorthand_ranges(letter: str, dialect: Dialect, ascii_only: bool) -> RangeSet:
    """The characters of ``\\d``, ``\\w`` or ``\\s``, or with a capital letter all others."""
    if letter.isupper():
        return inverse(shorthand_ranges(letter.lower(), dialect, ascii_only))
    if dialect is Dialect.ECMA:
        return _ECMA_SPACE if letter == "s" else _ASCII[letter]
    if ascii_only:
        return _ASCII[letter]
    if letter == "w":
        return union(_scalars(*match.span()) for match in re.finditer(r"\w+", _every_character()[:_LAST_WORD]))
    candidates = regex.findall(_CANDIDATES[letter], _every_character()[:_LAST_WORD])  # `re` takes 15 ms to search
    return union((ord(one), ord(one)) for one in candidates if re.fullmatch(rf"\{letter}", one))


@lru_cache(maxsize=1)
def _every_character() -> str:
    """All scalar values in order, without the surrogates, which no UTF-8 text has."""
    counted = bytes(range(256))
    codes = bytearray(4 * (MAX_SCALAR + 1))
    for place in range(3):  # each byte of the numbers at once: 5 ms, where one number after the other takes 60
        block = b"".join(bytes([byte]) * 256**place for byte in counted[: (MAX_SCALAR >> 8 * place) + 1])
        codes[place::4] = block * ((MAX_SCALAR + 1) // len(block))
    gap = slice(4 * SURROGATES[0], 4 * SURROGATES[1] + 4)
    del codes[gap]
    return codes.decode("utf-32-le")


def _scalars(start: int, end: int) -> tuple[int, int]:
    """The characters of a stretch of :func:`_every_character`; one across the gap may hold the surrogates too."""
    return _scalar(start), _scalar(end - 1)


def _scalar(place: int) -> int:
    return place if place < SURROGATES[0] else place + SURROGATES[1] - SURROGATES[0] + 1
