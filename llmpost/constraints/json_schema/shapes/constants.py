"""Constants: the shape of one given value, or of several: what `const` and `enum` say.

Equal numbers are one value however they are written, and objects have no order. It knows no schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from llmpost.automata.algebra import EMPTY
from llmpost.constraints.json_schema.shapes.claim import NOTHING, Claim, Constant
from llmpost.constraints.json_schema.shapes.keys import ALL_KEYS, Keys
from llmpost.constraints.json_schema.shapes.scalars import Scalars
from llmpost.constraints.json_schema.shapes.shape import ArrayCase, KeyRule, LiteralName, ObjectCase, Shape

_NAMES: dict[object, LiteralName] = {None: "null", True: "true", False: "false"}


def shape_of_constant(value: Any, scalars: Scalars) -> Shape:
    return shape_of_constants([value], scalars)


def shape_of_constants(values: Iterable[Any], scalars: Scalars) -> Shape:
    """Exactly these values."""
    literals: set[LiteralName] = set()
    numbers: list[Decimal] = []
    strings: list[str] = []
    arrays: list[ArrayCase] = []
    objects: list[ObjectCase] = []
    for value in values:
        if value is None or isinstance(value, bool):
            literals.add(_NAMES[value])
        elif isinstance(value, str):
            strings.append(value)
        elif isinstance(value, int | float | Decimal):
            numbers.append(exact(value))
        elif isinstance(value, Mapping):
            objects.append(_object(value))
        else:
            arrays.append(_array(value))
    return Shape(
        frozenset(literals),
        scalars.few_numbers(numbers) if numbers else EMPTY,
        scalars.few_strings(strings) if strings else EMPTY,
        tuple(arrays),
        tuple(objects),
    )


def exact(number: float | Decimal) -> Decimal:
    """A number of a schema as it was written: of a float, its shortest decimal."""
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def _array(value: Iterable[Any]) -> ArrayCase:
    prefix = tuple((Claim(Constant(item)),) for item in value)
    return ArrayCase(prefix, NOTHING, len(prefix), len(prefix))


def _object(value: Mapping[str, Any]) -> ObjectCase:
    named = tuple((key, (Claim(Constant(member)),)) for key, member in value.items())
    names = frozenset(value)
    return ObjectCase(
        order=tuple(value),
        named=named,
        rules=(KeyRule(Keys(names, others=True), NOTHING),),
        required=names,
        evaluated=ALL_KEYS,
    )
