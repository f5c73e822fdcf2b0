"""Sizes: how many bytes are enough for some value of a plain schema, seen at a glance.

So that a text is not held to its end for fear of a part that nobody has looked into. As shy as `plain`: None says
nothing. Sizes are of texts without any space; it asks nodes, and nothing of terms.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from llmpost.constraints.json_schema.document.forms import TYPES
from llmpost.constraints.json_schema.document.node import Node
from llmpost.constraints.json_schema.document.survey import REFERENCES
from llmpost.errors import ConstraintError

MAX_DEPTH = 50
_NUMBER = 32  # bytes: digits and a point between bounds that a plain schema may have
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


class Sizes:
    """Answers are kept. `is_plain`: whether a schema surely has a value."""

    def __init__(self, is_plain: Callable[[Node], bool]) -> None:
        self._is_plain = is_plain
        self._known: dict[Node, int | None] = {}
        self._depth = 0

    def of(self, node: Node) -> int | None:
        """Bytes that are enough for one of its values, however its parts are combined; None where that is not seen."""
        if node not in self._known:
            self._known[node] = None  # for whoever needs it on the way to itself
            self._depth += 1
            if self._depth <= MAX_DEPTH and self._is_plain(node):
                self._known[node] = self._found(node)
            self._depth -= 1
        return self._known[node]

    def _found(self, node: Node) -> int | None:
        if node.boolean is not None:
            return 1
        for name in ("enum", "const"):
            if node.has(name):
                values = node.value("enum") if name == "enum" else [node.value("const")]
                return _least([_size_of(value) for value in values if _is_of(node, value)])
        for name in ("anyOf", "oneOf", "allOf", *REFERENCES):
            if node.has(name):
                return _least([self.of(one) for one in _inner(node, name)])
        looks: dict[str, Callable[[Node], int | None]] = {
            "string": _string,
            "array": self._array,
            "object": self._object,
        }
        types: tuple[str, ...] = node.value("type", TYPES[:1])
        return _least([looks.get(one, _other)(node) if one != "null" else 4 for one in types])

    def _array(self, node: Node) -> int | None:
        low = node.value("minItems", 0)
        if not low:
            return None if node.has("contains") else 2
        first, rest = node.schemas("prefixItems"), node.schema("items")
        sizes = [self.of(one) for one in first[:low]]
        left = low - len(sizes)
        each = 1 if rest is None or not left else self.of(rest)
        if None in sizes or each is None or node.has("contains"):
            return None
        total: int = sum(size for size in sizes if size is not None) + left * each + low + 1
        return total

    def _object(self, node: Node) -> int | None:
        names, listed = node.value("required", ()), node.named("properties")
        if node.value("minProperties", 0) > len(names):
            return None
        others = node.schema("additionalProperties")
        total = 2
        for name in names:
            schema = listed.get(name, others)
            size = 1 if schema is None else self.of(schema)
            if size is None:
                return None
            total += size_of_member(name, size)
        return total


def size_of_member(name: str, size: int) -> int:
    """A key, a value of so many bytes, and what stands around them."""
    return len(json.dumps(name)) + 2 + size


def _string(node: Node) -> int | None:
    return None if node.has("pattern") or node.has("format") else 2 + int(node.value("minLength", 0))


def _other(node: Node) -> int | None:
    """A number, or true."""
    if node.has("multipleOf"):
        return None if any(map(node.has, _BOUNDS)) else 4
    return _NUMBER if any(map(node.has, _BOUNDS)) else 4


def _inner(node: Node, name: str) -> list[Node]:
    """Of several only what any one of them allows."""
    try:
        inner = node.references() if name in REFERENCES else node.schemas(name)
    except ConstraintError:
        return []
    return list(inner) if name == "anyOf" or len(inner) == 1 else []


def _is_of(node: Node, value: Any) -> bool:
    kinds = {type(None): ("null",), bool: ("boolean",), str: ("string",), int: ("integer", "number")}
    allowed = node.value("type", TYPES)
    return any(kind in allowed for kind in kinds.get(type(value), ()))


def _size_of(value: Any) -> int:
    return len(json.dumps(value))


def _least(sizes: list[int | None]) -> int | None:
    return min((size for size in sizes if size is not None), default=None)
