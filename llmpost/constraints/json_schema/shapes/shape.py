"""Shape: what a schema means, in normal form: literals, numbers and strings, and arrays and objects by cases.

Numbers and strings are terms of an algebra, so their sets are exact; a case of an array or object says what each part
has to be by a demand. A value belongs to a shape when one case of its kind has it. No case knows how it is spelled.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from llmpost.automata.algebra import EMPTY, Term
from llmpost.constraints.json_schema.shapes.claim import ANY, Demand
from llmpost.constraints.json_schema.shapes.keys import NO_KEYS, Keys

LiteralName: TypeAlias = Literal["null", "true", "false"]
LITERALS: Final[frozenset[LiteralName]] = frozenset({"null", "true", "false"})


@dataclass(frozen=True, slots=True)
class Containment:
    """Of an array's items, from the one at `start` on, `least` to `most` (None: any number) meet a demand."""

    demand: Demand
    least: int
    most: int | None
    start: int = 0


@dataclass(frozen=True, slots=True)
class ArrayCase:
    """Arrays of `least` to `most` items: the first ones as `prefix` says, each of the others as `rest` says."""

    prefix: tuple[Demand, ...] = ()
    rest: Demand = ANY
    least: int = 0
    most: int | None = None
    containments: tuple[Containment, ...] = ()
    is_unique: bool = False
    has_twins: bool = False
    """Two items at least are equal: what denies `is_unique`."""
    num_evaluated: int | None = field(default=0)
    """How many items, from the first, a schema has spoken of (None: all); only `unevaluatedItems` asks."""
    evaluated_by: tuple[Demand, ...] = ()
    """Items that meet one of these count as spoken of too."""

    def item(self, index: int) -> Demand:
        return self.prefix[index] if index < len(self.prefix) else self.rest


@dataclass(frozen=True, slots=True)
class KeyRule:
    """Every member whose key is in `keys` has a value that meets `demand`."""

    keys: Keys
    demand: Demand


@dataclass(frozen=True, slots=True)
class Breach:
    """How an object may break another case; it has to do so in one of these ways, or in several.

    Some member is as one of the `rules` says, or a key of `missing` is missing, or there are fewer or more members.
    """

    rules: tuple[KeyRule, ...] = ()
    missing: frozenset[str] = frozenset()
    fewer_than: int = 0
    more_than: int | None = None

    def without(self, name: str) -> Breach:
        """What is left of it once this key is there."""
        return replace(self, missing=self.missing - {name}) if name in self.missing else self


@dataclass(frozen=True, slots=True)
class ObjectCase:
    """Objects whose members meet all of these; a key that nothing speaks of may have any value."""

    order: tuple[str, ...] = ()
    """The keys that are listed, in the order in which they are to be written; others may stand anywhere."""
    named: tuple[tuple[str, Demand], ...] = ()
    rules: tuple[KeyRule, ...] = ()
    required: frozenset[str] = frozenset()
    least: int = 0
    most: int | None = None
    breaches: tuple[Breach, ...] = ()
    evaluated: Keys = NO_KEYS
    """Keys that a schema has spoken of; only `unevaluatedProperties` asks."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The union of its kinds."""

    literals: frozenset[LiteralName] = frozenset()
    numbers: Term = EMPTY
    strings: Term = EMPTY
    arrays: tuple[ArrayCase, ...] = ()
    objects: tuple[ObjectCase, ...] = ()

    def only(self, *, arrays: tuple[ArrayCase, ...], objects: tuple[ObjectCase, ...]) -> Shape:
        """The same scalars with other containers."""
        return replace(self, arrays=arrays, objects=objects)


NO_VALUE = Shape()
