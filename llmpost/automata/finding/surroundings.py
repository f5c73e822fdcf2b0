"""Surroundings: which bounds are kept between two characters on either side, as tables over classes of characters.

Characters that no bounds tell apart are one class; class 0 is in no set of any bounds, and stands for the ends of a
text as well. Knows no language: where a match may stand, not whether there is one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from llmpost.automata.entities.bounds import Bounds
from llmpost.automata.regex.ranges import RangeSet, contains, partition

ASCII = 128
NOWHERE: RangeSet = ()


class Classes(NamedTuple):
    """The class of each character: from a table of the first 128, or of the last edge that is not above it."""

    number: int
    ascii: array[int]
    edges: array[int]
    behind: array[int]


class Surroundings(NamedTuple):
    """What is known of all bounds at once. The nearer class comes first."""

    classes: Classes
    starts: tuple[tuple[int, ...], ...]
    """Behind two classes of characters: the bounds (their places in the list) that let a match begin."""
    ends: bytes
    """Of bounds, and two classes before which a match of theirs ends: 1 where it may."""


def surroundings_of(all_bounds: Sequence[Bounds]) -> Surroundings:
    sets = [one for each in all_bounds for one in (each.beside, each.joiners, each.beyond, each.leading)]
    classes = (NOWHERE, *partition(tuple(sets)))
    pairs = [(near, far) for near in classes for far in classes]
    starts = tuple(
        tuple(place for place, bounds in enumerate(all_bounds) if _may_start(bounds, near, far)) for near, far in pairs
    )
    ends = bytes(_may_end(bounds, near, far) for bounds in all_bounds for near, far in pairs)
    return Surroundings(_numbered(classes), starts, ends)


def _has(ranges: RangeSet, members: RangeSet) -> bool:
    """Whether the characters of a class are in a set: all are, or none."""
    return bool(members) and contains(ranges, members[0][0])


def _may_start(bounds: Bounds, near: RangeSet, far: RangeSet) -> bool:
    joins = _has(bounds.joiners, near) or _has(bounds.leading, near)
    return not _has(bounds.beside, near) and not (joins and _has(bounds.beyond, far))


def _may_end(bounds: Bounds, near: RangeSet, far: RangeSet) -> bool:
    return not _has(bounds.beside, near) and not (_has(bounds.joiners, near) and _has(bounds.beyond, far))


def _numbered(classes: Sequence[RangeSet]) -> Classes:
    pieces = sorted((low, number) for number, ranges in enumerate(classes) for low, _ in ranges)
    lows, behind = array("i", (low for low, _ in pieces)), array("i", (number for _, number in pieces))
    of_ascii = array("i", (behind[bisect_right(lows, code) - 1] for code in range(ASCII)))
    return Classes(len(classes), of_ascii, lows, behind)
