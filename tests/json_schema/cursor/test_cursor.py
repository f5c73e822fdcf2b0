"""A cursor over any cut of a text knows what `json.loads` of the whole would say, and says so field by field."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.fields import fields_between
from llmpost.constraints.json_schema.values import Real

laws = settings(max_examples=200, deadline=None, derandomize=True)

characters = st.characters(codec="utf-8")
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.text(characters, max_size=6)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(characters, max_size=3), inner, max_size=3),
    max_leaves=8,
)
styles = st.fixed_dictionaries(
    {
        "ensure_ascii": st.booleans(),
        "indent": st.sampled_from([None, 0, 2]),
        "separators": st.sampled_from([None, (",", ":"), (" , ", "\t:\n")]),
    }
)


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[Any, list[bytes]]:
    """A value, and a text of it in pieces."""
    value = draw(values)
    text = json.dumps(value, **draw(styles)).encode() + draw(st.sampled_from([b"", b" ", b"\n"]))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    return value, [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def cursors(pieces: list[bytes]) -> list[Cursor]:
    found = [Cursor.start()]
    for piece in pieces:
        found.append(found[-1].after(piece))
    return [*found, found[-1].ended()]


def finished_fields(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[Any, Any]]:
    """By definition: a value's own members and items before itself."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [done for step, one in members for done in finished_fields(one, (*path, step))]
    return [*inner, (path, value)]


def has_grown(before: Any, after: Any, is_root: bool = True) -> bool:
    """What was said stays said: strings, arrays and objects only get longer, and only in their last place."""
    if before is None and is_root:
        return True
    if isinstance(before, str) and isinstance(after, str):
        return after.startswith(before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) <= len(after) and all(has_grown(*pair, False) for pair in zip(before, after, strict=False))
    if isinstance(before, dict) and isinstance(after, dict):
        is_begun = list(after)[: len(before)] == list(before)
        return is_begun and all(has_grown(before[name], after[name], False) for name in before)
    return type(before) is type(after) and bool(before == after)


@laws
@given(cut_texts())
def test_any_cut_reads_as_the_whole(example: tuple[Any, list[bytes]]) -> None:
    """The value and every finished field, each told once, inner ones first, are those of `json.loads`."""
    value, pieces = example
    places = cursors(pieces)
    assert places[-1].partial() == value
    told = [done for a, b in pairwise(places) for done in fields_between(a, b)]
    assert [(done.path, done.value) for done in told] == finished_fields(json.loads(b"".join(pieces)))
    assert told == fields_between(places[0], places[-1])


@laws
@given(cut_texts())
def test_what_is_said_so_far_grows(example: tuple[Any, list[bytes]]) -> None:
    """Partial values are JSON, never take back what they said, and older cursors still say the same."""
    _, pieces = example
    places = cursors(pieces)
    partials = [place.partial() for place in places]
    assert [json.loads(json.dumps(partial)) for partial in partials] == partials
    assert all(has_grown(a, b) for a, b in pairwise(partials)), partials
    assert [place.partial() for place in places] == partials


@pytest.mark.parametrize(
    ("text", "path", "partial"),
    [
        ('{"a": "x\\', ("a",), {"a": "x"}),
        ('{"a": "x\\u00e', ("a",), {"a": "x"}),
        ('["\\ud83d', (0,), [""]),
        ('["\\ud83d\\ude0', (0,), [""]),
        ('["\\ud83d\\ude00', (0,), ["😀"]),
        ('["\\\\ud83d', (0,), ["\\ud83d"]),
        ('{"a": 1, "b', (), {"a": 1}),
        ('{"a": 1, "b"', ("b",), {"a": 1}),
        ('{"a": 1, "b": tru', ("b",), {"a": 1}),
        ('{"a": 1, "b": true', (), {"a": 1, "b": True}),
        ('{"a": [1, {"b": 2', ("a", 1, "b"), {"a": [1, {}]}),
        ('{"a": [1, {"b": 2}', ("a", 2), {"a": [1, {"b": 2}]}),
        ("", (), None),
        ("12", (), None),
        ("[]", (), []),
    ],
)
def test_where_a_text_stands(text: str, path: tuple[str | int, ...], partial: Any) -> None:
    """A half escape, half a pair, an open number and a name without a value are not yet said."""
    cursor = Cursor.start().after(text.encode())
    assert (cursor.path, cursor.partial()) == (path, partial)


def test_half_a_character_is_not_yet_said() -> None:
    """Bytes of a character are no text until the last one."""
    cursor = Cursor.start().after('["aé'.encode()[:-1])
    assert cursor.partial() == ["a"]
    assert cursor.after("é".encode()[1:]).partial() == ["aé"]


def test_numbers_keep_their_digits() -> None:
    """A float is a float, and knows the decimal that was written."""
    (number,) = Cursor.start().after(b"[0.1000000000000000055]").partial()
    assert isinstance(number, Real)
    assert number == 0.1
    assert str(number.exact) == "0.1000000000000000055"
    (huge,) = Cursor.start().after(b"[" + b"9" * 5000 + b"]").partial()
    assert huge.exact.adjusted() == 4999


def test_depth_and_length_are_read_without_recursion() -> None:
    """Many levels and many pieces are read, told and let go of."""
    size = 20_000
    deep = Cursor.start().after(b'[{"a":' * size)
    assert len(deep.path) == 2 * size
    place = Cursor.start().after(b'["')
    for _ in range(size):
        place = place.after(b"abc")
    assert len(place.partial()[0]) == 3 * size
    assert deep.after(b"1" + b"}]" * size).frame is None


@given(cut_texts())
def test_a_cursor_remembers_the_text(read: tuple[Any, list[bytes]]) -> None:
    """All bytes that led to it, whatever the cut."""
    _, pieces = read
    cursor = Cursor.start()
    for piece in pieces:
        cursor = cursor.after(piece)
    assert cursor.octets == b"".join(pieces)
