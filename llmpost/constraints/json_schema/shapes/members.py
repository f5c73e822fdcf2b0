"""Members: what a case of objects asks of each single key, once all that it says is taken together.

Keys that the case names are entries; all others fall into classes, by the patterns they match, so that what is asked
of a key is one demand. Keys that no value could be given are left out. It knows nothing of text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.document.plain import is_text
from llmpost.constraints.json_schema.shapes.claim import ANY, Demand, both
from llmpost.constraints.json_schema.shapes.keys import KeyPattern
from llmpost.constraints.json_schema.shapes.scalar_set import ScalarSet
from llmpost.constraints.json_schema.shapes.shape import Breach, ObjectCase, Shape
from llmpost.constraints.json_schema.strings.strings import Strings

MAX_CLASSES = 64
"""Of keys that are not named."""
FEW_KEYS = 64
"""A class of so few keys is named after all: then what is left of it can be counted."""


class TooManyClasses(Exception):
    """The patterns for keys overlap in more ways than are kept apart."""


class Meanings(Protocol):
    """What members have to be looked up in."""

    @property
    def algebra(self) -> Algebra: ...

    @property
    def strings(self) -> Strings: ...

    @property
    def string_set(self) -> ScalarSet: ...

    def shape(self, demand: Demand) -> Shape: ...

    def is_inhabited(self, demand: Demand) -> bool: ...

    def key(self, name: str) -> Term: ...

    def any_key(self) -> Term: ...

    def keys(self, pattern: KeyPattern) -> Term: ...

    def matches(self, pattern: KeyPattern, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A key by its name; `place` in the order of writing, None where it may stand anywhere."""

    name: str
    demand: Demand
    is_required: bool
    place: int | None


@dataclass(frozen=True, slots=True)
class KeyClass:
    """Keys by a language (what stands between the quotes), alike in the patterns they match."""

    keys: Term
    demand: Demand
    matched: frozenset[KeyPattern]


@dataclass(frozen=True, slots=True)
class Members:
    """`entries` in order, those without a place last; from `least` to `most` members in all."""

    entries: tuple[Entry, ...]
    classes: tuple[KeyClass, ...]
    least: int
    most: int | None
    breaches: tuple[Breach, ...]

    @classmethod
    def of(cls, case: ObjectCase, meanings: Meanings) -> Members | None:
        """None where a required key can have no value."""
        return _Reader(case, meanings).members()


class _Reader:
    def __init__(self, case: ObjectCase, meanings: Meanings) -> None:
        self._case = case
        self._meanings = meanings
        self._named = dict(case.named)
        rules = (*case.rules, *(rule for breach in case.breaches for rule in breach.rules))
        spoken_of = {name for rule in rules for name in rule.keys.names}.union(
            case.required, *(breach.missing for breach in case.breaches)
        )
        self._names = tuple(dict.fromkeys((*case.order, *self._named, *sorted(spoken_of))))
        self._patterns = tuple(dict.fromkeys(one for rule in rules for one in _sorted(rule.keys.patterns)))

    def members(self) -> Members | None:
        place_of = {name: place for place, name in enumerate(self._case.order)}
        listed: list[Entry] = []
        anywhere: list[Entry] = []
        for name in self._names:
            demand = self._demand(name)
            is_required = name in self._case.required
            if is_text(name) and self._meanings.is_inhabited(demand) and self._meanings.key(name):
                place = place_of.get(name)
                (anywhere if place is None else listed).append(Entry(name, demand, is_required, place))
            elif is_required:
                return None
        classes = []
        for one in self._classes():
            few = self._meanings.strings.few(one.keys, FEW_KEYS) if self._patterns and self._has_least else None
            if few is None:
                classes.append(one)
            else:
                anywhere += [Entry(name, one.demand, False, None) for name in few]
        return Members((*listed, *anywhere), tuple(classes), self._case.least, self._case.most, self._case.breaches)

    @property
    def _has_least(self) -> bool:
        """Whether it matters how many keys there can be."""
        return self._case.least > 0 or any(breach.more_than is not None for breach in self._case.breaches)

    def _demand(self, name: str) -> Demand:
        rules = (rule.demand for rule in self._case.rules if rule.keys.has(name, self._meanings.matches))
        return both([self._named.get(name, ANY), *rules])

    def _classes(self) -> Iterator[KeyClass]:
        for keys, matched in self._split():
            demand = both(rule.demand for rule in self._case.rules if rule.keys.has_unnamed(matched))
            if self._meanings.is_inhabited(demand):
                yield KeyClass(keys, demand, matched)

    def _split(self) -> list[tuple[Term, frozenset[KeyPattern]]]:
        """Languages of keys, none in two, together all keys that have no name here."""
        strings = self._meanings.string_set
        found: list[tuple[Term, frozenset[KeyPattern]]] = [(self._meanings.any_key(), frozenset())]
        for pattern in self._patterns:
            term = self._meanings.keys(pattern)
            inside = [(strings.both(keys, term), matched | {pattern}) for keys, matched in found]
            outside = [(strings.both(keys, strings.other(term)), matched) for keys, matched in found]
            found = [one for one in (*inside, *outside) if one[0]]
            if len(found) > MAX_CLASSES:
                raise TooManyClasses
        if not self._names:
            return found
        algebra = self._meanings.algebra
        unnamed = algebra.complement(self._meanings.strings.texts(self._names))
        rest = ((algebra.intersect([keys, unnamed]), matched) for keys, matched in found)
        return [(keys, matched) for keys, matched in rest if algebra.is_live(keys)]


def _sorted(patterns: frozenset[KeyPattern]) -> list[KeyPattern]:
    """In an order that does not depend on the run."""
    texts = sorted(one for one in patterns if isinstance(one, str))
    return [*texts, *(one for one in patterns if not isinstance(one, str))]
