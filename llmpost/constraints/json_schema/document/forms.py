"""Forms: what the value of a keyword must look like, and which schemas stand in it.

A form is a check of one value and, for the keywords that apply schemas, the way to them. It knows neither the names of
keywords nor the dialects that give them meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

Steps: TypeAlias = tuple[str | int, ...]
Spread: TypeAlias = Callable[[str, Any], list[tuple[Steps, Any]]]

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")

_SOME_ANCHOR = re.compile(r"[A-Za-z_][-A-Za-z0-9._:]*")


@dataclass(frozen=True, slots=True)
class Form:
    """``holds`` says whether a value has it; ``spread`` gives the schemas in a value that has, by their steps."""

    allowed: str
    holds: Callable[[Any], bool]
    spread: Spread | None = None


def _is_string(value: Any) -> bool:
    return type(value) is str


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _is_number(value: Any) -> bool:
    return type(value) is int or type(value) is Decimal


def _is_positive(value: Any) -> bool:
    return _is_number(value) and value > 0


def _is_count(value: Any) -> bool:
    """1.0 is an integer."""
    return _is_number(value) and value >= 0 and value == int(value)


def _is_list(value: Any) -> bool:
    return type(value) is list


def _is_full_list(value: Any) -> bool:
    return type(value) is list and bool(value)


def _is_names(value: Any) -> bool:
    return type(value) is list and set(map(type, value)) <= {str} and len(set(value)) == len(value)


def _is_some_names(value: Any) -> bool:
    return _is_names(value) and bool(value)


def _is_type(value: Any) -> bool:
    return value in TYPES if type(value) is str else _is_some_names(value) and set(value) <= set(TYPES)


def _is_object(value: Any) -> bool:
    return type(value) is dict


def _is_schema(value: Any) -> bool:
    return type(value) is dict or type(value) is bool


def _is_schema_or_schemas(value: Any) -> bool:
    return _is_schema(value) or _is_full_list(value)


def _is_names_by_name(value: Any) -> bool:
    return type(value) is dict and all(map(_is_names, value.values()))


def _is_dependencies(value: Any) -> bool:
    return type(value) is dict and all(_is_schema(needed) or _is_names(needed) for needed in value.values())


def _is_base(value: Any) -> bool:
    return type(value) is str and "#" not in value.removesuffix("#")


def _is_anchor(value: Any) -> bool:
    return type(value) is str and _SOME_ANCHOR.fullmatch(value) is not None


def _itself(name: str, value: Any) -> list[tuple[Steps, Any]]:
    return [((name,), value)]


def _each(name: str, value: Any) -> list[tuple[Steps, Any]]:
    return [((name, place), schema) for place, schema in enumerate(value)]


def _each_named(name: str, value: Any) -> list[tuple[Steps, Any]]:
    return [((name, key), schema) for key, schema in value.items()]


def _itself_or_each(name: str, value: Any) -> list[tuple[Steps, Any]]:
    return _each(name, value) if type(value) is list else _itself(name, value)


def _each_schema(name: str, value: Any) -> list[tuple[Steps, Any]]:
    return [((name, key), schema) for key, schema in value.items() if type(schema) is not list]


ANY = Form("any value", lambda value: True)
STRING = Form("a string", _is_string)
BOOLEAN = Form("true or false", _is_boolean)
NUMBER = Form("a number", _is_number)
POSITIVE = Form("a number above 0", _is_positive)
COUNT = Form("an integer of at least 0", _is_count)
LIST = Form("an array", _is_list)
FULL_LIST = Form("an array with at least one value", _is_full_list)
NAMES = Form("an array of strings without repetition", _is_names)
SOME_NAMES = Form("an array of at least one string without repetition", _is_some_names)
TYPE = Form(f"one of {', '.join(TYPES)}, or an array of some of them without repetition", _is_type)
OBJECT = Form("an object", _is_object)
NAMES_BY_NAME = Form("an object of arrays of strings without repetition", _is_names_by_name)
BASE = Form("a URI reference without fragment", _is_base)
ANCHOR = Form("a name (a letter or _, then letters, digits, - . _)", _is_anchor)

SCHEMA = Form("a schema (an object, true or false)", _is_schema, _itself)
SCHEMAS = Form("an array with at least one schema", _is_full_list, _each)
SCHEMAS_BY_NAME = Form("an object of schemas", _is_object, _each_named)
SCHEMA_OR_SCHEMAS = Form("a schema, or an array with at least one", _is_schema_or_schemas, _itself_or_each)
DEPENDENCIES = Form("an object of schemas and of arrays of strings without repetition", _is_dependencies, _each_schema)
