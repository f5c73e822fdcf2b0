r"""Hexadecimal: numbers of some ranges, written with digits as in ``\u00e9``.

A set of characters is a tree over the digits in which equal branches are one term, so that a set of thousands of
ranges is as small as its edges are many. It knows no JSON but the shape of a pair of surrogates.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from llmpost.automata.algebra import EMPTY, EPSILON, Algebra, Term
from llmpost.automata.regex.ranges import RangeSet

_FEW_RANGES = 8
"""A branch with more of them is read when a text comes to it."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One place of a number: what stands before it, and its digits in ascending order."""

    before: bytes
    digits: bytes


_HEX = Digit(b"", b"0123456789abcdef")
BASIC = (_HEX,) * 4
"""A character of the basic plane."""
PAIR = (Digit(b"d", b"89ab"), _HEX, _HEX, Digit(rb"\ud", b"cdef"), _HEX, _HEX)
"""A character above it, less 0x10000: two surrogates, all but the first three bytes ``\\u`` of it."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits behind which the same numbers may follow."""

    values: tuple[int, ...]
    rest: RangeSet


class Hexadecimal:
    """Builds terms in one algebra, each branch once."""

    def __init__(self, algebra: Algebra, *, any_case: bool) -> None:
        self._algebra = algebra
        self._any_case = any_case
        self._known: dict[tuple[tuple[Digit, ...], RangeSet], Term] = {}

    def numbers(self, ranges: RangeSet, places: tuple[Digit, ...]) -> Term:
        """The numbers of these ranges, all places written."""
        if not ranges:
            return EMPTY
        if not places:
            return EPSILON
        known = self._known.get((places, ranges))
        if known is None:
            known = self._known[places, ranges] = self._tree(ranges, places)
        return known

    def _tree(self, ranges: RangeSet, places: tuple[Digit, ...]) -> Term:
        first, *rest = places
        before = [self._digits(bytes([one])) if one == ord("d") else self._octet(one) for one in first.before]
        branches = [
            self._algebra.concat([self._digits(bytes(first.digits[value] for value in group.values)), behind])
            for group in _groups(ranges, places)
            if (behind := self._branch(group.rest, tuple(rest))) != EMPTY
        ]
        return self._algebra.concat([*before, self._algebra.alternate(branches)])

    def _branch(self, ranges: RangeSet, places: tuple[Digit, ...]) -> Term:
        if len(ranges) <= _FEW_RANGES or (places, ranges) in self._known:
            return self.numbers(ranges, places)
        return self._algebra.deferred(lambda: self.numbers(ranges, places))

    def _digits(self, digits: bytes) -> Term:
        both = set(digits + digits.upper()) if self._any_case else digits
        return self._algebra.octets(_joined(sorted(both)))

    def _octet(self, octet: int) -> Term:
        return self._algebra.octets(((octet, octet),))


@lru_cache(maxsize=4096)
def _groups(ranges: RangeSet, places: tuple[Digit, ...]) -> tuple[_Group, ...]:
    """The values of the first place, put together where the same may follow; kept, for it is alike in all algebras."""
    size = 1
    for place in places[1:]:
        size *= len(place.digits)
    values: dict[RangeSet, list[int]] = {}
    for low, high in _blocks(ranges, size):
        rest = _within(ranges, low * size, size)
        for value in range(low, high + 1):
            values.setdefault(rest, []).append(value)
    return tuple(_Group(tuple(some), rest) for rest, some in values.items())


def _blocks(ranges: RangeSet, size: int) -> list[tuple[int, int]]:
    """Runs of first digits that begin any number at all: one with some of its numbers, or several with all."""
    runs: list[tuple[int, int]] = []
    for low, high in ranges:
        whole = -(-low // size), (high + 1) // size - 1
        pieces = [(low // size, low // size)] if low % size else []
        pieces += [whole] if whole[0] <= whole[1] else []
        pieces += [(high // size, high // size)] if (high + 1) % size else []
        runs += [piece for piece in pieces if not runs or piece[0] > runs[-1][1]]
    return runs


def _within(ranges: RangeSet, start: int, size: int) -> RangeSet:
    """What of the ranges lies from `start` on in a block of this size, counted from there."""
    end = start + size - 1
    first = bisect_left(ranges, start, key=lambda pair: pair[1])
    last = bisect_right(ranges, end, key=lambda pair: pair[0])
    return tuple((max(low, start) - start, min(high, end) - start) for low, high in ranges[first:last])


def _joined(octets: list[int]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for octet in octets:
        if joined and joined[-1][1] == octet - 1:
            joined[-1] = (joined[-1][0], octet)
        else:
            joined.append((octet, octet))
    return joined
