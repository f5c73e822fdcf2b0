"""What is given becomes JSON that nobody else can change, or an error that says where it is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.constraints.json_schema.document.document import read_document
from llmpost.constraints.json_schema.document.text import MAX_VALUES, schema_text, tree_of
from llmpost.constraints.json_schema.settings import Settings
from llmpost.errors import ConstraintError

CIRCLE: dict[str, Any] = {}
CIRCLE["properties"] = {"a": CIRCLE}
NUMBERS = ["1" * 5000, "1e99999", "-1e-99999", "1e999999999999999999999", "0." + "1" * 5000]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"^json_schema:1:1: the end of the text is not what JSON has here"),
        ('{"type": string}', r"^json_schema:1:10: 'string}' is not what JSON has here"),
        ('{\n  "type": "string",\n}', r"^json_schema:3:1: "),
        ("{'type': 'string'}", r"^json_schema:1:2: "),
        ("schema.json", r"A path to a file is not text: read it first\."),
        ('{"minimum": NaN}', r"NaN is not JSON: it has no such number"),
        ('{"minimum": -Infinity}', r"-Infinity is not JSON"),
        *((f'{{"minimum": {number}}}', r"is not a number of at most 4,000 digits") for number in NUMBERS),
        ("[" * 100_000, r"text nested this deeply is not one of fewer levels"),
    ],
)
def test_broken_text_is_pointed_at(text: str, message: str) -> None:
    """Line and column where it is no JSON, and what else cannot be taken."""
    with pytest.raises(ConstraintError, match=message):
        read_document(text, Settings())


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"enum": [{"a": {1, 2}}]}, r"^json_schema at /enum/0/a: \{1, 2\} \(set\) is not JSON"),
        ({"const": float("nan")}, r"^json_schema at /const: nan \(float\) is not JSON"),
        ({"const": b"x"}, r"^json_schema at /const: b'x' \(bytes\) is not JSON"),
        ({"default": Decimal("1.5")}, r"^json_schema at /default: Decimal"),
        ({"properties": {1: {}}}, r"^json_schema at /properties: the key 1 is not a string"),
        (CIRCLE, r"or one that contains itself, is not one that can be written down"),
    ],
)
def test_what_is_no_json_is_pointed_at(schema: Any, message: str) -> None:
    """Python has more values than JSON."""
    with pytest.raises(ConstraintError, match=message):
        read_document(schema, Settings())


def test_shared_objects_cannot_grow_without_bound() -> None:
    """Thirty dicts that each hold the next one twice would print as a billion."""
    schema: dict[str, Any] = {}
    for _ in range(30):
        schema = {"allOf": [schema, schema]}
    with pytest.raises(ConstraintError, match=rf"more than {MAX_VALUES:,} values"):
        read_document(schema, Settings())


def test_later_changes_do_not_count() -> None:
    """A document is what the schema was when it was read."""
    schema = {"properties": {"a": {"type": "string"}}}
    root = read_document(schema, Settings()).root
    schema["properties"]["a"]["type"] = "null"
    assert root.named("properties")["a"].value("type") == ("string",)


def test_fractions_are_what_was_written() -> None:
    """Not the nearest binary number; a float is what Python prints of it."""
    exact = read_document('{"const": 0.1000000000000000000001, "minimum": 1e2}', Settings()).root
    assert exact.value("const") == Decimal("0.1000000000000000000001")
    assert read_document({"minimum": 0.1}, Settings()).root.value("minimum") == Decimal("0.1")


def test_keys_that_stand_twice_are_noted() -> None:
    """The last one counts, as in every reader of JSON; a name is given."""
    document = read_document('{"type": "null", "type": "string"}', Settings())
    assert document.root.value("type") == ("string",)
    assert document.notes == ["the key 'type' stands twice in one object: the last one counts"]


@settings(deadline=None, derandomize=True)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_text_is_read_as_it_was_printed(value: Any) -> None:
    """Whatever JSON an unknown keyword holds is there again."""
    assert tree_of(schema_text({"x": value})) == ({"x": value}, [])
