"""Glances: what is seen of a shape without searching, so that two can be told apart by it.

Branches of `oneOf` mostly differ in kind, or in a key that all of them require with a string of its own. Where a glance
does not tell them apart they may be apart all the same; that is `inhabited`'s question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from llmpost.automata.algebra import EMPTY
from llmpost.constraints.json_schema.document.node import Node
from llmpost.constraints.json_schema.shapes.claim import Demand
from llmpost.constraints.json_schema.shapes.shape import ObjectCase, Shape

_Tags: TypeAlias = Mapping[str, frozenset[str]]
"""Keys that are required, and the strings of which the value is one."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The kinds of a shape's values, and how its objects are tagged."""

    kinds: frozenset[str]
    tags: tuple[_Tags, ...]

    @classmethod
    def at(cls, shape: Shape) -> Glance:
        sets = (("numbers", shape.numbers != EMPTY), ("strings", shape.strings != EMPTY), ("arrays", shape.arrays))
        kinds = shape.literals.union(name for name, has_any in sets if has_any)
        return cls(kinds, tuple(dict(_tags_of(case)) for case in shape.objects))

    def is_apart_from(self, other: Glance) -> bool:
        """True is certain."""
        return self.kinds.isdisjoint(other.kinds) and all(_differ(one, two) for one in self.tags for two in other.tags)


def _tags_of(case: ObjectCase) -> Iterator[tuple[str, frozenset[str]]]:
    for name, demand in case.named:
        if name in case.required and (given := _strings_given(demand)):
            yield name, frozenset(given)


def _strings_given(demand: Demand) -> list[str]:
    """The strings of which a value is one; none where that cannot be said."""
    for claim in demand:
        if claim.holds and isinstance(claim.of, Node):
            values = claim.of.value("enum", [claim.of.value("const")])
            if all(isinstance(value, str) for value in values):
                return list(values)
    return []


def _differ(one: _Tags, two: _Tags) -> bool:
    return any(name in two and tags.isdisjoint(two[name]) for name, tags in one.items())
