"""Places of a schema: its subschemas, each with the key path of the policy at which it stands.

What a subschema under `not` or `if` asks for need not be true of any value, so those are left out. Knows no keyword but
those that hold other schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MOST_PLACES = 2_000
_ONE = ("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "contains", "then", "else")
_MANY = ("prefixItems", "anyOf", "allOf", "oneOf")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
ROOT = "constraint.json_schema"


@dataclass(frozen=True, slots=True)
class Place:
    """A subschema that is an object."""

    where: str
    schema: Mapping[str, Any]


def places_of(schema: Any) -> Iterator[Place]:
    """The outer ones first, as many as can be looked at."""
    waiting = [(ROOT, schema)]
    for count, (where, here) in enumerate(waiting):
        if count >= _MOST_PLACES:
            return
        if isinstance(here, Mapping):
            yield Place(where, here)
            waiting += _below(where, here)


def _below(where: str, here: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in _ONE:
        if key in here:
            yield f"{where}.{key}", here[key]
    for key in _MANY:
        if isinstance(here.get(key), list):
            yield from ((f"{where}.{key}[{place}]", one) for place, one in enumerate(here[key]))
    for key in _NAMED:
        if isinstance(here.get(key), Mapping):
            yield from ((f"{where}.{key}.{name}", one) for name, one in here[key].items())
