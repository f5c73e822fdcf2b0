"""Which characters are the same where case is ignored.

Python's `re` compares by the lower case of one character, and knows those whose lower cases differ but whose upper
case is one (K and the Kelvin sign, s and ſ, i and ı); ECMA compares by simple case folding. Knows no pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.properties import property_ranges
from llmpost.automata.regex.ranges import RangeSet, intersection, union

_ASCII_LETTERS: RangeSet = ((65, 90), (97, 122))


@lru_cache(maxsize=1024)  # one letter takes 0.2 ms, and a text has few different ones
def with_other_cases(ranges: RangeSet, dialect: Dialect, ascii_only: bool) -> RangeSet:
    """The ranges and whatever differs from one of their characters in case alone."""
    if ascii_only:
        letters = intersection(ranges, _ASCII_LETTERS)
        return union([*ranges, *((low ^ 32, high ^ 32) for low, high in _within_one_case(letters))])
    others = _others(dialect)
    cased = intersection(ranges, _cased(dialect))
    more = {other for low, high in cased for code in range(low, high + 1) for other in others[code]}
    return union([*ranges, *((code, code) for code in more)])


def _within_one_case(letters: RangeSet) -> RangeSet:
    return intersection(letters, ((65, 90),)) + intersection(letters, ((97, 122),))


@lru_cache(maxsize=2)
def _cased(dialect: Dialect) -> RangeSet:
    return union((code, code) for code in _others(dialect))


@lru_cache(maxsize=2)
def _others(dialect: Dialect) -> Mapping[int, tuple[int, ...]]:
    """For each character that has other cases, all characters it is the same as."""
    key = _python_key if dialect is Dialect.PYTHON else _simple_folding
    groups: dict[str, list[int]] = {}
    for code in _candidates():
        groups.setdefault(key(chr(code)), []).append(code)
    return {code: tuple(group) for group in groups.values() if len(group) > 1 for code in group}


def _candidates() -> list[int]:
    ranges = property_ranges("Changes_When_Casemapped") or ()
    return [code for low, high in ranges for code in range(low, high + 1)]


def _python_key(character: str) -> str:
    """Equal for characters that `re.IGNORECASE` takes for the same."""
    lower = character.lower()
    return (lower if len(lower) == 1 else lower[0]).upper()  # İ, the only one with a longer lower case, is an i


def _simple_folding(character: str) -> str:
    for folded in (character.casefold(), character.lower()):
        if len(folded) == 1:
            return folded
    return character
