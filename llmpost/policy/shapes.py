"""Shapes: what can be written under a key, as fragments of a JSON Schema, for whoever publishes it.

A reader decides; a shape says as much of that as a schema can. Each stands where its reader does, and a law holds them
together. This module knows no key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Shape: TypeAlias = Mapping[str, Any]

FLAG: Shape = {"type": "boolean"}
TEXT: Shape = {"type": "string", "minLength": 1}
ANYTHING: Shape = {}


def number(least: float | None = None, above: float | None = None, most: float | None = None) -> Shape:
    """
    >>> number(above=0, most=1)
    {'type': 'number', 'exclusiveMinimum': 0, 'maximum': 1}
    """
    return {"type": "number", **_given(minimum=least, exclusiveMinimum=above, maximum=most)}


def whole(least: int | None = None, most: int | None = None) -> Shape:
    return {"type": "integer", **_given(minimum=least, maximum=most)}


def one_of(names: Iterable[Any]) -> Shape:
    return {"enum": list(names)}


def listed(item: Shape, least: int | None = None) -> Shape:
    return {"type": "array", "items": item, **_given(minItems=least)}


def mapping(values: Shape, names: Shape | None = None, least: int | None = None) -> Shape:
    """By name."""
    return {"type": "object", "additionalProperties": values, **_given(propertyNames=names, minProperties=least)}


def record(keys: Mapping[str, Shape], needed: Iterable[str] = ()) -> Shape:
    """These keys and no others."""
    required = list(needed)
    more = {"required": required} if required else {}
    return {"type": "object", "properties": dict(keys), "additionalProperties": False, **more}


def either(*shapes: Shape) -> Shape:
    return {"anyOf": list(shapes)}


def told(shape: Shape, words: str) -> Shape:
    """The shape, and what an editor says of it."""
    return {"description": words, **shape}


def or_nothing(shape: Shape) -> Shape:
    """The shape, or the null that says as much as leaving the key out.

    >>> or_nothing(one_of(["a"])), or_nothing(FLAG)
    ({'enum': ['a', None]}, {'type': ['boolean', 'null']})
    """
    if "enum" in shape:
        return {**shape, "enum": [*shape["enum"], None]}
    if isinstance(shape.get("type"), str):
        return {**shape, "type": [shape["type"], "null"]}
    if "anyOf" in shape:
        return {**shape, "anyOf": [*shape["anyOf"], {"type": "null"}]}
    return shape if not shape else either(shape, {"type": "null"})


def _given(**keywords: Any) -> dict[str, Any]:
    return {name: value for name, value in keywords.items() if value is not None}
