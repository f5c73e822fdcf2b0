"""Random values for a schema: some made along it, so that they have a chance to be valid, and changed ones, and any.

A value is made from a `random.Random`, for hypothesis would spend more time on them than the laws. Their numbers are
int or Decimal. A value made here may be invalid: the oracle judges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random
from typing import Any

from random_schemas import NAMES, NUMBERS, TEXTS, Schema

_TYPES: dict[str, Callable[[Random, int], Any]] = {
    "null": lambda _, __: None,
    "boolean": lambda random, _: random.random() < 0.5,
    "integer": lambda random, _: random.randint(-3, 12),
    "number": lambda random, _: _decimal(random.choice(NUMBERS)),
    "string": lambda random, _: random.choice(TEXTS),
    "array": lambda random, depth: [any_value(random, depth - 1) for _ in range(random.randint(0, 3))],
    "object": lambda random, depth: {
        name: any_value(random, depth - 1) for name in random.sample(NAMES, random.randint(0, 3))
    },
}
_SIGNS = {
    "object": ("properties", "required", "additionalProperties", "patternProperties", "dependentSchemas"),
    "array": ("items", "prefixItems", "contains", "uniqueItems", "minItems"),
    "string": ("pattern", "minLength", "maxLength"),
    "number": ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"),
}


def any_value(random: Random, depth: int = 2) -> Any:
    """Any JSON value, of the names, texts and numbers that schemas speak of."""
    kinds = list(_TYPES) if depth > 0 else list(_TYPES)[:5]
    return _TYPES[random.choice(kinds)](random, depth)


def related_value(root: Schema, random: Random) -> Any:
    """Made along the schema; once in a while changed in a place or two, or any value."""
    value = Along(root, random).value(root) if random.random() < 0.9 else any_value(random)
    while random.random() < 0.35:
        value = changed(value, random)
    return value


def changed(value: Any, random: Random) -> Any:
    """Another value in some place of it, or a place less, or more."""
    if isinstance(value, dict) and random.random() < 0.8:
        return _changed_object(value, random)
    if isinstance(value, list) and random.random() < 0.8:
        place = random.randint(0, len(value))
        cut = random.randint(0, 1)
        kept = [any_value(random, 1)] if random.random() < 0.5 else []
        if cut and place < len(value) and random.random() < 0.5:
            kept = [changed(value[place], random)]
        return value[:place] + kept + value[place + cut :]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value + random.choice([1, -1, Decimal("0.5"), Decimal("0.1")])
    return any_value(random, 1)


def _changed_object(value: dict[str, Any], random: Random) -> dict[str, Any]:
    members = dict(value)
    name = random.choice([*members, random.choice(NAMES)])
    if name in members and random.random() < 0.4:
        del members[name]
    elif name in members and random.random() < 0.6:
        members[name] = changed(members[name], random)
    else:
        members[name] = any_value(random, 1)
    return members


def _decimal(number: float) -> Any:
    return number if isinstance(number, int) else Decimal(repr(number))


class Along:
    """Makes values by reading a schema, one branch of each choice, and no further than some depth."""

    def __init__(self, root: Schema, random: Random) -> None:
        self._root, self._random = root, random

    def value(self, schema: Schema, depth: int = 4) -> Any:
        if not isinstance(schema, Mapping) or depth < 0:
            return any_value(self._random, 0)
        value = self._own(schema, depth)
        for part in self._parts(schema):
            value = self._both(value, self.value(part, depth - 1))
        return value

    def _parts(self, schema: Mapping[str, Any]) -> list[Schema]:
        parts = [*schema.get("allOf", ())]
        parts += [self._random.choice(schema[name]) for name in ("anyOf", "oneOf") if name in schema]
        parts += [self._target(schema[name]) for name in ("$ref", "$dynamicRef") if name in schema]
        branch = self._random.choice(["then", "else"])
        parts += [schema[name] for name in (["if", "then"] if branch == "then" else ["else"]) if name in schema]
        parts += [one for one in schema.get("dependentSchemas", {}).values() if self._random.random() < 0.5]
        return parts

    def _both(self, one: Any, other: Any) -> Any:
        if isinstance(one, dict) and isinstance(other, dict):
            return {**one, **other}
        return self._random.choice([one, other])

    def _own(self, schema: Mapping[str, Any], depth: int) -> Any:
        if "const" in schema:
            return _exact(schema["const"])
        if "enum" in schema:
            return _exact(self._random.choice(schema["enum"]))
        match self._type(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "string":
                return self._string(schema)
            case "integer" | "number" as kind:
                return self._number(schema, kind)
            case kind:
                return _TYPES[kind](self._random, 0) if kind else any_value(self._random, min(depth, 1))

    def _type(self, schema: Mapping[str, Any]) -> str | None:
        given = schema.get("type") or [kind for kind, signs in _SIGNS.items() if any(sign in schema for sign in signs)]
        if isinstance(given, str):
            return given
        if not given:
            is_composed = any(name in schema for name in ("$ref", "allOf", "anyOf", "oneOf", "if", "$dynamicRef"))
            return "object" if is_composed and self._random.random() < 0.5 else None
        return str(self._random.choice(given))

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        random, properties = self._random, schema.get("properties", {})
        rest = schema.get("additionalProperties", schema.get("unevaluatedProperties", True))
        names = [*schema.get("required", ()), *(name for name in properties if random.random() < 0.6)]
        names += random.sample(NAMES, random.randint(0, 2)) if rest is not False else []
        for pattern_schema in schema.get("patternProperties", {}).values():
            rest = random.choice([rest, pattern_schema])
        names = list(dict.fromkeys(names))
        for name in names[:]:
            names += schema.get("dependentRequired", {}).get(name, [])
        while len(set(names)) < schema.get("minProperties", 0) and len(set(names)) < len(NAMES):
            names.append(random.choice(NAMES))
        return {name: self.value(properties.get(name, rest), depth - 1) for name in dict.fromkeys(names)}

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        low, high = schema.get("minItems", 0), schema.get("maxItems", 3)
        rest, listed = schema.get("items", True), schema.get("prefixItems", [])
        if isinstance(rest, list):
            rest, listed = schema.get("additionalItems", True), rest
        contains = schema.get("contains", rest)
        size = self._random.randint(min(low, high), max(low, high))
        wanted = [listed[i] if i < len(listed) else self._random.choice([rest, rest, contains]) for i in range(size)]
        return [self.value(one, depth - 1) for one in wanted]

    def _string(self, schema: Mapping[str, Any]) -> str:
        text = self._random.choice(TEXTS)
        while len(text) < schema.get("minLength", 0):
            text += self._random.choice(["a", "b", "1", "é"])
        return text[: schema.get("maxLength")]

    def _number(self, schema: Mapping[str, Any], kind: str) -> Any:
        bounds = [schema[name] for name in _SIGNS["number"] if isinstance(schema.get(name), int | float)]
        number = _decimal(self._random.choice([*bounds, *NUMBERS]))
        if "multipleOf" in schema:
            number = _decimal(schema["multipleOf"]) * self._random.randint(-2, 12)
        elif self._random.random() < 0.5:
            number += self._random.choice([1, -1, Decimal("0.5")])
        return int(number) if kind == "integer" and number % 1 and self._random.random() < 0.9 else number

    def _target(self, reference: str) -> Schema:
        definitions = self._root.get("$defs", self._root.get("definitions", {})) if isinstance(self._root, dict) else {}
        return next((one for name, one in definitions.items() if name in reference), self._root)


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _exact(member) for name, member in value.items()}
    return (
        [_exact(item) for item in value]
        if isinstance(value, list)
        else _decimal(value)
        if isinstance(value, float)
        else value
    )
