"""What may be given as a schema, what is refused, and how a text that is held to it becomes a value."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.engine.output_type import NotOfType, as_output_type
from llmpost.errors import ConstraintError, LlmpostError, RequestError

PERSON = {"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}}, "required": ["age"]}


class Person(pydantic.BaseModel):
    age: int
    born: date | None = None

    @pydantic.field_validator("age")
    @classmethod
    def _is_alive(cls, age: int) -> int:
        if age > 150:
            raise ValueError("nobody is that old")
        return age


@dataclass
class Point:
    x: int
    y: int


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        (PERSON, ' {"age": 34}\n', {"age": 34}),
        (json.dumps(PERSON), '{"age": 34}', {"age": 34}),
        (True, "null", None),
        ({}, "1e2", 100.0),
        (Person, '{"age": 34, "born": "1990-02-03"}', Person(age=34, born=date(1990, 2, 3))),
        (Point, '{"x": 1, "y": 2}', Point(1, 2)),
        (list[Point], '[{"x": 1, "y": 2}]', [Point(1, 2)]),
        (Literal["yes", "no"], '"yes"', "yes"),
    ],
)
def test_a_text_becomes_a_value(schema: Any, text: str, value: Any) -> None:
    """An instance of the type that was given, or what JSON has."""
    assert as_output_type(schema).parse(text) == value


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), st.lists))
def test_a_value_is_what_python_reads(value: Any) -> None:
    """Where no type was named."""
    assert as_output_type({}).parse(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["[" * 50_000 + "]" * 50_000, "1" * 5_000])
def test_no_valid_text_is_too_much(text: str) -> None:
    """What Python's own reader refuses, for its depth or its digits, is a value all the same."""
    value = as_output_type(True).parse(text)
    depth = 0
    while isinstance(value, list) and value:
        (value,), depth = value, depth + 1
    assert depth == 49_999 if text[0] == "[" else value > 10**300


@pytest.mark.parametrize(
    ("schema", "text", "message"),
    [(Person, '{"age": 151}', "/age: breaks 'value_error'"), (list[Any], "[" * 5000 + "]" * 5000, "/: breaks")],
)
def test_what_the_type_does_not_take_is_said_without_quoting(schema: Any, text: str, message: str) -> None:
    """The message names the place and the rule, never what stood there."""
    with pytest.raises(NotOfType, match=message) as caught:
        as_output_type(schema).parse(text)
    assert "151" not in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "kind", "message"),
    [
        ({"enum": [{1, 2}]}, ConstraintError, "json_schema at /enum/0"),
        ("nowhere.json", RequestError, "'nowhere.json' .FileNotFoundError. is not a file that can be read"),
        (Path("nowhere.json"), RequestError, "nowhere.json"),
        ("x" * 5000, RequestError, "is not a file that can be read"),
        (3, RequestError, "schema: 3 .* is not a schema"),
        (object(), RequestError, "is not a schema"),
    ],
)
def test_what_is_no_schema_is_refused(schema: Any, kind: type[LlmpostError], message: str) -> None:
    """Before anything runs, in four parts. What is no JSON Schema is found where it is compiled."""
    with pytest.raises(kind, match=message):
        as_output_type(schema)


def test_a_file(tmp_path: Path) -> None:
    """A path and its name as a string mean the same schema."""
    path = tmp_path / "person.json"
    path.write_text(json.dumps(PERSON), "utf-8-sig")
    types = [as_output_type(given) for given in (path, str(path), PERSON)]
    assert len({one.schema for one in types}) == 1
