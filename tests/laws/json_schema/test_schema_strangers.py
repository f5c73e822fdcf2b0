"""A schema from a stranger: a clear error or a constraint that works, never a crash, and no file or host is asked."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_schemas import NAMES, documents
from schemas_compiled import WHOLE

from llmpost import compile_constraint
from llmpost.errors import ConstraintError

pytestmark = pytest.mark.slow

KEYWORDS = [
    "type", "enum", "const", "properties", "required", "additionalProperties", "patternProperties", "propertyNames",
    "minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "dependencies", "items", "prefixItems",
    "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems", "unevaluatedProperties",
    "unevaluatedItems", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref", "$defs", "$anchor",
    "$dynamicRef", "$id", "$schema", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "format", "default", "title", "x-unknown",
]  # fmt: skip
_leaves = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        2.5,
        1e300,
        "",
        "a",
        "#",
        "#/a",
        "string",
        "object",
        "array",
        "integer",
        "date",
        "(",
        "^a$",
    ]
)
strange = st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=2)
    ),
    max_leaves=12,
)


def survives(schema: Any) -> ConstraintError | None:
    """Compile it and ask for two masks; the error, where it is refused."""
    try:
        state = compile_constraint(WHOLE, json_schema=schema).start()
        for _ in range(2):
            ids = state.mask().ids()
            state = state.advance(int(ids[-1])) if len(ids) else state
    except ConstraintError as error:
        return error
    return None


@settings(max_examples=200)
@given(strange)
def test_any_json_as_a_schema(schema: Any) -> None:
    """A ConstraintError with all its parts, or a constraint; the same for the schema as text."""
    error, of_text = survives(schema), survives(json.dumps(schema))
    if isinstance(schema, dict | bool):
        assert (error is None) == (of_text is None)
    if error is not None:
        assert all([error.where, error.given, error.allowed, error.hint])


@settings(max_examples=100)
@given(documents(), st.data())
def test_a_schema_with_something_strange_in_it(schema: Any, data: st.DataObject) -> None:
    """Whatever is put in a place of a good schema, the outcome is an error or a constraint."""
    text = json.dumps(schema)
    places = [place for place, sign in enumerate(text) if sign in "{["]
    if places:
        place = data.draw(st.sampled_from(places)) + 1
        keyword, value = data.draw(st.sampled_from(KEYWORDS)), json.dumps(data.draw(strange))
        added = f'"{keyword}":{value}' if text[place - 1] == "{" else value
        survives(text[:place] + added + ("" if text[place] in "}]" else ",") + text[place:])


def nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    schema: Any = {"type": "integer"}
    for _ in range(depth):
        schema = wrap(schema)
    return schema


def within_itself() -> Any:
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {"a": schema}
    return schema


def chain(length: int, end: Any) -> Any:
    """Definitions of which each names the next."""
    definitions: dict[str, Any] = {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(length)}
    return {"$ref": "#/$defs/d0", "$defs": {**definitions, f"d{length}": end}}


CLAUSES = [{"anyOf": [{"required": [f"k{i % 7}"]}, {"not": {"required": [f"k{i * 3 % 11}"]}}]} for i in range(40)]
HOSTILE: dict[str, Any] = {
    "deep not": nested(1_000, lambda inner: {"not": inner}),
    "deep allOf": nested(1_000, lambda inner: {"allOf": [inner]}),
    "deep items": nested(1_000, lambda inner: {"items": inner}),
    "deep properties": nested(1_000, lambda inner: {"properties": {"a": inner}, "required": ["a"]}),
    "very deep": nested(50_000, lambda inner: {"items": inner}),
    "deep enum": {"enum": [nested(1_000, lambda inner: [inner])]},
    "large enum": {"enum": [f"value {i}" for i in range(100_000)]},
    "large mixed enum": {"enum": [*range(20_000), *([i] for i in range(2_000)), *({"a": i} for i in range(2_000))]},
    "maxItems": {"type": "array", "maxItems": 10**9},
    "minItems": {"type": "array", "minItems": 10**9},
    "both Items": {"items": {"type": "integer"}, "minItems": 10**9, "maxItems": 10**9, "uniqueItems": True},
    "contains": {"contains": {"type": "integer"}, "minContains": 10**9},
    "maxLength": {"type": "string", "minLength": 10**9, "maxLength": 10**10},
    "maxProperties": {"minProperties": 10**9, "propertyNames": {"pattern": "^a"}},
    "no room": {"minProperties": 3, "propertyNames": {"enum": ["a", "b"]}, "type": "object"},
    "many properties": {"properties": {f"property {i}": {"type": "string"} for i in range(20_000)}},
    "many required": {"required": [f"property {i}" for i in range(2_000)], "type": "object"},
    "many patterns": {"patternProperties": {f"^a{{0,{i}}}b": {"minimum": i} for i in range(200)}},
    "many oneOf": {"oneOf": [{"pattern": f"^[a-z]{{{i}}}$", "type": "string"} for i in range(300)]},
    "clauses": {"allOf": CLAUSES, "type": "object"},
    "numbers": {"allOf": [{"multipleOf": n} for n in (7, 11, 13, 17, 19, 23, 29)], "minimum": 1, "maximum": 1e30},
    "tiny multiple": {"multipleOf": 1e-300, "minimum": 0},
    "huge bound": {"type": "integer", "minimum": 10**400},
    "long chain": chain(5_000, {"type": "integer"}),
    "circle": chain(1_000, {"$ref": "#/$defs/d0"}),
    "circle in place": {"$ref": "#"},
    "circle by not": {"not": {"$ref": "#"}},
    "no end": {"type": "array", "items": {"$ref": "#"}, "minItems": 1},
    "nested counters": {"pattern": "^(((a{1,1000}){1,1000}){1,1000}){1,1000}$"},
    "broken pattern": {"pattern": "("},
    "file": {"$ref": "file:///etc/passwd"},
    "host": {"$ref": "http://localhost:1/schema.json"},
    "not JSON": {"const": {1, 2}},
    "not a number": {"minimum": math.nan},
    "within itself": within_itself(),
    "another language": "<schema/>",
    "half a text": '{"type": ',
    "a lone surrogate": {"const": "\ud800"},
}
REFUSED = [
    "no room", "circle", "circle in place", "circle by not", "no end", "broken pattern", "file", "host", "not JSON",
    "not a number", "within itself", "another language", "half a text", "a lone surrogate",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_schema(name: str) -> None:
    """It is refused with a message of bounded length, or there are masks; what means nothing is always refused."""
    error = survives(HOSTILE[name])
    assert error is not None or name not in REFUSED
    assert len(str(error)) < 2_000
