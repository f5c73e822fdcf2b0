"""Every keyword's value has the form its dialect demands, or the error says where it has not."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import jsonschema
import pytest
from bench_schemas import as_floats, needs_schemas, rows, uses
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.constraints.json_schema.document.document import read_document
from llmpost.constraints.json_schema.settings import Settings
from llmpost.errors import ConstraintError

D4, D7 = "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-07/schema#"
D2020 = "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("schema", "where"),
    [
        ({"type": "strin"}, "/type"),
        ({"type": ["string", "string"]}, "/type"),
        ({"properties": {"a/b": {"minLength": -1}}}, "/properties/a~1b/minLength"),
        ({"minItems": 1.5}, "/minItems"),
        ({"minItems": True}, "/minItems"),
        ({"allOf": []}, "/allOf"),
        ({"anyOf": [{}, 3]}, "/anyOf/1"),
        ({"properties": {"a": None}}, "/properties/a"),
        ({"properties": []}, "/properties"),
        ({"items": [{}]}, "/items"),
        ({"required": "a"}, "/required"),
        ({"required": ["a", "a"]}, "/required"),
        ({"required": ["a", 1]}, "/required"),
        ({"enum": "a"}, "/enum"),
        ({"multipleOf": 0}, "/multipleOf"),
        ({"minimum": "1"}, "/minimum"),
        ({"exclusiveMinimum": True}, "/exclusiveMinimum"),
        ({"pattern": 1}, "/pattern"),
        ({"uniqueItems": 1}, "/uniqueItems"),
        ({"$ref": {}}, "/$ref"),
        ({"$anchor": "1a"}, "/$anchor"),
        ({"$id": "a#b"}, "/$id"),
        ({"$defs": {"unused": {"not": 1}}}, "/$defs/unused/not"),
        ({"dependentRequired": {"a": "b"}}, "/dependentRequired"),
        ({"title": 3}, "/title"),
        ({"$schema": 3}, "/$schema"),
        ({"$schema": D4, "required": []}, "/required"),
        ({"$schema": D4, "properties": {"a": {"exclusiveMinimum": True}}}, "/properties/a"),
        ({"$schema": D4, "exclusiveMinimum": 3}, "/exclusiveMinimum"),
        ({"$schema": D7, "dependencies": {"a": "b"}}, "/dependencies"),
        ({"$schema": D7, "items": []}, "/items"),
        ({"$schema": "http://json-schema.org/draft-03/schema#"}, "/$schema"),
        ({"$id": "http://x.test", "not": {"$id": "http://["}}, "/not/$id"),
    ],
)
def test_a_wrong_form_is_named_by_its_pointer(schema: Any, where: str) -> None:
    """Four parts, and the first ends in the pointer."""
    with pytest.raises(ConstraintError) as caught:
        read_document(schema, Settings())
    assert caught.value.where == f"json_schema at {where}"
    assert all([caught.value.given, caught.value.allowed, caught.value.hint])


@pytest.mark.parametrize("schema", [3, None, [], "3", "[]", "null"])
def test_a_schema_is_an_object_or_a_boolean(schema: Any) -> None:
    """Whatever else it is, is named."""
    with pytest.raises(ConstraintError, match=r"is not a schema"):
        read_document(schema, Settings())


@pytest.mark.parametrize("name", ["minLength", "$ref", "items", "$id"])
def test_values_are_no_schemas(name: str) -> None:
    """What stands in `enum`, `const`, `default` and unknown keywords is not looked at, whatever its keys are."""
    odd = {name: [[3]]}
    document = read_document({"enum": [odd], "const": odd, "default": odd, "x-odd": odd}, Settings())
    assert document.report == {"/enum": "exact", "/const": "exact", "/default": "annotation", "/x-odd": "annotation"}


@needs_schemas
def test_collected_schemas_are_well_formed() -> None:
    """Real schemas, which the library calls valid, are."""
    for row in rows():
        read_document(as_floats(row["schema"]), Settings())


WRONG = (
    *(None, True, 0, -1, 1.5, 2.0, "x", "string", [], ["a"], ["a", "a"], [1], [{}], [True], "#x"),
    *({}, {"a": 1}, {"a": []}, {"a": ["b"]}, {"a": {}}),
)


@cache
def small_schemas() -> list[dict[str, Any]]:
    """Real ones with anything in them, short enough for the library's slow check."""
    schemas = [as_floats(row["schema"]) for row in rows("[GHSs]*")]
    return [one for one in schemas if isinstance(one, dict) and len(str(one)) < 500 and spots(one)]


def spots(schema: Any) -> list[tuple[Any, Any]]:
    """Every container with a key of it."""
    found, todo = [], [schema]
    while todo:
        value = todo.pop()
        pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
        found += [(value, key) for key, _ in pairs if key != "$schema"]
        todo += [member for _, member in pairs if isinstance(member, dict | list)]
    return found


def is_lenient_about(schema: Any, key: Any, value: Any) -> bool:
    """What is deliberately taken in another way than the metaschemas do.

    In draft 4 we take booleans for schemas and 2.0 for an integer, and a `$ref` must be a string; since 2019-09
    `dependencies` is nobody's keyword.
    """
    if "draft-04" in str(schema.get("$schema")):
        return isinstance(value, bool) or value in ([True], 2.0) or key == "$ref"
    return uses(schema, ("dependencies",))


@needs_schemas
@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_spoilt_schemas_are_refused_as_by_their_metaschema(data: st.DataObject) -> None:
    """One value of a real schema replaced by another: refused exactly where the metaschema refuses it."""
    schema = copy.deepcopy(data.draw(st.sampled_from(small_schemas())))
    container, key = data.draw(st.sampled_from(spots(schema)))
    container[key] = value = copy.deepcopy(data.draw(st.sampled_from(WRONG)))
    if is_lenient_about(schema, key, value):
        return
    dialect = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        dialect.check_schema(schema, format_checker=None)
    except jsonschema.SchemaError:
        with pytest.raises(ConstraintError):
            read_document(schema, Settings())
    else:
        read_document(schema, Settings())
