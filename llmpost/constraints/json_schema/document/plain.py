"""Plain schemas: those of which a short look at their keywords shows that some value satisfies them.

Most are, and then need no search for one. The look is shy: what it does not call plain may be satisfiable all the same.
It asks nodes, and nothing of terms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from decimal import Decimal
from typing import Any, TypeAlias

from llmpost.constraints.json_schema.document.forms import TYPES
from llmpost.constraints.json_schema.document.node import Node
from llmpost.constraints.json_schema.document.patterns import is_plainly_met
from llmpost.constraints.json_schema.document.survey import REFERENCES
from llmpost.errors import ConstraintError

Needs: TypeAlias = list[Node] | None
"""The nodes that must be plain for one to be; None where that would not be enough."""

_COMBINING = frozenset(("allOf", "anyOf", "oneOf", "not", "if", "enum", "const", *REFERENCES))
_ASSERTING = frozenset(
    (
        *("type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems", "contains"),
        *("items", "prefixItems", "unevaluatedItems", "required", "properties", "patternProperties"),
        *("additionalProperties", "propertyNames", "minProperties", "maxProperties"),
        *("dependentRequired", "dependentSchemas", "unevaluatedProperties"),
    )
)
_ON_MEMBERS = ("patternProperties", "propertyNames", "unevaluatedProperties", "dependentRequired", "dependentSchemas")
_LARGEST_BOUND = Decimal("1e15")  # up to here, and this close, there is a number that is short to write
_SMALLEST_GAP = Decimal("1e-6")


class Plainness:
    """Answers are kept. Schemas that need each other in a circle are not plain."""

    def __init__(self) -> None:
        self._known: dict[Node, bool] = {}

    def is_plain(self, node: Node) -> bool:
        """Whether it surely has a value. Depth costs no stack."""
        if node not in self._known:
            self._find(node)
        return self._known[node]

    def _find(self, node: Node) -> None:
        way = [(node, _looking(node))]
        answer: bool | None = None
        while way:
            here, looking = way[-1]
            try:
                needed = looking.send(answer)
            except StopIteration as end:
                answer = self._known[here] = end.value
                way.pop()
                continue
            answer = self._known.get(needed)
            if answer is None:
                self._known[needed] = False  # for whoever needs it on the way to itself
                way.append((needed, _looking(needed)))


def _looking(node: Node) -> Generator[Node, bool | None, bool]:
    """Asks for the nodes it needs, is told whether they are plain, and comes to its own answer."""
    for needs in _ways(node):
        for needed in needs:
            if not (yield needed):
                break
        else:
            return True
    return False


def _ways(node: Node) -> list[list[Node]]:
    """For each way to be plain, what must be plain for it."""
    if node.boolean is not None:
        return [[]] if node.boolean else []
    combining = [name for name in node.names if name in _COMBINING]
    if combining:
        return _combined(node, combining[0]) if len(combining) == 1 else []
    looks = [_LOOKS[name](node) for name in node.value("type", TYPES[:1])]
    return [needs for needs in looks if needs is not None]


def _combined(node: Node, name: str) -> list[list[Node]]:
    asserting = [beside for beside in node.names if beside in _ASSERTING]
    if name in ("enum", "const") and asserting in ([], ["type"]):
        values = node.value("enum") if name == "enum" else [node.value("const")]
        return [[]] if any(_is_value(value, node.value("type", TYPES)) for value in values) else []
    if asserting or name not in ("allOf", "anyOf", "oneOf", *REFERENCES):
        return []
    try:
        inner = node.references() if name in REFERENCES else node.schemas(name)
    except ConstraintError:
        return []
    return [[one] for one in inner] if name == "anyOf" or len(inner) == 1 else []


def _is_value(value: Any, types: tuple[str, ...]) -> bool:
    """Whether it surely is of one of these types, and can be written."""
    if value is None or type(value) is bool:
        return ("null" if value is None else "boolean") in types
    if type(value) is str:
        return "string" in types and is_text(value)
    if type(value) is int:
        return "integer" in types or "number" in types
    return type(value) is Decimal and "number" in types


def is_text(value: str) -> bool:
    """Whether it has no lone surrogate."""
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def _anything(node: Node) -> Needs:
    return []


def _string(node: Node) -> Needs:
    low, high = node.value("minLength", 0), node.value("maxLength")
    if node.has("pattern") or node.has("format"):
        is_bounded = low > 0 or high is not None
        if is_bounded or (node.has("pattern") and node.has("format")):
            return None
        return [] if is_plainly_met(node.value("pattern", "")) else None
    return [] if high is None or low <= high else None


def _number(node: Node) -> Needs:
    lows = [node.value(name) for name in ("minimum", "exclusiveMinimum") if node.has(name)]
    highs = [node.value(name) for name in ("maximum", "exclusiveMaximum") if node.has(name)]
    if not lows and not highs:
        return []
    if node.has("multipleOf") or any(abs(bound) > _LARGEST_BOUND for bound in (*lows, *highs)):
        return None
    if not lows or not highs:
        return []
    return [] if _has_between(node, max(lows), min(highs)) else None


def _has_between(node: Node, low: Decimal, high: Decimal) -> bool:
    is_integer = "number" not in node.value("type")
    if node.has("exclusiveMinimum") or node.has("exclusiveMaximum"):
        return high - low > (1 if is_integer else _SMALLEST_GAP)
    return math.ceil(low) <= math.floor(high) if is_integer else low <= high


def _array(node: Node) -> Needs:
    low, high = node.value("minItems", 0), node.value("maxItems")
    if (high is not None and low > high) or (node.has("contains") and (low > 0 or node.value("minContains", 1) > 0)):
        return None
    if low == 0:
        return []
    if node.has("unevaluatedItems") or (low > 1 and node.value("uniqueItems")):
        return None
    first, rest = node.schemas("prefixItems"), node.schema("items")
    return [*first[:low], *([rest] if rest is not None and low > len(first) else [])]


def _object(node: Node) -> Needs:
    names, low, high = node.value("required", ()), node.value("minProperties", 0), node.value("maxProperties")
    if high is not None and max(len(names), low) > high:
        return None
    if not names and low == 0:
        return []
    if any(map(node.has, _ON_MEMBERS)) or not all(map(is_text, names)):
        return None
    listed, others = node.named("properties"), node.schema("additionalProperties")
    is_enough = low <= len(names) and all(name in listed for name in names)
    return [*(listed[name] for name in names if name in listed), *([] if is_enough or others is None else [others])]


_LOOKS: dict[str, Callable[[Node], Needs]] = {
    "null": _anything,
    "boolean": _anything,
    "integer": _number,
    "number": _number,
    "string": _string,
    "array": _array,
    "object": _object,
}
