"""Keywords: what one schema says, keyword by keyword, as a shape.

What it asserts by kind comes first, then what its applicators add, then what is left of `unevaluated…`. Subschemas of
parts of the value become demands and are not looked into. A schema is read in the vocabulary of 2020-12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Protocol

from llmpost.automata.algebra import EMPTY, Term
from llmpost.constraints.json_schema.document.dialect import DRAFT_4, DRAFT_2020_12
from llmpost.constraints.json_schema.document.node import Node
from llmpost.constraints.json_schema.document.patterns import pattern_fault
from llmpost.constraints.json_schema.numbers.interval import Bound, Interval
from llmpost.constraints.json_schema.shapes.boolean import Boolean
from llmpost.constraints.json_schema.shapes.case_sets import TooManyCases
from llmpost.constraints.json_schema.shapes.cases import without_unevaluated_items, without_unevaluated_keys
from llmpost.constraints.json_schema.shapes.claim import ANY, NOTHING, Demand, both, claimed
from llmpost.constraints.json_schema.shapes.constants import shape_of_constants
from llmpost.constraints.json_schema.shapes.glance import Glance
from llmpost.constraints.json_schema.shapes.keys import ALL_KEYS, NO_KEYS, Keys
from llmpost.constraints.json_schema.shapes.scalars import Scalars
from llmpost.constraints.json_schema.shapes.shape import (
    LITERALS,
    ArrayCase,
    Breach,
    Containment,
    KeyRule,
    LiteralName,
    ObjectCase,
    Shape,
)  # fmt: skip
from llmpost.errors import ConstraintError

MAX_TRACKED = 8
"""Branches of one `anyOf` beside `unevaluated…`: each of their subsets is a case."""

MAX_CONTAINERS = 4_096
"""Arrays and objects in one `enum`: each is a case of its own. Of scalars there may be any number."""

_INTERVALS: dict[str, Callable[[Decimal], Interval]] = {
    "minimum": lambda value: Interval(low=Bound(value)),
    "exclusiveMinimum": lambda value: Interval(low=Bound(value, is_excluded=True)),
    "maximum": lambda value: Interval(high=Bound(value)),
    "exclusiveMaximum": lambda value: Interval(high=Bound(value, is_excluded=True)),
    "multipleOf": lambda value: Interval(step=value),
}
_ALL_TYPES = ("null", "boolean", "number", "string", "array", "object")


class Meanings(Protocol):
    """Where demands are looked up."""

    @property
    def scalars(self) -> Scalars: ...

    @property
    def boolean(self) -> Boolean: ...

    def shape(self, demand: Demand) -> Shape: ...

    def may_be_met(self, demand: Demand) -> bool: ...


class Keywords:
    """Reads one schema at a time."""

    def __init__(self, meanings: Meanings, *, is_strict: bool, tracks_evaluated: bool, asserts_formats: bool) -> None:
        self._meanings = meanings
        self._is_strict = is_strict
        self._tracks_evaluated = tracks_evaluated
        self._asserts_formats = asserts_formats

    def shape_of(self, node: Node) -> Shape:
        """What the schema says in all."""
        if node.boolean is not None:
            return self._meanings.shape(claimed(node))
        try:
            shape = self._asserted(node)
            for part in self._applied(node):
                shape = self._meanings.boolean.both(shape, part)
            return self._evaluated(node, shape)
        except TooManyCases:
            raise ConstraintError(
                f"json_schema at {node.pointer or '/'}", "a schema that falls into too many cases",
                "one whose branches overlap less", "Give the branches a property by which they differ.",
            ) from None  # fmt: skip

    # What is asserted, by kind.

    def _asserted(self, node: Node) -> Shape:
        types = node.value("type") or _ALL_TYPES
        if node.has("enum") or node.has("const"):
            return self._given(node, types)
        return Shape(
            _literals(types),
            self._numbers(node, types),
            self._strings(node) if "string" in types else EMPTY,
            (_array_case(node),) if "array" in types else (),
            (self._objects(node),) if "object" in types else (),
        )

    def _given(self, node: Node, types: Sequence[str]) -> Shape:
        """`enum` and `const`, and whatever else is said beside them."""
        boolean = self._meanings.boolean
        shape = boolean.any
        if node.has("enum"):
            values = node.value("enum")
            _check_containers(node, values)
            shape = shape_of_constants(values, self._meanings.scalars)
        if node.has("const"):
            shape = boolean.both(shape, shape_of_constants([node.value("const")], self._meanings.scalars))
        everything = boolean.any
        beside = Shape(
            _literals(types),
            self._numbers(node, types) if shape.numbers else EMPTY,
            self._strings(node) if shape.strings and "string" in types else EMPTY,
            (_array_case(node),) if "array" in types and shape.arrays else (),
            (self._objects(node),) if "object" in types and shape.objects else (),
        )
        return shape if beside == everything else boolean.both(shape, beside)

    def _numbers(self, node: Node, types: Sequence[str]) -> Term:
        is_integer = "integer" in types and "number" not in types
        if not is_integer and "number" not in types:
            return EMPTY
        numbers = self._meanings.scalars.spelled_numbers
        if is_integer and node.dialect is DRAFT_4:
            plain = numbers.written_as_integers()
            interval = _interval(node, is_integer=False)
            return (
                plain
                if interval == Interval()
                else self._meanings.scalars.numbers.both(plain, numbers.within(interval))
            )
        return self._meanings.scalars.numbers.within(_interval(node, is_integer))

    def _objects(self, node: Node) -> ObjectCase:
        by_pattern = node.named("patternProperties").items()
        return _object_case(node, {one: schema for one, schema in by_pattern if self._readable(one) is not None})

    def _readable(self, pattern: str | None) -> str | None:
        """The pattern; None where it cannot be read, and need not be enforced."""
        return pattern if self._is_strict or pattern is None or pattern_fault(pattern) is None else None

    def _strings(self, node: Node) -> Term:
        strings, kept = self._meanings.scalars.spelled_strings, self._meanings.scalars.strings
        low, high = node.value("minLength", 0), node.value("maxLength")
        pattern, name = self._readable(node.value("pattern")), node.value("format")
        if high is not None and low > high:
            return EMPTY
        term = strings.of_length(low, high) if pattern is None else kept.live(strings.matching(pattern, low, high))
        if name is None or not self._asserts_formats:
            return term
        if pattern is None:
            of_format = strings.of_format(name, low, high)
            return term if of_format is None else kept.live(of_format)
        of_format = strings.of_format(name)
        return term if of_format is None else kept.both(term, of_format)

    # What is applied in place.

    def _applied(self, node: Node) -> Iterator[Shape]:
        shape, boolean = self._meanings.shape, self._meanings.boolean
        for target in (*node.references(), *node.schemas("allOf")):
            yield shape(claimed(target))
        if branches := node.schemas("anyOf"):
            yield self._any_of([claimed(branch) for branch in branches])
        if branches := node.schemas("oneOf"):
            yield self._one_of([claimed(branch) for branch in branches])
        if (denial := node.schema("not")) is not None:
            yield boolean.other(shape(claimed(denial)))
        if (condition := node.schema("if")) is not None and self._matters(node):
            yield self._conditional(claimed(condition), _of(node.schema("then")), _of(node.schema("else")))
        yield from self._dependent(node)

    def _matters(self, node: Node) -> bool:
        """Whether its `if` says anything: alone it does no more than speak of keys and items."""
        return self._tracks_evaluated or node.has("then") or node.has("else")

    def _any_of(self, demands: Sequence[Demand]) -> Shape:
        shape, boolean = self._meanings.shape, self._meanings.boolean
        if not self._tracks_evaluated:
            return boolean.either(map(shape, demands))
        silent = [demand for demand in demands if not _speaks(shape(demand))]
        speaking = [demand for demand in dict.fromkeys(demands) if demand not in silent]
        if len(speaking) > MAX_TRACKED:
            raise TooManyCases
        subsets = (some for size in range(1, len(speaking) + 1) for some in combinations(speaking, size))
        return boolean.either(map(shape, (*silent, *map(both, subsets))))

    def _one_of(self, demands: Sequence[Demand]) -> Shape:
        """Each branch without what it has in common with another."""
        shape, boolean = self._meanings.shape, self._meanings.boolean
        glances = [Glance.at(shape(demand)) for demand in demands]
        denials: list[list[Demand]] = [[] for _ in demands]
        for one, other in combinations(range(len(demands)), 2):
            if not glances[one].is_apart_from(glances[other]) and self._overlap(demands[one], demands[other]):
                denials[one].append(demands[other])
                denials[other].append(demands[one])
        found = []
        for demand, denied in zip(demands, denials, strict=True):
            alone = shape(demand)
            for another in denied:
                alone = boolean.both(alone, boolean.other(shape(another)))
            found.append(boolean.alive(alone) if denied else alone)
        return boolean.either(found)

    def _overlap(self, one: Demand, other: Demand) -> bool:
        return one == other or self._meanings.may_be_met(both([one, other]))

    def _conditional(self, condition: Demand, then: Demand, otherwise: Demand) -> Shape:
        shape, boolean = self._meanings.shape, self._meanings.boolean
        yes = boolean.both(shape(condition), shape(then))
        no = boolean.both(boolean.other(shape(condition)), shape(otherwise))
        return boolean.either([boolean.alive(yes), boolean.alive(no)])

    def _dependent(self, node: Node) -> Iterator[Shape]:
        """Where a key is present, others are too, or a schema holds for the whole object."""
        if needed := node.value("dependentRequired"):
            wanted = tuple(_needs(key, name) for key, names in needed.items() for name in names)
            yield self._of_objects((ObjectCase(breaches=wanted),))
        for key, schema in node.named("dependentSchemas").items():
            objects = self._meanings.shape(claimed(schema)).objects
            present = self._meanings.boolean.both(
                Shape(objects=(ObjectCase(required=frozenset({key})),)), Shape(objects=objects)
            )
            yield self._where_present(key, present.objects)

    def _where_present(self, key: str, present: tuple[ObjectCase, ...]) -> Shape:
        return self._of_objects((ObjectCase(named=((key, NOTHING),)), *present))

    def _of_objects(self, cases: tuple[ObjectCase, ...]) -> Shape:
        """These objects, and whatever is none."""
        return self._meanings.boolean.any.only(arrays=(ArrayCase(),), objects=cases)

    # What nothing has spoken of.

    def _evaluated(self, node: Node, shape: Shape) -> Shape:
        arrays, objects = shape.arrays, shape.objects
        if (rest := node.schema("unevaluatedProperties")) is not None:
            objects = tuple(without_unevaluated_keys(case, claimed(rest)) for case in objects)
        if (rest := node.schema("unevaluatedItems")) is not None:
            arrays = tuple(without_unevaluated_items(case, claimed(rest)) for case in arrays)
        return shape.only(arrays=arrays, objects=objects)


def _check_containers(node: Node, values: Sequence[object]) -> None:
    if len(values) > MAX_CONTAINERS and sum(isinstance(one, dict | list) for one in values) > MAX_CONTAINERS:
        raise ConstraintError(
            f"json_schema at {node.pointer_to('enum')}", "a list of so many arrays and objects",
            f"one with at most {MAX_CONTAINERS:,} of them", "Say by 'properties' and 'items' what they have in common.",
        )  # fmt: skip


def _needs(key: str, name: str) -> Breach:
    """One key is missing or another is there."""
    return Breach((KeyRule(Keys(frozenset({name})), ANY),), frozenset({key}))


def _speaks(shape: Shape) -> bool:
    """Whether it speaks of keys or items of some value."""
    return any(case.evaluated != NO_KEYS for case in shape.objects) or any(
        case.num_evaluated != 0 or case.evaluated_by for case in shape.arrays
    )


def _literals(types: Sequence[str]) -> frozenset[LiteralName]:
    if "boolean" in types:
        return LITERALS if "null" in types else LITERALS - {"null"}
    return frozenset({"null"}) if "null" in types else frozenset()


def _object_case(node: Node, patterns: Mapping[str, Node]) -> ObjectCase:
    properties = node.named("properties")
    rules = [KeyRule(Keys(patterns=frozenset({pattern})), claimed(schema)) for pattern, schema in patterns.items()]
    spoken_of = Keys(frozenset(properties), frozenset(patterns))
    evaluated = spoken_of
    if (rest := node.schema("additionalProperties")) is not None:
        evaluated = ALL_KEYS
        if (demand := claimed(rest)) != ANY:
            rules.append(KeyRule(Keys(spoken_of.names, spoken_of.patterns, others=True), demand))
    if (names := node.schema("propertyNames")) is not None and (demand := claimed(names)) != ANY:
        rules.append(KeyRule(Keys(patterns=frozenset({demand}), others=True), NOTHING))
    return ObjectCase(
        order=tuple(properties),
        named=tuple((name, demand) for name, schema in properties.items() if (demand := claimed(schema)) != ANY),
        rules=tuple(rules),
        required=frozenset(node.value("required", ())),
        least=node.value("minProperties", 0),
        most=node.value("maxProperties"),
        evaluated=evaluated,
    )


def _array_case(node: Node) -> ArrayCase:
    prefix = tuple(map(claimed, node.schemas("prefixItems")))
    rest = node.schema("items")
    containments: tuple[Containment, ...] = ()
    evaluated_by: tuple[Demand, ...] = ()
    if (contains := node.schema("contains")) is not None:
        demand = claimed(contains)
        containments = (Containment(demand, node.value("minContains", 1), node.value("maxContains")),)
        evaluated_by = (demand,) if node.dialect is DRAFT_2020_12 else ()
    return ArrayCase(
        prefix=prefix,
        rest=_of(rest),
        least=node.value("minItems", 0),
        most=node.value("maxItems"),
        containments=tuple(one for one in containments if one.least or one.most is not None),
        is_unique=bool(node.value("uniqueItems")) and node.value("maxItems", 2) > 1,
        num_evaluated=len(prefix) if rest is None else None,
        evaluated_by=evaluated_by,
    )


def _of(node: Node | None) -> Demand:
    return ANY if node is None else claimed(node)


def _interval(node: Node, is_integer: bool) -> Interval:
    interval = Interval(step=Decimal(1) if is_integer else None)
    for name, one in _INTERVALS.items():
        if (value := node.value(name)) is not None:
            interval = interval.meet(one(value))
    return interval
