"""Texts that contain an entity: one automaton, which all entities of a list share.

It goes through a text remembering of what came before only which bounds it breaks, and whether a joiner would break one
now; wherever they are kept, a match may begin. So a list of fifty entities with three kinds of bounds has a handful
of places to be in between matches. Knows no tokens; who wants texts *without* entities takes the complement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from llmpost.automata.algebra import ANYTHING, EMPTY, EPSILON, Algebra, Term
from llmpost.automata.entities.bounds import Bounds
from llmpost.automata.entities.entity import Entity
from llmpost.automata.regex.ranges import RangeSet, contains, intersection, inverse, partition, union


def containing(algebra: Algebra, entities: Iterable[Entity], text: Term = ANYTHING) -> Term:
    """All texts in which some entity stands within its bounds. EMPTY of no entities.

    Before a match stand characters; behind the one that bounds it stands `text`. With ANYTHING a text is decided as
    soon as a match is, so that the complement has nothing left there.
    """
    starts: dict[Bounds, list[Term]] = {}
    for entity in entities:
        for form in entity.forms:
            starts.setdefault(form.bounds, []).append(form.read(algebra))
    if not starts:
        return EMPTY
    matches = tuple((bounds, _bounded(algebra, terms, bounds, text)) for bounds, terms in starts.items())
    return _Search(algebra, matches).place(_Past(0, 0))


def _bounded(algebra: Algebra, terms: Sequence[Term], bounds: Bounds, text: Term) -> Term:
    """One of the terms and the rest of a text; its end bounds, too."""
    joiners = intersection(bounds.joiners, inverse(bounds.beside))
    others = inverse(union([*bounds.beside, *joiners]))
    joined = [EPSILON, algebra.concat([algebra.characters(inverse(bounds.beyond)), text])]
    end = [
        EPSILON,
        algebra.concat([algebra.characters(others), text]),
        algebra.concat([algebra.characters(joiners), algebra.alternate(joined)]),
    ]
    return algebra.concat([algebra.alternate(terms), algebra.alternate(end)])


class _Past(NamedTuple):
    """Of each bounds one bit."""

    broken: int
    """No match of these may begin here."""
    beyond: int
    """A joiner would break these."""


@dataclass(frozen=True, slots=True)
class _Search:
    """The places of the automaton, each a term that is read when a text gets there."""

    algebra: Algebra
    matches: tuple[tuple[Bounds, Term], ...]
    places: dict[_Past, Term] = field(default_factory=dict)

    def place(self, past: _Past) -> Term:
        known = self.places.get(past)
        if known is None:
            known = self.places.setdefault(past, self.algebra.deferred(partial(self._read, past)))
        return known

    def _read(self, past: _Past) -> Term:
        ways = [match for one, (_, match) in enumerate(self.matches) if not past.broken >> one & 1]
        for ranges in self._classes():
            behind = self.place(self._after(past, ranges[0][0]))
            ways.append(self.algebra.concat([self.algebra.characters(ranges), behind]))
        return self.algebra.alternate(ways)

    def _classes(self) -> tuple[RangeSet, ...]:
        """All characters, apart wherever some bounds tell them apart."""
        all_bounds = [bounds for bounds, _ in self.matches]
        return partition(
            tuple(one for each in all_bounds for one in (each.beside, each.joiners, each.beyond, each.leading))
        )

    def _after(self, past: _Past, character: int) -> _Past:
        broken = beyond = 0
        for one, (bounds, _) in enumerate(self.matches):
            joins = contains(bounds.joiners, character) or contains(bounds.leading, character)
            broken |= (contains(bounds.beside, character) or (joins and past.beyond >> one & 1 == 1)) << one
            beyond |= contains(bounds.beyond, character) << one
        return _Past(broken, beyond)
