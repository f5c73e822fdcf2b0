"""Validity by the standard: `jsonschema`, mended where it and the standard differ; slow, and plain to read.

Numbers are exact decimals from end to end, and patterns are read as ECMA 262. It judges values, not texts: how a value
may be written is the business of `spelling_oracle`. Formats are annotations here; they have tests of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from ecma_patterns import as_python
from jsonschema import validators
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

Value: TypeAlias = Any
"""A JSON value; its numbers are int or Decimal."""

DIFFERENCES: list[tuple[str, Value, str, bool]] = [
    # schema, instance, why the library says otherwise, what the standard says
    ({"pattern": "a$"}, "a\n", "`$` of `re` also stands before a line feed at the end", False),
    ({"pattern": "^.$"}, "\r", "`.` of `re` leaves out the line feed alone, ECMA's four characters", False),
    ({"pattern": r"^\d$"}, "\u0663", r"`\d` of `re` knows all of Unicode's digits", False),
    ({"pattern": r"^\w$"}, "é", r"`\w` of `re` knows all of Unicode's letters", False),
    ({"pattern": r"^\s$"}, "\ufeff", "the byte order mark is a space in ECMA 262", True),
    ({"pattern": r"^\s$"}, "\x1c", "the separators of ASCII are spaces in `re` alone", False),
    ({"pattern": r"^a\/\u{62}$"}, "a/b", r"`\u{..}` is no escape in `re`", True),
    ({"patternProperties": {"^a$": False}}, {"a\n": 1}, "as for pattern", True),
    ({"patternProperties": {"^a$": {}}, "additionalProperties": False}, {"a\n": 1}, "as for pattern", False),
    ({"patternProperties": {"": {}}, "additionalProperties": False}, {"a": 1}, "an empty pattern is none to it", True),
    ({"multipleOf": 0.1}, Decimal("0.3"), "0.3 / 0.1 is not 3 in floats", True),
    ({"multipleOf": 0.01}, Decimal("1.13"), "1.13 / 0.01 is not 113 in floats", True),
    ({"maximum": 0.3}, Decimal("0.30000000000000001"), "the float 0.3 is another number than 0.3", False),
    ({"const": 0.1}, Decimal("0.1000000000000000055511151231257827"), "as for maximum", False),
    ({"type": "integer"}, Decimal("1e400"), "a float would be infinite", True),
    ({"$schema": "https://json-schema.org/draft/2019-09/schema", "additionalProperties": {"type": "null"},
      "unevaluatedProperties": False}, {"a": None}, "keys are looked up in `additionalProperties` as in `properties`",
     True),
    ({"uniqueItems": True}, [[0], [False], [0]], "items that Python finds equal stand between equal ones", False),
]  # fmt: skip
"""Each with a case that shows it. All the rest is the library's word."""


class Oracle:
    """One schema, judged by the dialect it names (none: 2020-12).

    >>> Oracle({"type": "integer", "multipleOf": 0.1}).is_valid(Decimal("3.0"))
    True
    """

    def __init__(self, schema: Value) -> None:
        """The schema must be a valid one; this does not check it."""
        self._validator = _mended_class(schema)(_mended(exact(schema)))

    def is_valid(self, value: Value) -> bool:
        return bool(self._validator.is_valid(exact(value)))


def exact(value: Value) -> Value:
    """The value with decimals for floats, by their shortest spelling."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {name: exact(member) for name, member in value.items()}
    return [exact(item) for item in value] if isinstance(value, list | tuple) else value


def read_exactly(text: str) -> Value:
    """The value of a JSON text, with decimals."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def identity(value: Value) -> Any:
    """Equal exactly where the standard says that two JSON values are."""
    if isinstance(value, Mapping):
        return "object", frozenset((name, identity(member)) for name, member in value.items())
    if isinstance(value, list | tuple):
        return "array", tuple(map(identity, value))
    if isinstance(value, bool) or value is None:
        return "literal", value
    return ("string", value) if isinstance(value, str) else ("number", Fraction(value))


def _refuse(name: str) -> Value:
    raise ValueError(f"{name} is no JSON")


# The library's own pieces, mended.


def _mended_class(schema: Value) -> Callable[[Value], Validator]:
    ours: Any = validators.validator_for(schema, default=validators.Draft202012Validator)
    is_integer = _is_written_as_integer if ours is validators.Draft4Validator else _is_integer
    types = ours.TYPE_CHECKER.redefine("integer", is_integer).redefine("number", _is_number)
    checks = {"multipleOf": _multiple_of, "uniqueItems": _unique, "enum": _enum}
    if ours is validators.Draft201909Validator:
        checks["unevaluatedProperties"] = validators.Draft202012Validator.VALIDATORS["unevaluatedProperties"]
    if "const" in ours.VALIDATORS:
        checks["const"] = lambda _, wanted, instance, __: _enum(_, [wanted], instance, __)
    made: Callable[[Value], Validator] = validators.extend(ours, checks, type_checker=types)
    return made


def _is_number(_checker: object, instance: Value) -> bool:
    return isinstance(instance, int | Decimal) and not isinstance(instance, bool)


def _is_integer(_checker: object, instance: Value) -> bool:
    return _is_number(_checker, instance) and Fraction(instance).denominator == 1


def _is_written_as_integer(_checker: object, instance: Value) -> bool:
    """In draft 4 alone: a number without a point and without an exponent."""
    return isinstance(instance, int) and not isinstance(instance, bool)


def _multiple_of(_validator: object, of: Value, instance: Value, _schema: Value) -> Iterator[ValidationError]:
    if _is_number(None, instance) and (Fraction(instance) / Fraction(of)).denominator != 1:
        yield ValidationError(f"{instance} is not a multiple of {of}")


def _unique(_validator: object, is_wanted: bool, instance: Value, _schema: Value) -> Iterator[ValidationError]:
    if is_wanted and isinstance(instance, list) and len(set(map(identity, instance))) < len(instance):
        yield ValidationError("two items are equal")


def _enum(_validator: object, values: Value, instance: Value, _schema: Value) -> Iterator[ValidationError]:
    if identity(instance) not in map(identity, values):
        yield ValidationError("none of the values")


_VALUES = ("enum", "const", "default", "examples")
_NAMED = ("properties", "$defs", "definitions", "dependentSchemas", "dependencies")


def _mended(schema: Value) -> Value:
    """Every pattern in Python's dialect, and nothing else touched: a property may be named `pattern`."""
    if isinstance(schema, list):
        return [_mended(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {keyword: _mended_keyword(keyword, given) for keyword, given in schema.items()}


def _mended_keyword(keyword: str, given: Value) -> Value:
    if keyword in _VALUES:
        return given
    if keyword == "pattern":
        return as_python(given)
    if keyword == "patternProperties":
        return {as_python(pattern) or "(?:)": _mended(one) for pattern, one in given.items()}
    if keyword in _NAMED and isinstance(given, dict):
        return {name: _mended(one) for name, one in given.items()}
    return _mended(given)
