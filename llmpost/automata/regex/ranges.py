"""Sets of characters as ranges: union, difference, intersection, and a partition by what tells characters apart.

A :data:`RangeSet` is inclusive, ascending and apart, so equal sets are equal tuples. Surrogates count as characters
here; a byte language drops them later. Knows no pattern.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from llmpost.automata.algebra import MAX_SCALAR
from llmpost.automata.ranges import joined_ranges

RangeSet: TypeAlias = tuple[tuple[int, int], ...]

ALL: RangeSet = ((0, MAX_SCALAR),)


def union(ranges: Iterable[tuple[int, int]]) -> RangeSet:
    """The ranges, in any order and overlapping or not, as a set."""
    return joined_ranges(ranges)


def inverse(ranges: RangeSet) -> RangeSet:
    """Every other character."""
    others = []
    start = 0
    for low, high in ranges:
        if start < low:
            others.append((start, low - 1))
        start = high + 1
    if start <= MAX_SCALAR:
        others.append((start, MAX_SCALAR))
    return tuple(others)


def intersection(some: RangeSet, others: RangeSet) -> RangeSet:
    """The characters of both."""
    if some == ALL:
        return others
    both = []
    left = right = 0
    while left < len(some) and right < len(others):
        low, high = max(some[left][0], others[right][0]), min(some[left][1], others[right][1])
        if low <= high:
            both.append((low, high))
        if some[left][1] < others[right][1]:
            left += 1
        else:
            right += 1
    return tuple(both)


def contains(ranges: RangeSet, character: int) -> bool:
    return any(low <= character <= high for low, high in ranges)


@lru_cache(maxsize=64)
def partition(sets: tuple[RangeSet, ...]) -> tuple[RangeSet, ...]:
    """All characters in as few sets as tell every given set's members from the others."""
    edges = sorted({(edge, one) for one, ranges in enumerate(sets) for a, b in ranges for edge in (a, b + 1)})
    groups: dict[int, list[tuple[int, int]]] = {}
    start, members = 0, 0
    for edge, one in [*edges, (MAX_SCALAR + 1, 0)]:
        if start < edge:
            groups.setdefault(members, []).append((start, min(edge - 1, MAX_SCALAR)))
            start = edge
        members ^= 1 << one
    return tuple(union(ranges) for ranges in groups.values())
