r"""Escapes: how one character of a JSON string may be spelled.

`minimal` is what ``json.dumps`` prints, with `ensure_ascii` or without; `any` is all that JSON allows. Every spelled
text stands for one string, and a lone surrogate has no spelling. It knows characters, not texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from llmpost.automata.algebra import EMPTY, MAX_SCALAR, Algebra, Term
from llmpost.automata.regex.ranges import RangeSet, intersection
from llmpost.constraints.json_schema.strings.hexadecimal import BASIC, PAIR, Hexadecimal

EscapeStyle: TypeAlias = Literal["minimal", "any"]

SHORT: Mapping[int, int] = {
    ord('"'): ord('"'), ord("\\"): ord("\\"),
    8: ord("b"), 9: ord("t"), 10: ord("n"), 12: ord("f"), 13: ord("r"),
}  # fmt: skip
"""What stands behind the backslash, for characters that have an escape of their own."""
RAW: RangeSet = ((0x20, 0x21), (0x23, 0x5B), (0x5D, MAX_SCALAR))
"""Characters that may stand for themselves."""
SCALARS: RangeSet = ((0, 0xD7FF), (0xE000, MAX_SCALAR))
_BASIC_PLANE: RangeSet = ((0, 0xFFFF),)
_ABOVE: RangeSet = ((0x10000, MAX_SCALAR),)
_MANY_RANGES = 32
"""The numbers of a class with more of them are read when a text comes to one."""


@dataclass(frozen=True, slots=True)
class _Style:
    short: Mapping[int, int]
    numbered: RangeSet
    """Characters that may be written by their number."""
    any_case: bool


_STYLES: Mapping[EscapeStyle, _Style] = {
    "minimal": _Style(SHORT, ((0, 7), (11, 11), (14, 0x1F), (0x7F, 0xD7FF), (0xE000, MAX_SCALAR)), any_case=False),
    "any": _Style({**SHORT, ord("/"): ord("/")}, SCALARS, any_case=True),
}


class Escapes:
    """Spells characters in one algebra, each set once."""

    def __init__(self, algebra: Algebra, style: EscapeStyle) -> None:
        self._algebra = algebra
        self._style = _STYLES[style]
        self._hexadecimal = Hexadecimal(algebra, any_case=self._style.any_case)
        self._known: dict[RangeSet, Term] = {}

    def characters(self, ranges: RangeSet) -> Term:
        """One character of these ranges: the class of those that stand for themselves, and the others beside it."""
        known = self._known.get(ranges)
        if known is None:
            raw = intersection(ranges, RAW)
            escaped = [self._algebra.octets(_ranges_of(self._short(ranges))), self._numbered(ranges)]
            behind = self._algebra.alternate([one for one in escaped if one != EMPTY])
            parts = [self._algebra.characters(raw), self._algebra.concat([self._octet("\\"), behind])]
            known = self._known[ranges] = self._algebra.alternate(parts)
        return known

    def _short(self, ranges: RangeSet) -> list[int]:
        return sorted(
            letter
            for character, letter in self._style.short.items()
            if any(low <= character <= high for low, high in ranges)
        )

    def _numbered(self, ranges: RangeSet) -> Term:
        numbered = intersection(ranges, self._style.numbered)
        is_read_later = len(numbered) > _MANY_RANGES
        behind = self._algebra.deferred(lambda: self._numbers(numbered)) if is_read_later else self._numbers(numbered)
        return self._algebra.concat([self._octet("u"), behind])

    def _numbers(self, ranges: RangeSet) -> Term:
        above = tuple((low - 0x10000, high - 0x10000) for low, high in intersection(ranges, _ABOVE))
        basic = self._hexadecimal.numbers(intersection(ranges, _BASIC_PLANE), BASIC)
        return self._algebra.alternate([basic, self._hexadecimal.numbers(above, PAIR)])

    def _octet(self, letter: str) -> Term:
        return self._algebra.octets(((ord(letter), ord(letter)),))


def _ranges_of(octets: list[int]) -> RangeSet:
    return tuple((octet, octet) for octet in octets)
