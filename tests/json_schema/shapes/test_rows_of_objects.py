"""What a schema says of objects, row by row."""

from __future__ import annotations

import pytest
from schema_rows import Row, misjudged

COUNTS: list[Row] = [
    ({"minProperties": 1, "properties": {"a": {}}}, ['{"a":1}', '{"b":1}', "[]", "1"], ["{}"]),
    ({"maxProperties": 1, "properties": {"a": {}, "b": {}}}, ["{}", '{"a":1}', '{"c":1}'], ['{"a":1,"b":1}']),
    (
        {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False, "minProperties": 2},
        ['{"a":1,"b":2}'],
        ["{}", '{"a":1}', '{"b":1}'],
    ),
    (
        {"type": "object", "required": ["z"], "maxProperties": 2, "properties": {"a": {}, "b": {}}},
        ['{"z":1}', '{"a":1,"z":1}', '{"z":1,"q":1}'],
        ['{"a":1,"b":1}', '{"a":1,"b":1,"z":1}', "{}"],
    ),
    (
        {"type": "object", "propertyNames": {"pattern": "^[ab]$"}, "minProperties": 2},
        ['{"a":1,"b":1}', '{"b":1,"a":1}'],
        ['{"a":1}', '{"a":1,"c":1}', '{"a":1,"a":2}'],
    ),
    (
        {"patternProperties": {"^x": {"type": "integer"}}, "minProperties": 2, "maxProperties": 3, "type": "object"},
        ['{"x":1,"xy":2}', '{"a":"","x":2}', '{"a":1,"b":2,"c":3}'],
        ['{"x":1}', '{"x":"","a":1}', '{"a":1,"b":1,"c":1,"d":1}'],
    ),
    ({"minProperties": 2, "maxProperties": 1}, ["[]", "null"], ["{}", '{"a":1}', '{"a":1,"b":1}']),
    (
        {"type": "object", "properties": {"a": False, "b": {}}, "additionalProperties": False, "minProperties": 1},
        ['{"b":1}'],
        ["{}", '{"a":1}', '{"a":1,"b":1}'],
    ),
]

KEYS: list[Row] = [
    ({"properties": {"a": False}}, ["{}", '{"b":1}'], ['{"a":1}', '{"b":1,"a":1}', '{"\\u0061":1}']),
    ({"required": ["a"], "properties": {"a": False}}, ["[]", '""', "1"], ["{}", '{"a":1}', '{"b":1}']),
    ({"propertyNames": False}, ["{}", "[]"], ['{"a":1}']),
    ({"propertyNames": True, "type": "object"}, ["{}", '{"a":1}'], ["1"]),
    (
        {"propertyNames": {"enum": ["a", "b"]}, "required": ["b"], "type": "object"},
        ['{"b":1}', '{"a":1,"b":1}', '{"b":1,"a":1}'],
        ["{}", '{"a":1}', '{"b":1,"c":1}'],
    ),
    ({"propertyNames": {"enum": ["a", 1]}, "required": ["b"]}, ["1", "[]"], ['{"b":1}', '{"a":1}', "{}"]),
    ({"propertyNames": {"type": "integer"}}, ["{}"], ['{"a":1}', '{"1":1}']),
    ({"propertyNames": {"maxLength": 1}, "properties": {"ab": {}}}, ['{"a":1}', '{"":1}'], ['{"ab":1}']),
    (
        {"propertyNames": {"not": {"const": "a"}}, "properties": {"a": {}, "b": {"type": "null"}}},
        ['{"b":null}', '{"c":1}'],
        ['{"a":1}', '{"b":1}'],
    ),
    (
        {"properties": {"ab": {"minimum": 3}}, "patternProperties": {"^a": {"maximum": 5}, "b$": {"multipleOf": 2}}},
        ['{"ab":4}', '{"a":1}', '{"b":8}', '{"ac":5}', '{"ab":""}'],
        ['{"ab":2}', '{"ab":5}', '{"ab":6}', '{"a":6}', '{"b":3}', '{"aab":6}', '{"aab":3}'],
    ),
    (
        {"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": {"type": "null"}},
        ['{"a":1,"b":null}', '{"ab":2}', "{}"],
        ['{"a":null}', '{"b":1}', '{"ba":1}'],
    ),
    (
        {"patternProperties": {"": {"type": "integer"}}, "additionalProperties": False},
        ['{"a":1}', '{"":1}', "{}"],
        ['{"a":""}'],
    ),
    ({"patternProperties": {"a": False}}, ["{}", '{"b":1}'], ['{"a":1}', '{"ba":1}']),
    ({"patternProperties": {"^": {}}, "additionalProperties": False}, ['{"a":1}'], []),
    (
        {"properties": {"a": True}, "additionalProperties": False, "required": ["b"]},
        ["1", "[]"],
        ["{}", '{"a":1}', '{"b":1}'],
    ),
    (
        {"properties": {"__proto__": {"type": "null"}, "": {"type": "null"}, "\0": {"type": "null"}}},
        ['{"__proto__":null}', '{"":null}', '{"\\u0000":null}', '{"constructor":1}'],
        ['{"__proto__":1}', '{"":1}', '{"\\u0000":1}'],
    ),
    ({"properties": {"\ud800": {}}, "additionalProperties": False}, ["{}"], ['{"\\ud800":1}', '{"a":1}']),
    ({"required": ["\ud800"]}, ["1", "[]"], ["{}", '{"a":1}', '{"\\ud800":1}']),
]

DEPENDENT: list[Row] = [
    (
        {"dependentRequired": {"a": ["b", "c"], "b": ["d"]}, "type": "object"},
        ["{}", '{"c":1}', '{"b":1,"d":1}', '{"d":1,"b":1}', '{"a":1,"b":1,"c":1,"d":1}', '{"d":1,"c":1,"b":1,"a":1}'],
        ['{"a":1}', '{"b":1}', '{"a":1,"b":1,"c":1}', '{"a":1,"d":1,"c":1}'],
    ),
    ({"dependentRequired": {"a": []}}, ['{"a":1}', "{}"], []),
    ({"dependentRequired": {"a": ["a"]}}, ['{"a":1}', "{}"], []),
    (
        {"dependentRequired": {"a": ["b"]}, "properties": {"b": False}},
        ["{}", '{"c":1}', "[]"],
        ['{"a":1}', '{"a":1,"b":1}'],
    ),
    (
        {"dependentRequired": {"a": ["b"]}, "properties": {"b": {}, "a": {}}, "type": "object"},
        ['{"b":1,"a":1}', '{"b":1}', "{}"],
        ['{"a":1}', '{"c":1,"a":1}'],
    ),
    (
        {"dependentRequired": {"a": ["b"]}, "maxProperties": 1, "type": "object"},
        ["{}", '{"b":1}', '{"c":1}'],
        ['{"a":1}', '{"a":1,"b":1}'],
    ),
    (
        {"not": {"dependentRequired": {"a": ["b"]}}},
        ['{"a":1}', '{"a":1,"c":1}', '{"c":1,"a":1}'],
        ["{}", '{"b":1}', '{"a":1,"b":1}', "1"],
    ),
    (
        {"dependentSchemas": {"a": {"type": "array"}}},
        ["{}", "1", "[]", '"a"', '{"b":1}'],
        ['{"a":1}', '{"b":1,"a":1}'],
    ),
    ({"dependentSchemas": {"a": False}}, ["{}", "1", '{"b":1}'], ['{"a":1}']),
    ({"dependentSchemas": {"a": True}}, ["{}", "1", '{"a":1}'], []),
    (
        {"dependentSchemas": {"a": {"properties": {"b": {"type": "null"}}}, "b": {"required": ["c"]}}},
        ['{"a":1}', '{"b":1,"c":1}', '{"a":1,"b":null,"c":1}'],
        ['{"b":1}', '{"a":1,"b":1,"c":1}', '{"a":1,"b":null}'],
    ),
    (
        {"not": {"dependentSchemas": {"a": {"required": ["b"]}}}},
        ['{"a":1}'],
        ["{}", '{"a":1,"b":1}', "1", '{"b":1}'],
    ),
]

DENIED: list[Row] = [
    (
        {"not": {"required": ["a"]}},
        [
            "{}",
            '{"b":1}',
        ],
        ["1", '{"a":1}'],
    ),
    ({"not": {"required": ["a"], "type": "object"}}, ["{}", "1"], ['{"a":1}', '{"b":1,"a":1}']),
    ({"not": {"maxProperties": 1}}, ['{"a":1,"b":1}'], ["{}", '{"a":1}', "[]"]),
    ({"not": {"minProperties": 2, "type": "object"}}, ["{}", '{"a":1}', "1"], ['{"a":1,"b":1}']),
    (
        {"not": {"additionalProperties": {"type": "integer"}}},
        ['{"a":""}', '{"a":1,"b":""}', '{"b":"","a":1}'],
        ["{}", '{"a":1}', "1"],
    ),
    (
        {
            "allOf": [
                {"not": {"additionalProperties": {"type": "string"}}},
                {"not": {"additionalProperties": {"not": {"type": "string"}}}},
            ]
        },
        ['{"a":1,"b":""}', '{"a":"","b":1}', '{"a":"","b":"","c":1}'],
        ["{}", '{"a":1}', '{"a":""}', '{"a":1,"b":2}'],
    ),
    (
        {"type": "object", "not": {"required": ["a", "b"]}, "minProperties": 1, "propertyNames": {"enum": ["a", "b"]}},
        ['{"a":1}', '{"b":1}'],
        ["{}", '{"a":1,"b":1}'],
    ),
    (
        {
            "type": "object",
            "properties": {"a": {}, "b": {}, "c": {}},
            "additionalProperties": False,
            "minProperties": 2,
            "not": {"required": ["a"]},
        },
        ['{"b":1,"c":1}'],
        ['{"a":1,"b":1}', "{}", '{"b":1}', '{"a":1,"b":1,"c":1}'],
    ),
    (
        {"type": "object", "required": ["a", "b"], "not": {"properties": {"a": {"const": 1}, "b": {"const": 2}}}},
        ['{"a":1,"b":1}', '{"a":2,"b":2}', '{"b":3,"a":1}', '{"a":3,"b":3}'],
        ['{"a":1,"b":2}', '{"b":2.0,"a":1e0}'],
    ),
    (
        {"type": "object", "not": {"anyOf": [{"required": ["a"]}, {"properties": {"b": {"type": "integer"}}}]}},
        ['{"b":""}', '{"b":null,"c":1}'],
        ["{}", '{"b":1}', '{"a":1,"b":""}', '{"c":1}'],
    ),
    (
        {"type": "object", "not": {"patternProperties": {"^a": {"type": "integer"}, "^b": {"type": "null"}}}},
        ['{"a":""}', '{"b":1}', '{"a":1,"b":1}', '{"c":1,"ab":""}'],
        ["{}", '{"a":1}', '{"b":null}', '{"a":1,"b":null}', '{"c":""}'],
    ),
]

UNEVALUATED: list[Row] = [
    (
        {"properties": {"a": {}}, "unevaluatedProperties": False},
        ['{"a":1}', "{}", "1"],
        ['{"b":1}', '{"a":1,"b":1}'],
    ),
    (
        {"allOf": [{"properties": {"a": {}}}, {"patternProperties": {"^b": {}}}], "unevaluatedProperties": False},
        ['{"a":1,"bb":1}'],
        ['{"c":1}'],
    ),
    (
        {
            "type": "object",
            "anyOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"properties": {"b": {}}}],
            "unevaluatedProperties": False,
        },
        ['{"a":1}', '{"b":1}', '{"a":1,"b":1}', "{}"],
        ['{"a":""}', '{"a":"","b":1}', '{"c":1}'],
    ),
    (
        {
            "type": "object",
            "oneOf": [
                {"properties": {"a": {}}, "required": ["a"]},
                {"properties": {"b": {}}, "required": ["b"]},
            ],
            "unevaluatedProperties": False,
        },
        ['{"a":1}', '{"b":1}'],
        ["{}", '{"a":1,"b":1}', '{"a":1,"c":1}'],
    ),
    (
        {
            "type": "object",
            "if": {"properties": {"a": {"const": 1}}, "required": ["a"]},
            "then": {"properties": {"b": {}}},
            "else": {"properties": {"c": {}}},
            "unevaluatedProperties": False,
        },
        ['{"a":1,"b":1}', '{"a":1}', '{"c":1}', "{}"],
        ['{"a":1,"c":1}', '{"b":1}', '{"a":2}', '{"a":2,"c":1}'],
    ),
    (
        {
            "type": "object",
            "if": {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
            "unevaluatedProperties": False,
        },
        ["{}", '{"a":1}'],
        ['{"a":""}', '{"b":1}', '{"a":1,"b":1}'],
    ),
    (
        {"not": {"not": {"properties": {"a": {}}}}, "unevaluatedProperties": False, "type": "object"},
        ["{}"],
        ['{"a":1}'],
    ),
    (
        {
            "type": "object",
            "properties": {"k": {"anyOf": [{"const": number} for number in range(10)]}},
            "unevaluatedProperties": False,
        },
        ['{"k":3}', "{}"],
        ['{"k":10}', '{"l":3}'],
    ),
    (
        {
            "type": "object",
            "dependentSchemas": {"a": {"properties": {"b": {}}}},
            "properties": {"a": {}},
            "unevaluatedProperties": {"type": "null"},
        },
        ['{"a":1,"b":1}', '{"b":null}', '{"a":1,"c":null}'],
        ['{"b":1}', '{"a":1,"c":1}'],
    ),
    (
        {"$ref": "#/$defs/a", "unevaluatedProperties": False, "$defs": {"a": {"properties": {"a": {}}}}},
        ['{"a":1}'],
        ['{"b":1}'],
    ),
    (
        {"allOf": [{"properties": {"a": {}}, "unevaluatedProperties": False}], "properties": {"b": {}}},
        ['{"a":1}', "{}"],
        ['{"b":1}', '{"a":1,"b":1}'],
    ),
]


@pytest.mark.parametrize("row", COUNTS + KEYS, ids=str)
def test_members(row: Row) -> None:
    """Counts, names and patterns of members hold together, whichever of them speaks of a key."""
    assert not misjudged(row)


@pytest.mark.parametrize("row", DEPENDENT, ids=str)
def test_dependent_members(row: Row) -> None:
    """What depends on a key is asked where the key is there, and of objects alone."""
    assert not misjudged(row)


@pytest.mark.parametrize("row", DENIED, ids=str)
def test_denied_objects(row: Row) -> None:
    """A denied object is broken in some way, two denied ones in two, by one member or by several."""
    assert not misjudged(row)


@pytest.mark.parametrize("row", UNEVALUATED, ids=str)
def test_unevaluated_members(row: Row) -> None:
    """What a branch that holds has spoken of is spoken of, and nothing else."""
    assert not misjudged(row)


@pytest.mark.parametrize("row", [row for row in (*COUNTS, *KEYS) if len(row[1]) > 1], ids=str)
def test_members_in_any_order(row: Row) -> None:
    """The same where the order of keys is free."""
    assert not misjudged(row, key_order="any")
