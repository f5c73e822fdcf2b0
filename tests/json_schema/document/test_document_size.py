"""Deep and large schemas are read in time that grows with their size, without recursion."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llmpost.constraints.json_schema.document.document import Document, read_document
from llmpost.constraints.json_schema.settings import Settings
from llmpost.errors import ConstraintError


def read(schema: Any) -> Document:
    return read_document(schema, Settings())


def nested(num_levels: int) -> str:
    return '{"not":' * num_levels + "true" + "}" * num_levels


def test_hundreds_of_levels() -> None:
    """As deep as JSON is read, so deep are schemas."""
    document = read(nested(500))
    assert document.report["/not" * 500] == "exact"
    assert not document.is_plain(document.root)


@pytest.mark.parametrize("num_levels", [2_000, 100_000])
def test_more_levels_are_refused(num_levels: int) -> None:
    """With an error of our own, from text and from dicts."""
    with pytest.raises(ConstraintError, match=r"nested this deeply"):
        read(nested(num_levels))
    schema: Any = True
    for _ in range(num_levels):
        schema = {"not": schema}
    with pytest.raises(ConstraintError, match=r"nested this deeply"):
        read(schema)
    while isinstance(schema, dict):  # taken apart from outside: freeing it would recurse
        schema = schema.popitem()[1]


def test_a_chain_of_references() -> None:
    """Ten thousand definitions, each the next one: no recursion, and a circle of them is found."""
    last = 10_000
    names = {f"d{number}": {"$ref": f"#/$defs/d{number + 1}"} for number in range(last)}
    document = read({"$ref": "#/$defs/d0", "$defs": {**names, f"d{last}": {"type": "null"}}})
    assert document.refused == []
    assert document.is_plain(document.root)
    circle = read({"$ref": "#/$defs/d0", "$defs": {**names, f"d{last}": {"$ref": "#/$defs/d0"}}})
    assert [pointer for pointer, _ in circle.refused] == [f"/$defs/d{last}/$ref"]
    assert not circle.is_plain(circle.root)


def test_many_values_and_many_keys() -> None:
    """A large enumeration and fifty thousand properties; nodes are made only for what is asked for."""
    values = [f"value {number}" for number in range(100_000)]
    properties = {f"p{number}": {"type": "string", "maxLength": 10**9} for number in range(50_000)}
    document = read(json.dumps({"properties": {"e": {"enum": values}, **properties}, "required": ["e"]}))
    assert document.is_plain(document.root)
    assert document.root.named("properties")["e"].value("enum") == values
    assert document.root.named("properties")["p49999"].value("maxLength") == 10**9
    assert len(document._nodes) == 3
