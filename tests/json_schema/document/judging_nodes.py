"""A slow judge of instances that reads schemas through nodes only: what the nodes say is what is judged.

It knows every keyword but `format` and the `unevaluated` ones, and has nothing to do with terms.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import regex

from llmpost.constraints.json_schema.document.node import Node

LEFT_OUT = ("unevaluatedProperties", "unevaluatedItems")


def is_valid(node: Node, value: Any) -> bool:
    """Whether the schema allows this value, which was read with fractions as decimals."""
    if node.boolean is not None:
        return node.boolean
    return all(judge(node, value) for judge in (_of_any, _combined, _of_number, _of_string, _of_array, _of_object))


def key(value: Any) -> str:
    """Equal for equal JSON values: 1 is 1.0, and true is not 1."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"number {Decimal(value).normalize()}" if value else "number 0"
    if isinstance(value, list):
        return json.dumps([key(item) for item in value])
    if isinstance(value, dict):
        return json.dumps({name: key(value[name]) for name in sorted(value)})
    return repr(value)


def _types(node: Node, value: Any) -> set[str]:
    if value is None or isinstance(value, bool):
        return {"null" if value is None else "boolean"}
    if isinstance(value, int | Decimal):
        is_integer = isinstance(value, int) or (value == int(value) and node.dialect.name != "draft 4")
        return {"number", "integer"} if is_integer else {"number"}
    return {{str: "string", list: "array", dict: "object"}[type(value)]}


def _of_any(node: Node, value: Any) -> bool:
    return (
        (not node.has("type") or bool(_types(node, value) & set(node.value("type"))))
        and (not node.has("enum") or key(value) in map(key, node.value("enum")))
        and (not node.has("const") or key(value) == key(node.value("const")))
    )


def _combined(node: Node, value: Any) -> bool:
    condition = node.schema("if")
    then = condition and node.schema("then" if is_valid(condition, value) else "else")
    return (
        all(is_valid(one, value) for one in (*node.references(), *node.schemas("allOf")))
        and (not node.has("anyOf") or any(is_valid(one, value) for one in node.schemas("anyOf")))
        and (not node.has("oneOf") or sum(is_valid(one, value) for one in node.schemas("oneOf")) == 1)
        and not ((refused := node.schema("not")) is not None and is_valid(refused, value))
        and (then is None or is_valid(then, value))
    )


def _of_number(node: Node, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return True
    return (
        node.value("minimum", value) <= value <= node.value("maximum", value)
        and (not node.has("exclusiveMinimum") or value > node.value("exclusiveMinimum"))
        and (not node.has("exclusiveMaximum") or value < node.value("exclusiveMaximum"))
        and (not node.has("multipleOf") or Decimal(value) % node.value("multipleOf") == 0)
    )


def _of_string(node: Node, value: Any) -> bool:
    if not isinstance(value, str):
        return True
    pattern = node.value("pattern")
    is_long_enough = node.value("minLength", 0) <= len(value) <= node.value("maxLength", len(value))
    return is_long_enough and (pattern is None or regex.search(pattern, value) is not None)


def _of_array(node: Node, value: Any) -> bool:
    if not isinstance(value, list):
        return True
    first, rest, wanted = node.schemas("prefixItems"), node.schema("items"), node.schema("contains")
    num_wanted = 0 if wanted is None else sum(is_valid(wanted, item) for item in value)
    return (
        node.value("minItems", 0) <= len(value) <= node.value("maxItems", len(value))
        and not (node.value("uniqueItems") and len(set(map(key, value))) < len(value))
        and all(is_valid(one, item) for one, item in zip(first, value, strict=False))
        and (rest is None or all(is_valid(rest, item) for item in value[len(first) :]))
        and (wanted is None or node.value("minContains", 1) <= num_wanted <= node.value("maxContains", num_wanted))
    )


def _of_object(node: Node, value: Any) -> bool:
    if not isinstance(value, dict):
        return True
    needed = [name for key, names in node.value("dependentRequired", {}).items() if key in value for name in names]
    names = node.schema("propertyNames")
    return (
        node.value("minProperties", 0) <= len(value) <= node.value("maxProperties", len(value))
        and all(name in value for name in (*node.value("required", ()), *needed))
        and (names is None or all(is_valid(names, name) for name in value))
        and all(is_valid(one, value) for name, one in node.named("dependentSchemas").items() if name in value)
        and all(is_valid(one, member) for name, member in value.items() for one in _about(node, name))
    )


def _about(node: Node, name: str) -> list[Node]:
    listed, others = node.named("properties"), node.schema("additionalProperties")
    found = [one for pattern, one in node.named("patternProperties").items() if regex.search(pattern, name)]
    found += [listed[name]] if name in listed else []
    return found or ([others] if others is not None else [])
