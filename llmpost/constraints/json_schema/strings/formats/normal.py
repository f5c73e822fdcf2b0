"""Unicode's normal form C, by what hurts it: two characters that would be one, and marks out of order.

Composition joins a character and a mark behind it when only marks of lower classes stand between; where the order is
kept, that is all there is to say. It holds for texts without characters that are never in form C.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from llmpost.automata.algebra import ANYTHING, Algebra, Term
from llmpost.automata.regex.properties import property_ranges
from llmpost.automata.regex.ranges import ALL, RangeSet, contains, intersection, union


def abnormal(algebra: Algebra, letters: RangeSet) -> Term:
    """Of texts of these letters: the beginning of one that is not in form C, and anything behind it.

    So what is left of its complement is empty as soon as the form is hurt, and not only dead.
    """
    marks = {order: some for order, all_of in _marks().items() if (some := intersection(all_of, letters))}
    anything = algebra.repeat(algebra.characters(ALL), 0, None)
    hurt = algebra.alternate([*_undone(algebra, letters, marks), *_out_of_order(algebra, marks)])
    return algebra.concat([anything, hurt, ANYTHING])


def _undone(algebra: Algebra, letters: RangeSet, marks: Mapping[int, RangeSet]) -> Iterator[Term]:
    """Two characters that would be one."""
    for last, all_firsts in _compositions().items():
        firsts = intersection(all_firsts, letters)
        if firsts and contains(letters, ord(last)):
            order = unicodedata.combining(last)
            lower = algebra.characters(_union(some for here, some in marks.items() if here < order))
            between = algebra.repeat(lower, 0, None)
            yield algebra.concat([algebra.characters(firsts), between, algebra.characters(((ord(last), ord(last)),))])


def _out_of_order(algebra: Algebra, marks: Mapping[int, RangeSet]) -> Iterator[Term]:
    """A mark behind one of a higher class."""
    for order, some in marks.items():
        higher = _union(others for here, others in marks.items() if here > order)
        yield algebra.concat([algebra.characters(higher), algebra.characters(some)])


@lru_cache(maxsize=1)
def _compositions() -> Mapping[str, RangeSet]:
    """For each character that a composition ends in, those it joins with."""
    firsts: dict[str, list[int]] = {}
    for low, high in property_ranges("Decomposition_Type=Canonical") or ():
        for composed in map(chr, range(low, high + 1)):
            parts = [chr(int(number, 16)) for number in unicodedata.decomposition(composed).split()]
            if len(parts) == 2 and unicodedata.normalize("NFC", "".join(parts)) == composed:
                firsts.setdefault(parts[1], []).append(ord(parts[0]))
    return {last: union((code, code) for code in codes) for last, codes in sorted(firsts.items())}


@lru_cache(maxsize=1)
def _marks() -> Mapping[int, RangeSet]:
    """The marks of each combining class."""
    marks: dict[int, list[int]] = {}
    for low, high in property_ranges("M") or ():
        for code in range(low, high + 1):
            if order := unicodedata.combining(chr(code)):
                marks.setdefault(order, []).append(code)
    return {order: union((code, code) for code in codes) for order, codes in sorted(marks.items())}


def _union(sets: Iterable[RangeSet]) -> RangeSet:
    return union(pair for ranges in sets for pair in ranges)
