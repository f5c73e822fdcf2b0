"""Scalars, constants and combinations of schemas, row by row."""

from __future__ import annotations

import pytest
from schema_rows import Row, compiled, misjudged

from llmpost.errors import ConstraintError

D4 = "http://json-schema.org/draft-04/schema#"
D7 = "http://json-schema.org/draft-07/schema#"

SCALARS: list[Row] = [
    ({"type": "integer"}, ["1", "-3", "1.0", "1e2", "10E-1"], ["1.5", "1e-1", '"1"']),
    ({"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 3}]}, ["2", "2.0", "-1"], ["3", "4", "30e-1"]),
    ({"oneOf": [{"type": "number"}, {"type": "integer"}]}, ["1.5"], ["1", "1.0", '""']),
    (
        {"oneOf": [{"multipleOf": 3}, {"multipleOf": 2}], "type": "integer"},
        ["3", "2", "-9", "4"],
        ["6", "0", "5", "-12"],
    ),
    ({"type": "integer", "not": {"multipleOf": 2}, "minimum": 0, "maximum": 4}, ["1", "3"], ["0", "2", "4", "5"]),
    ({"type": "number", "not": {"enum": [1, 2, 3]}, "minimum": 1, "maximum": 3, "multipleOf": 0.5},
     ["1.5", "2.5"], ["1", "2", "3.0", "1.25"]),
    ({"type": "number", "not": {"minimum": 2, "maximum": 5}}, ["1", "1.999", "5.01", "-7"], ["2", "5", "3.3"]),
    ({"type": "number", "not": {"exclusiveMinimum": 2}}, ["2", "1"], ["2.1", "3"]),
    ({"not": {"type": "integer"}}, ["1.5", '""', "null"], ["1", "2.0"]),
    ({"not": {"type": "number"}}, ['""', "null"], ["1", "2.5"]),
    ({"not": {"anyOf": [{"multipleOf": 2}, {"multipleOf": 3}]}, "type": "integer"}, ["1", "5", "-7"], ["2", "3", "6"]),
    (
        {"type": "integer", "not": {"not": {"multipleOf": 4}}, "oneOf": [{"multipleOf": 6}, {"minimum": 20}]},
        ["12", "20", "28", "-12"],
        ["24", "4", "22", "6"],
    ),
    ({"$schema": D4, "type": "number", "minimum": 1, "exclusiveMinimum": True}, ["2", "1.5"], ["1", "1.0"]),
    ({"minimum": 1e300, "type": "integer"}, ["1e300", "2e300"], ["1", "1e299"]),
    ({"type": "string", "not": {"pattern": "^a"}}, ['"b"', '""'], ['"a"', '"ab"', '"\\u0061b"']),
    ({"type": "string", "minLength": 1, "not": {"maxLength": 2}}, ['"abc"'], ['"ab"', '""']),
    ({"oneOf": [{"pattern": "a"}, {"pattern": "b"}], "type": "string"}, ['"a"', '"bb"'], ['"ab"', '"c"']),
    ({"maxLength": 1}, ['"😀"', '"\\ud83d\\ude00"', '"\\n"', "12"], ['"ab"']),
]  # fmt: skip

CONSTANTS: list[Row] = [
    ({"const": {"a": [1, {"b": None}]}}, ['{"a":[1,{"b":null}]}', '{"a":[1.0,{"b":null}]}'], ['{"a":[1]}', "{}"]),
    ({"const": {}}, ["{}"], ['{"a":1}', "[]"]),
    ({"const": []}, ["[]"], ["[1]", "{}"]),
    ({"const": False}, ["false"], ["0", "true"]),
    ({"const": 0}, ["0", "-0", "0.0", "0e5"], ["false", "1"]),
    ({"enum": [1, "1", None, [1], {"a": 1}]}, ["1", '"1"', "null", "[1]", '{"a":1}'], ["[2]", "[]", "true", "{}"]),
    ({"enum": [1, 2, 3, "a", "bb", [], {}], "minimum": 2, "maxLength": 1, "minItems": 1, "maxProperties": 0},
     ["2", "3", '"a"', "{}"], ["1", '"bb"', "[]"]),
    ({"enum": [{"a": 1}, {"a": 2}, {"b": 1}], "required": ["a"], "properties": {"a": {"minimum": 2}}},
     ['{"a":2}'], ['{"a":1}', '{"b":1}']),
    ({"enum": [[1], [1, 2], [3]], "contains": {"const": 1}, "maxItems": 1}, ["[1]"], ["[1,2]", "[3]"]),
    ({"enum": [1, 2], "const": 2}, ["2"], ["1"]),
    ({"enum": [1.5, 2, "x"], "type": ["integer", "string"]}, ["2", '"x"'], ["1.5"]),
    ({"not": {"enum": [1, "a", None, {"a": 1}]}}, ["2", '"b"', "true", "{}", '{"a":2}', '{"b":1}', "[]"],
     ["1", '"a"', "null", '{"a":1}', '{"a":1.0}']),
    ({"not": {"const": [1, 2]}}, ["[1]", "[1,2,3]", "[2,2]", "[]", "1"], ["[1,2]", "[1.0,2]"]),
    ({"anyOf": [{"const": {"k": "a"}}, {"type": "object", "required": ["k"], "properties": {"k": {"const": "b"}}}]},
     ['{"k":"a"}', '{"k":"b"}', '{"k":"b","l":1}'], ['{"k":"a","l":1}', "{}"]),
    ({"oneOf": [{"const": {"k": "a"}}, {"required": ["k"]}], "type": "object"}, ['{"k":"b"}', '{"k":"a","l":1}'],
     ['{"k":"a"}', "{}"]),
]  # fmt: skip

COMBINED: list[Row] = [
    (True, ["1", "[]"], ["", "x"]),
    ({}, ["1", "[]"], [""]),
    ({"allOf": [True, True]}, ["1"], []),
    ({"anyOf": [False, {"type": "null"}]}, ["null"], ["1"]),
    ({"oneOf": [True, {"type": "null"}]}, ["1", "[]"], ["null"]),
    ({"oneOf": [True, False, False]}, ["1", "null"], []),
    ({"not": False}, ["1", "{}"], []),
    ({"if": True, "then": {"type": "null"}, "else": {"type": "integer"}}, ["null"], ["1"]),
    ({"if": False, "then": {"type": "null"}, "else": {"type": "integer"}}, ["1"], ["null"]),
    ({"if": {"type": "integer"}, "then": False}, ["null", "1.5"], ["1"]),
    ({"if": {"type": "integer"}, "else": False}, ["1"], ["null", "1.5"]),
    ({"if": {"type": "integer"}}, ["1", "null"], []),
    ({"then": False, "else": False}, ["1", "null"], []),
    ({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "type": "object"},
     ["{}", '{"a":1,"b":1}', '{"b":1}', '{"b":1,"a":1}'], ['{"a":1}', '{"a":1,"c":1}']),
    ({"$schema": D7, "$ref": "#/definitions/a", "type": "null", "definitions": {"a": {"type": "integer"}}},
     ["1"], ["null"]),
    ({"$ref": "#/$defs/a", "minimum": 3, "$defs": {"a": {"type": "integer"}}}, ["3"], ["2", "3.5"]),
    ({"type": "array", "items": {"$ref": "#"}, "maxItems": 1}, ["[]", "[[[]]]"], ["[[],[]]", "[1]"]),
    ({"anyOf": [{"type": "null"}, {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}}]},
     ["null", '{"a":{"a":null}}'], ["{}", '{"a":1}']),
    ({"$schema": D7, "dependencies": {"a": ["b"], "c": {"required": ["d"]}}},
     ["{}", '{"a":1,"b":1}', '{"c":1,"d":1}', "1"], ['{"a":1}', '{"c":1}']),
    ({"$schema": D7, "items": [{"type": "null"}], "additionalItems": False}, ["[]", "[null]"], ["[null,1]", "[1]"]),
    ({"type": ["null", "array"], "not": {"uniqueItems": True, "type": "null"}}, ["[]", "[1,1]"], ["null"]),
    ({"oneOf": [{"uniqueItems": True, "type": "array"}, {"uniqueItems": True, "type": "array", "minItems": 2}]},
     ["[]", "[1]"], ["[1,2]", "[1,1]"]),
]  # fmt: skip

ANY_OF_THEM = {"type": "array", "minItems": 1, "items": {"anyOf": [{"$ref": f"#/$defs/d{i}"} for i in range(16)]}}
IMPOSSIBLE = [
    False,
    {"not": True},
    {"allOf": [{"type": "integer"}, {"type": "string"}]},
    {"type": "integer", "minimum": 3, "not": {"minimum": 2}},
    {"type": "integer", "exclusiveMinimum": 0, "not": {"type": "integer"}},
    {"type": "integer", "minimum": 1, "maximum": 3, "not": {"enum": [1, 2, 3]}},
    {"type": "integer", "multipleOf": 6, "not": {"multipleOf": 3}},
    {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "pattern": "$a"}}},
    {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}},
    {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
    {"type": "array", "contains": {"const": 1}, "not": {"contains": {"const": 1}}},
    {"type": "array", "maxItems": 2, "allOf": [{"contains": {"const": number}} for number in range(3)]},
    {
        "type": "object",
        "properties": {"a": {}, "b": {}},
        "additionalProperties": False,
        "minProperties": 2,
        "not": {"required": ["a"]},
    },
    {"type": "object", "required": ["\ud800"]},
    {"const": {"\ud800": 1}},
    {"uniqueItems": True, "type": "array", "not": {"uniqueItems": True}},
    {"type": "array", "uniqueItems": True, "items": {"type": "boolean"}, "minItems": 3},
    {"$ref": "#/$defs/d0", "$defs": {f"d{number}": ANY_OF_THEM for number in range(16)}},
]  # fmt: skip
"""The last of them needs itself in more ways than could be tried one by one."""


@pytest.mark.parametrize("row", SCALARS, ids=str)
def test_scalars(row: Row) -> None:
    """Sets of numbers and strings are combined by their values, whatever the spelling."""
    assert not misjudged(row)


@pytest.mark.parametrize("row", CONSTANTS, ids=str)
def test_constants(row: Row) -> None:
    """Constants equal by value, and what is said beside them holds of each of them."""
    assert not misjudged(row)


@pytest.mark.parametrize("row", COMBINED, ids=str)
def test_combined_schemas(row: Row) -> None:
    """Applicators and references, boolean schemas among them, say what the standard says."""
    assert not misjudged(row)


@pytest.mark.parametrize("schema", IMPOSSIBLE, ids=str)
def test_nothing_fits(schema: object) -> None:
    """A schema that no value satisfies is refused when it is compiled."""
    with pytest.raises(ConstraintError, match="any value satisfies"):
        compiled(schema)
