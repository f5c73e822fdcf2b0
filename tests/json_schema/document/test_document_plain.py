"""What is called plain has a value; and ordinary schemas are called so."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest
from bench_schemas import as_floats, needs_schemas, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from judging_nodes import is_valid

from llmpost.constraints.json_schema.document.document import read_document
from llmpost.constraints.json_schema.settings import Settings

SCALARS: list[Any] = [None, True, False, *range(-3, 4), "", "a", "b", "aa", "ab", "aaa"]
LISTS: list[Any] = [list(items) for length in range(4) for items in product((None, 0, 1, "a"), repeat=length)]
OBJECTS: list[Any] = [
    dict(zip(names, values, strict=True))
    for length in range(4)
    for names in combinations("abc", length)
    for values in product((None, 0, 1, "a", "aa", {}, {"a": "a"}), repeat=length)
]
VALUES = [*SCALARS, *LISTS, *OBJECTS]

NAMES = st.lists(st.sampled_from("abc"), max_size=3, unique=True)
SMALL = st.integers(0, 2)
SIMPLE = st.sampled_from(
    [True, False, {}, {"type": "null"}, {"type": "string", "maxLength": 2}, {"enum": [0, "a"]}, {"const": 1},
     {"$ref": "#"}, {"$ref": "#/$defs/a"}, {"type": "object", "required": ["a"]}, {"type": "integer", "minimum": 0}]
)  # fmt: skip
KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(
        ["null", "integer", "string", "array", "object", ["string", "object"], ["array", "integer"]]
    ),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), SMALL),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), st.integers(-2, 2)),
    **dict.fromkeys(("items", "contains", "additionalProperties", "not", "if", "then"), SIMPLE),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), st.lists(SIMPLE, min_size=1, max_size=2)),
    **dict.fromkeys(("properties", "dependentSchemas"), st.dictionaries(st.sampled_from("abc"), SIMPLE, max_size=3)),
    "patternProperties": st.dictionaries(st.sampled_from(["^a", "b"]), SIMPLE, max_size=1),
    "propertyNames": st.sampled_from([True, False, {"maxLength": 0}]),
    "required": NAMES,
    "dependentRequired": st.dictionaries(st.sampled_from("abc"), NAMES, max_size=1),
    "enum": st.lists(st.sampled_from([None, 1, "a"]), max_size=2, unique=True),
    "const": st.sampled_from([None, 1, "a"]),
    "uniqueItems": st.booleans(),
    "multipleOf": st.just(2),
    "$ref": st.sampled_from(["#/$defs/a", "#/$defs/b", "#"]),
}
SCHEMAS = st.lists(st.sampled_from(list(KEYWORDS)), max_size=4, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: KEYWORDS[name] for name in names})
)


@settings(deadline=None, derandomize=True)
@given(SCHEMAS, SIMPLE, SIMPLE)
def test_a_plain_schema_has_a_value(schema: dict[str, Any], first: Any, second: Any) -> None:
    """Plain is never said of what nothing satisfies: some small value does."""
    document = read_document({**schema, "$defs": {"a": first, "b": second}}, Settings())
    if not document.refused and document.is_plain(document.root):
        assert any(is_valid(document.root, value) for value in VALUES)


@pytest.mark.parametrize(
    "schema",
    [
        True, {}, {"minLength": 3, "maxLength": 2}, {"type": ["string", "null"], "minLength": 3, "maxLength": 2},
        {"type": "object", "required": ["a", "b"], "properties": {"a": {"pattern": "^x"}}, "additionalProperties": {}},
        {"type": "array", "minItems": 2, "prefixItems": [{"const": 1}], "items": {"format": "date"}},
        {"anyOf": [False, {"type": "integer", "minimum": 1, "maximum": 1}]}, {"type": "number", "multipleOf": 0.01},
        {"type": "object", "required": ["next"], "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}},
        {"enum": [1, "a"], "type": "string"}, {"type": "object", "minProperties": 2},
    ],
)  # fmt: skip
def test_ordinary_schemas_are_plain(schema: Any) -> None:
    """No search is needed to see it."""
    document = read_document(schema, Settings())
    assert document.is_plain(document.root)


@pytest.mark.parametrize(
    "schema",
    [
        False, {"type": "string", "minLength": 3, "maxLength": 2}, {"enum": []}, {"enum": ["a"], "type": "null"},
        {"type": "object", "required": ["a"], "additionalProperties": False}, {"const": "\ud800"}, {"$ref": "#"},
        {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}}, {"$ref": "http://x.test/"},
        {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": "array", "minItems": 1, "items": False},
        {"type": "object", "minProperties": 1, "propertyNames": False}, {"type": "object", "required": ["\ud800"]},
    ],
)  # fmt: skip
def test_what_has_no_value_is_not_plain(schema: Any) -> None:
    """Nor is what only needs itself, or what cannot be written."""
    document = read_document(schema, Settings())
    assert not document.is_plain(document.root)


@needs_schemas
def test_most_real_schemas_are_plain() -> None:
    """Of those that describe real data, nine of ten need no search."""
    schemas = [as_floats(row["schema"]) for row in rows("[BGHJKMW]*")]
    documents = [read_document(schema, Settings()) for schema in schemas]
    assert sum(document.is_plain(document.root) for document in documents) > 0.9 * len(documents)
