"""Reading a text into a type: what counts as one, what is refused, and that no text makes it slow or wordy."""

import contextlib
import json
import time
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


@dataclass
class Point:
    x: int
    y: int


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        (PERSON, '{"age": 34}', {"age": 34}),
        (PERSON, 'Sure: {"age": 34} and {"age": 35}', {"age": 34}),
        (PERSON, 'not {this} but {"age": 1}', {"age": 1}),
        (PERSON, '[{"age": 2}]', {"age": 2}),
        (PERSON, '{"name": "} {", "age": 3}', {"name": "} {", "age": 3}),
        (json.dumps(PERSON), '{"age": 34}', {"age": 34}),
        ({"type": "array"}, "It is [1, 2].", [1, 2]),
        ({}, "the answer: true", True),
        (True, "null", None),
        ({"pattern": "^a+$"}, '"aaa"', "aaa"),
        (Person, '{"age": 34, "born": "1990-02-03"}', Person(age=34, born=date(1990, 2, 3))),
        (Point, '{"x": 1, "y": 2}', Point(1, 2)),
        (list[Point], '[{"x": 1, "y": 2}]', [Point(1, 2)]),
        (Literal["yes", "no"], '"yes"', "yes"),
    ],
)
def test_the_first_json_value_is_read(schema: Any, text: str, value: Any) -> None:
    """The first object where the schema wants one, else the first value; prose around it does not matter."""
    assert as_output_type(schema).parse(text) == value


@pytest.mark.parametrize(
    ("schema", "text", "message"),
    [
        (PERSON, "hello", "no JSON object"),
        (PERSON, "", "no JSON object"),
        (PERSON, "[1]", "no JSON object"),
        ({}, "hello", "no JSON value"),
        (PERSON, '{"age": 34', "no JSON object"),
        (PERSON, '{"age": NaN}', "no JSON object"),
        (PERSON, '{"age": -1}', "/age: breaks 'minimum'"),
        (PERSON, '{"name": "secret"}', "/: breaks 'required'"),
        (False, "1", "/: breaks 'None'"),
        ({"pattern": "^(a|a)*$"}, f'"{"a" * 60}b"', "did not come to an end|breaks 'pattern'"),
        ({"$ref": "https://example.org/s.json"}, "1", "did not come to an end"),
        (Person, '{"age": "secret"}', "/age: breaks 'int_parsing'"),
        (Point, '{"x": 1}', "/y: breaks 'missing'"),
    ],
)
def test_what_is_not_of_the_type_is_said_without_quoting(schema: Any, text: str, message: str) -> None:
    """The message names the place and the keyword, never what stood there."""
    with pytest.raises(NotOfType, match=message) as caught:
        as_output_type(schema).parse(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "kind", "message"),
    [
        ({"type": "objec"}, ConstraintError, "schema at /type: .* is not JSON Schema"),
        ({"properties": {"a": {"minimum": "x"}}}, ConstraintError, "schema at /properties/a/minimum"),
        ('{"type": ', ConstraintError, "is not JSON"),
        ("nowhere.json", RequestError, "'nowhere.json' .FileNotFoundError. is not a file that can be read"),
        (Path("nowhere.json"), RequestError, "nowhere.json"),
        ("x" * 5000, RequestError, "is not a file that can be read"),
        (3, RequestError, "schema: 3 is not a schema"),
        (object(), RequestError, "is not a schema"),
    ],
)
def test_what_is_no_schema_is_refused(schema: Any, kind: type[LlmpostError], message: str) -> None:
    """Before anything runs, in four parts."""
    with pytest.raises(kind, match=message):
        as_output_type(schema)


def test_a_file(tmp_path: Path) -> None:
    """A path and its name as a string mean the same schema; the digest is that of the content."""
    path = tmp_path / "person.json"
    path.write_text(json.dumps(PERSON, indent=4), "utf-8")
    types = [as_output_type(given) for given in (path, str(path), PERSON)]
    assert [one.parse('{"age": 3}') for one in types] == [{"age": 3}] * 3
    assert len({one.digest for one in types}) == 1


@pytest.mark.parametrize("text", ["{" * 100_000, "[" * 100_000, '{"a":' * 20_000, '"' * 50_000, "-" * 100_000])
def test_hostile_texts_are_read_in_time(text: str) -> None:
    """No text costs more than a fixed number of attempts, and depth is an answer, not a crash."""
    started = time.perf_counter()
    for schema in (PERSON, {}):
        with contextlib.suppress(NotOfType):  # a string may be in it, which is a value
            as_output_type(schema).parse(text + "x")
    assert time.perf_counter() - started < 30  # seconds even on a busy machine; without the bound it is minutes


LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.text(), st.recursive(LEAVES, st.lists, max_leaves=5))
def test_an_object_in_any_text_is_found(noise: str, value: Any) -> None:
    """Whatever stands around it, short of an opening brace."""
    text = noise.replace("{", "") + json.dumps({"age": 1, "more": value}) + noise
    assert as_output_type(PERSON).parse(text) == {"age": 1, "more": value}
