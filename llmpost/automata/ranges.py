"""Ranges of numbers: joined, cut, and searched. Bytes and characters are both; it knows of neither but the surrogates.

What the reference algebra keeps of a class of bytes or of characters is such a tuple; equal sets are equal tuples.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from llmpost.automata.algebra import MAX_SCALAR, SURROGATES, Ranges


def joined_ranges(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ascending, apart, and none next to another."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def scalar_ranges(ranges: Ranges) -> tuple[tuple[int, int], ...]:
    joined = joined_ranges(ranges)
    return cut_ranges(joined, 0, SURROGATES[0] - 1) + cut_ranges(joined, SURROGATES[1] + 1, MAX_SCALAR)


def cut_ranges(ranges: Ranges, low: int, high: int) -> tuple[tuple[int, int], ...]:
    """The part of the ranges from `low` to `high`."""
    return tuple((max(a, low), min(b, high)) for a, b in ranges if a <= high and b >= low)


def is_within(ranges: Ranges, value: int) -> bool:
    place = bisect_right(ranges, value, key=lambda pair: pair[0])
    return place > 0 and value <= ranges[place - 1][1]
