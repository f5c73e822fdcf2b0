"""Nodes say what the schema says, in every dialect: a judge that sees nothing else judges right."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from bench_schemas import as_floats, needs_schemas, rows, uses
from hypothesis import given, settings
from hypothesis import strategies as st
from judging_nodes import LEFT_OUT, is_valid

from llmpost.constraints.json_schema.document.document import Document, read_document
from llmpost.constraints.json_schema.document.node import Node
from llmpost.constraints.json_schema.settings import Settings
from llmpost.errors import ConstraintError


def read(schema: Any) -> Document:
    return read_document(schema, Settings())


@needs_schemas
@pytest.mark.parametrize("subset", ["suite", "Github_*", "JsonSchemaStore", "Handwritten", "Snowplow", "Synthesized"])
def test_collected_instances_are_judged_right(subset: str) -> None:
    """Read through nodes, each schema allows its valid instances and refuses its invalid ones (`format` aside).

    One row has a vocabulary of its own, in a document that is not at hand.
    """
    wrong = []
    for row in rows(subset):
        if uses(row["schema"], (*LEFT_OUT, "format")) or "metaschema" in str(row["schema"]):
            continue
        document = read(as_floats(row["schema"]))
        if not document.refused:
            tests = row["tests"]
            wrong += [(row["id"], test) for test in tests if is_valid(document.root, test["data"]) != test["valid"]]
    assert wrong == []


NAMES = ("a", "b", "c")
BASES = ("http://x.test/", "http://x.test/a/", "http://x.test/a/b.json", "b.json", "c/d.json", "urn:one:two")
REFERENCES = (
    *("#", "#a", "#b", "#/$defs/a", "#/$defs/b/$defs/c", "#/properties/a", "#/$defs/a%2Fb", "#/odd/a~1b"),
    *("b.json", "b.json#a", "d.json", "c/d.json#/$defs/a", "/b.json#b", "http://x.test/b.json", "urn:one:two#c", ""),
)


def schemas(number: int) -> st.SearchStrategy[dict[str, Any]]:
    """Definitions with identifiers and anchors, and references among them; leaves tell which one was found."""
    leaf = st.integers(0, 20).map(lambda value: {"const": value})
    anchored = st.builds(lambda name, one: {"$anchor": name, **one}, st.sampled_from(NAMES), leaf)
    reference = st.sampled_from(REFERENCES).map(lambda where: {"properties": {"a": {"$ref": where}}})
    inner = leaf | anchored | reference | (schemas(number - 1) if number else leaf)
    return st.builds(
        lambda base, defs, one: {"$defs": defs, "odd": {"a/b": one}, **one, **({"$id": base} if base else {})},
        st.none() | st.sampled_from(BASES),
        st.dictionaries(st.sampled_from((*NAMES, "a/b")), inner, max_size=3),
        inner,
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(schemas(2), st.integers(0, 20), st.booleans())
def test_references_lead_where_the_library_finds_them(schema: dict[str, Any], value: int, is_deep: bool) -> None:
    """A document without faults and doubles judges as `jsonschema` does."""
    schema = {**schema, "$id": "http://x.test/a/root"}
    try:
        document = read(schema)
    except ConstraintError:
        return
    instance = {"a": {"a": value}} if is_deep else {"a": value}
    if not document.refused and not document.notes:
        assert is_valid(document.root, instance) == jsonschema.Draft202012Validator(schema).is_valid(instance)


def described(node: Node) -> Any:
    """What a node says, as data."""
    if node.boolean is not None:
        return node.boolean
    plain = ("type", "required", "dependentRequired", "minimum", "exclusiveMinimum", "maxLength", "const", "multipleOf")
    one = ("items", "contains", "additionalProperties", "if")
    found: dict[str, Any] = {name: node.value(name) for name in plain if node.has(name)}
    found |= {name: described(inner) for name in one if (inner := node.schema(name)) is not None}
    for name in ("prefixItems", "allOf"):
        found |= {name: [described(inner) for inner in node.schemas(name)]} if node.has(name) else {}
    for name in ("properties", "dependentSchemas"):
        named = node.named(name)
        found |= {name: {key: described(named[key]) for key in named}} if node.has(name) else {}
    return found


D4, D6, D7 = (f"http://json-schema.org/draft-0{number}/schema#" for number in (4, 6, 7))
D2019, D2020 = (f"https://json-schema.org/draft/{version}/schema" for version in ("2019-09", "2020-12"))


@pytest.mark.parametrize(
    ("dialect", "schema", "meaning"),
    [
        (D4, {"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": Decimal(1)}),
        (D4, {"minimum": 1, "exclusiveMinimum": False}, {"minimum": Decimal(1)}),
        (D4, {"const": 1, "if": False, "contains": True}, {}),
        (D6, {"const": 1, "if": False, "contains": True}, {"const": 1, "contains": True}),
        (D7, {"if": False}, {"if": False}),
        (D7, {"items": [True], "additionalItems": False}, {"prefixItems": [True], "items": False}),
        (D7, {"items": {"type": "null"}, "additionalItems": False}, {"items": {"type": ("null",)}}),
        (D7, {"additionalItems": False}, {}),
        (D2019, {"items": [True], "additionalItems": False}, {"prefixItems": [True], "items": False}),
        (D2020, {"prefixItems": [True], "additionalItems": False}, {"prefixItems": [True]}),
        (
            D7,
            {"dependencies": {"a": ["b"], "c": {"type": "object"}, "d": False}},
            {"dependentRequired": {"a": ("b",)}, "dependentSchemas": {"c": {"type": ("object",)}, "d": False}},
        ),
        (D2019, {"dependencies": {"a": ["b"]}}, {}),
        (D2019, {"dependentRequired": {"a": ["b"]}}, {"dependentRequired": {"a": ("b",)}}),
        (D7, {"dependentRequired": {"a": ["b"]}}, {}),
        (D2020, {"type": ["null", "string"], "maxLength": 3.0}, {"type": ("null", "string"), "maxLength": 3}),
        (D2020, {"multipleOf": 0.01}, {"multipleOf": Decimal("0.01")}),
        (D7, {"$ref": "#/definitions/a", "type": "string", "definitions": {"a": True}}, {}),
    ],
)
def test_older_words_are_said_in_the_newest(dialect: str, schema: dict[str, Any], meaning: dict[str, Any]) -> None:
    """What a dialect does not know is not there; what was renamed is found under its new name."""
    assert described(read({"$schema": dialect, **schema}).root) == meaning


def test_a_resource_has_its_own_dialect() -> None:
    """An embedded schema with an identifier and a `$schema` is read by it."""
    inner = {"$schema": D4, "id": "http://x.test/old", "minimum": 0, "exclusiveMinimum": True}
    root = read({"properties": {"a": inner, "b": {"$ref": "http://x.test/old"}}}).root
    assert root.named("properties")["a"].value("exclusiveMinimum") == 0
    assert root.named("properties")["b"].references() == (root.named("properties")["a"],)


def test_siblings_of_a_reference_count_since_2019() -> None:
    """Before, the reference alone counts; a sibling identifier changes no base then."""
    schema = {"$ref": "#/definitions/a", "maxLength": 1, "definitions": {"a": {"type": "string"}}}
    assert read({"$schema": D7, **schema}).root.value("maxLength") is None
    assert read({"$schema": D2019, **schema}).root.value("maxLength") == 1
    based = {"$id": "http://x.test/a/", "definitions": {"a": {"$id": "b", "const": 1}, "c": {"$id": "http://y.test/"}}}
    document = read({"$schema": D7, **based, "properties": {"p": {"$id": "http://y.test/", "$ref": "b"}}})
    assert not document.refused
    assert document.root.named("properties")["p"].references()[0].value("const") == 1


def test_nodes_are_made_once() -> None:
    """Asking twice gives the same object, by name, by reference and for booleans."""
    root = read({"properties": {"a": False, "b": {"$ref": "#"}}, "prefixItems": [True, {"type": "null"}]}).root
    assert root.named("properties")["a"] is root.named("properties")["a"]
    assert root.schemas("prefixItems") == root.schemas("prefixItems")
    assert root.named("properties")["b"].references() == (root,)


@pytest.mark.parametrize(
    ("name", "pointer"),
    [("items", "/properties/a~1b/additionalItems"), ("prefixItems", "/properties/a~1b/items")],
)
def test_pointers_lead_to_what_was_given(name: str, pointer: str) -> None:
    """A keyword that was renamed is pointed to under its old name, booleans too."""
    node = read({"$schema": D7, "properties": {"a/b": {"items": [True], "additionalItems": False}}}).root
    inner = node.named("properties")["a/b"]
    assert inner.pointer_to(name) == pointer
    found = inner.schema(name) if name == "items" else inner.schemas(name)[0]
    assert found is not None
    assert found.pointer.startswith(pointer)


def test_recursive_references_find_the_outermost() -> None:
    """A tree that is made strict from outside is strict in its leaves (2019-09)."""
    tree = {
        "$id": "http://x.test/tree", "$recursiveAnchor": True, "type": "object",
        "properties": {"data": True, "kids": {"type": "array", "items": {"$recursiveRef": "#"}}},
    }  # fmt: skip
    strict = {"$schema": D2019, "$id": "http://x.test/strict", "$recursiveAnchor": True, "$ref": "tree"}
    schema = {**strict, "required": ["data"], "$defs": {"tree": tree}}
    root = read(schema).root
    for instance in ({"data": 1, "kids": [{"data": 2}]}, {"data": 1, "kids": [{}]}, {"kids": []}):
        assert is_valid(root, instance) == jsonschema.Draft201909Validator(schema).is_valid(instance)
    assert not is_valid(read({**schema, "$recursiveAnchor": False}).root, {"kids": []})
    assert is_valid(read({**schema, "$recursiveAnchor": False}).root, {"data": 1, "kids": [{}]})


@pytest.mark.parametrize("dialect", [D4, D6, D7, D2019, D2020])
def test_metaschemas_can_be_referred_to(dialect: str) -> None:
    """A schema that asks for a schema judges metaschemas as the library does, without opening anything."""
    document = read({"$ref": dialect})
    assert document.refused == []
    for schema in ({"type": "string"}, {"type": "strange"}, {"properties": {"a": {"minLength": -1}}}, {"required": 3}):
        library = jsonschema.validators.validator_for({"$schema": dialect})
        instance = json.loads(json.dumps(schema), parse_float=Decimal)
        assert is_valid(document.root, instance) == library(library.META_SCHEMA).is_valid(schema)
