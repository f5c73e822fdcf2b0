"""What a schema says of arrays, row by row."""

from __future__ import annotations

import pytest
from schema_rows import Row, misjudged

ITEMS: list[Row] = [
    ({"items": False}, ["[]", "1", "{}"], ["[1]"]),
    ({"items": {"type": "integer"}, "maxItems": 2}, ["[]", "[1]", "[1,2]"], ["[1,2,3]", '[""]']),
    ({"prefixItems": [{"type": "null"}, False], "minItems": 1}, ["[null]", "1"], ["[]", "[1]", "[null,1]"]),
    ({"prefixItems": [{"type": "null"}], "items": False}, ["[]", "[null]"], ["[1]", "[null,null]"]),
    ({"minItems": 2, "maxItems": 1}, ["1", "{}"], ["[]", "[1]", "[1,2]"]),
    ({"minItems": 1, "items": False}, ["1"], ["[]", "[1]"]),
    ({"minItems": 2.0, "maxItems": 2.0, "type": "array"}, ["[1,2]"], ["[1]", "[1,2,3]"]),
    ({"not": {"items": {"type": "integer"}}}, ['[""]', '[1,""]', '["",1]'], ["[]", "[1]", "1"]),
    ({"not": {"prefixItems": [{"type": "null"}], "items": {"type": "integer"}}},
     ["[1]", '[null,""]'], ["[]", "[null]", "[null,1]", "1"]),
    ({"not": {"minItems": 1, "maxItems": 2}}, ["[]", "[1,2,3]"], ["[1]", "[1,2]", "1"]),
    ({"uniqueItems": True, "items": {"type": "boolean"}}, ["[true,false]", "[]"], ["[true,true]", "[true,false,true]"]),
    ({"uniqueItems": True}, ["[1,true]", '[{"a":1},{"a":2}]'],
     ["[1,1.0]", '[{"a":1,"b":2},{"b":2,"a":1}]', "[1e0,10E-1]", '["a","\\u0061"]']),
    ({"uniqueItems": False}, ["[1,1]"], []),
    ({"anyOf": [{"type": "array"}, {"type": "array", "uniqueItems": True}]}, ["[1,1]", "[1,2]", '["a","a"]'], ["1"]),
    ({"type": "array", "anyOf": [{"items": {"type": "array", "uniqueItems": True}}, {"minItems": 3}]},
     ["[[1,1],2,3]", "[[1,2],[2,1]]", "[[1,1],[1,1],[1,1]]"], ["[[1,1],2]"]),
    ({"type": "object", "anyOf": [{"properties": {"a": {"type": "array", "uniqueItems": True}}}, {"required": ["b"]}]},
     ['{"a":[1,1],"b":1}', '{"a":[1,2]}'], ['{"a":[1,1]}', '{"a":[1,2,1],"c":1}']),
    ({"uniqueItems": True, "maxItems": 1}, ["[1]", "[]"], ["[1,1]", "[1,2]"]),
]  # fmt: skip

CONTAINING: list[Row] = [
    ({"contains": {"const": 1}}, ["[1]", "[0,1,2]", "{}", "1"], ["[]", "[2]"]),
    ({"contains": False}, ["1", "{}"], ["[]", "[1]"]),
    ({"contains": False, "minContains": 0}, ["[]", "[1]"], []),
    ({"contains": True}, ["[1]"], ["[]"]),
    ({"contains": {"const": 1}, "maxContains": 1}, ["[1]", "[2,1]"], ["[]", "[1,1]", "[1,2,1]"]),
    ({"contains": {"const": 1}, "minContains": 0, "maxContains": 1}, ["[]", "[1]", "[2,2]"], ["[1,1]"]),
    ({"contains": {"const": 1}, "minContains": 2, "maxItems": 2}, ["[1,1]"], ["[1]", "[1,2]", "[1,1,1]"]),
    (
        {"contains": {"type": "null"}, "minContains": 2, "prefixItems": [{"type": "integer"}], "maxItems": 3},
        ["[1,null,null]"],
        ["[1,null]", "[null,null]", "[1,1,null]"],
    ),
    (
        {"contains": {"type": "integer"}, "maxContains": 2, "prefixItems": [{"const": 1}, {"const": 2}]},
        ["[1]", '[1,2,""]', '[1,2,"",null]'],
        ["[]", "[2]", "[1,2,3]"],
    ),
    (
        {"contains": {"type": "integer"}, "maxContains": 1, "items": {"type": "integer"}, "minItems": 1},
        ["[1]"],
        ["[]", "[1,2]"],
    ),
    ({"minContains": 2}, ["[]", "[1]"], []),
    (
        {"not": {"contains": {"type": "integer"}}},
        ["[]", '[""]'],
        ["[1]", '["",1]', "1"],
    ),
    ({"not": {"contains": {"type": "null"}, "minContains": 2}}, ["[]", "[null]", "[null,1]"], ["[null,null]", "1"]),
    (
        {"allOf": [{"contains": {"const": 1}}, {"contains": {"const": 2}}], "maxItems": 2},
        ["[1,2]", "[2,1]"],
        ["[1]", "[2,2]", "[1,2,3]", "[1,1]"],
    ),
    (
        {"allOf": [{"contains": {"minimum": 1}}, {"contains": {"maximum": 5}}], "maxItems": 1},
        ["[3]", '[""]'],
        ["[0]", "[6]", "[]"],
    ),
    (
        {
            "contains": {"type": "integer"},
            "maxContains": 1,
            "allOf": [{"contains": {"type": ["integer", "null"]}, "minContains": 3}],
        },
        ["[1,null,null]", "[null,null,1]", '[null,1,"",null]'],
        ["[null,null,null]", "[1,null]", "[1,1,null]"],
    ),
    (
        {
            "allOf": [{"contains": {"const": 1}, "maxContains": 2}, {"contains": {"const": 2}, "maxContains": 1}],
            "items": {"enum": [1, 2]},
        },
        ["[1,2]", "[2,1,1]", "[1,2,1]"],
        ["[1,1]", "[1,2,2]", "[1,1,1,2]"],
    ),
    (
        {
            "allOf": [{"contains": {"const": 1}}, {"contains": {"const": 2}}],
            "prefixItems": [{"enum": [1, 2]}, {"const": 1}],
            "items": False,
        },
        ["[2,1]"],
        ["[1,1]", "[1]", "[1,1,2]"],
    ),
]

UNEVALUATED: list[Row] = [
    ({"prefixItems": [{}], "unevaluatedItems": False}, ["[]", "[1]"], ["[1,2]"]),
    ({"contains": {"type": "integer"}, "unevaluatedItems": False}, ["[1]", "[1,2]"], ["[]", '[1,""]']),
    ({"contains": {"type": "integer"}, "minContains": 0, "unevaluatedItems": False}, ["[]", "[1]"], ['[""]']),
    ({"items": {"type": "integer"}, "unevaluatedItems": False}, ["[1,2]"], ['[""]']),
    (
        {"anyOf": [{"prefixItems": [{"const": 1}]}, {"prefixItems": [{}, {"const": 2}]}], "unevaluatedItems": False},
        ["[]", "[1]", "[1,2]", "[3,2]", "[3]"],
        ["[1,3]", "[3,2,1]"],
    ),
    (
        {"if": {"prefixItems": [{"const": 1}]}, "unevaluatedItems": {"type": "null"}, "type": "array"},
        ["[]", "[1]", "[1,null]", "[null]"],
        ["[2]", "[1,1]"],
    ),
    (
        {
            "$schema": "https://json-schema.org/draft/2019-09/schema",
            "contains": {"type": "integer"},
            "unevaluatedItems": {"type": ["null", "integer"]},
        },
        ["[1,null]"],
        ["[null]", '[1,""]'],
    ),
    (
        {
            "$schema": "https://json-schema.org/draft/2019-09/schema",
            "items": [{"type": "null"}],
            "unevaluatedItems": False,
        },
        ["[null]", "[]"],
        ["[null,1]", "[1]"],
    ),
]


@pytest.mark.parametrize("row", ITEMS, ids=str)
def test_items(row: Row) -> None:
    """Items are as the prefix and the rest say, as many as the counts say, and differ where they have to."""
    assert not misjudged(row)


@pytest.mark.parametrize("row", CONTAINING, ids=str)
def test_contained_items(row: Row) -> None:
    """Items that are contained are counted, also for several containments at once, and never led into a dead end."""
    assert not misjudged(row)


@pytest.mark.parametrize("row", UNEVALUATED, ids=str)
def test_unevaluated_items(row: Row) -> None:
    """What a branch that holds has spoken of is spoken of, and nothing else."""
    assert not misjudged(row)
