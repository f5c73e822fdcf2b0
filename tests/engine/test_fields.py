"""Streams under a schema: each field right behind the text that ends it, and the value so far at every piece."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from llmpost.contracts.result import Event, FieldDone, Finished, TextDelta
from llmpost.engine import Engine
from llmpost.testing import random_script, scripted_engine

TOKENS = [
    *(bytes([octet]) for octet in range(32, 127)),
    b'": ',
    b'", "',
    b'"}',
    b"]}",
    b"12",
    b"true",
    "é".encode(),
    b"<end>",
]
END = len(TOKENS) - 1
ANYTHING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "a": {"type": "array", "items": {"type": ["integer", "boolean", "null"]}, "maxItems": 4},
        "b": {"type": "string", "maxLength": 6},
        "c": {"type": "object", "properties": {"d": {"type": "number"}}, "additionalProperties": False},
    },
    "additionalProperties": False,
}


def engine_with(script: Any = None) -> Engine:
    return scripted_engine(script or random_script(len(TOKENS)), TOKENS, [END])


def spelling(text: str) -> Engine:
    order = [TOKENS.index(letter.encode()) for letter in text] + [END]
    return engine_with(lambda tokens: [float(i == order[min(len(tokens), len(order)) - 1]) for i in range(len(TOKENS))])


def fields_of(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every member and item, the inner ones first, the whole last."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield from fields_of(member, (*path, step))
    yield path, value


def covers(value: Any, partial: Any) -> bool:
    """Whether the one is the beginning of the other."""
    if isinstance(partial, dict):
        return isinstance(value, dict) and all(
            name in value and covers(value[name], member) for name, member in partial.items()
        )
    if isinstance(partial, list):
        return isinstance(value, list) and len(partial) <= len(value) and all(map(covers, value, partial))
    return value.startswith(partial) if isinstance(partial, str) and isinstance(value, str) else partial == value


@pytest.mark.parametrize("seed", range(12))
def test_fields_are_those_of_the_value(seed: int) -> None:
    """All of them, once, in the order of the text, the inner ones first; each when its text has been shown."""
    *events, last = engine_with().stream("a", schema=ANYTHING, temperature=1.3, seed=seed, max_new_tokens=500)
    assert isinstance(last, Finished)
    fields = [event for event in events if isinstance(event, FieldDone)]
    assert [(done.path, done.value) for done in fields] == list(fields_of(last.result.parsed))
    shown = ""
    for event in events:
        if isinstance(event, TextDelta):
            shown += event.text
            assert event.partial() is None or covers(last.result.parsed, event.partial())
        elif isinstance(event, FieldDone):
            assert json.dumps(event.value)[:1] in shown
    assert shown == last.result.text


def test_a_field_follows_the_text_that_ends_it() -> None:
    """A string with its quote, a number with what stands behind it, the whole with its bracket."""
    events = list(spelling('{"a": [1, 2], "b": "x"}').stream("a", schema=ANYTHING, temperature=0))
    told = ["".join(e.text for e in events[:place] if isinstance(e, TextDelta)) for place in range(len(events))]
    assert [(text, event.path) for text, event in zip(told, events, strict=True) if isinstance(event, FieldDone)] == [
        ('{"a": [1,', ("a", 0)),
        ('{"a": [1, 2]', ("a", 1)),
        ('{"a": [1, 2]', ("a",)),
        ('{"a": [1, 2], "b": "x"', ("b",)),
        ('{"a": [1, 2], "b": "x"}', ()),
    ]


def test_a_root_number_is_finished_by_the_end() -> None:
    """Nothing else tells that no digit follows."""
    *_, done, last = spelling("12").stream("a", schema={"type": "integer"}, temperature=0)
    assert done == FieldDone((), 12)
    assert isinstance(last, Finished)


def test_what_is_held_back_is_no_field() -> None:
    """While text may still turn out to be a stop string, no field in it is told; and none when it does."""

    def told(text: str, stop: str) -> list[Event]:
        return list(spelling(text).stream("a", schema=ANYTHING, temperature=0, stop=stop))

    cut = told('{"a": [1, 2], "b": "x"}', '], "')
    assert [event.path for event in cut if isinstance(event, FieldDone)] == [("a", 0)]
    assert isinstance(cut[-1], Finished)
    assert cut[-1].result.text == '{"a": [1, 2'
    held = told('{"a": [1]}', "]}!")
    assert [type(event).__name__ for event in held[-5:]] == ["TextDelta", *["FieldDone"] * 3, "Finished"]


def test_what_was_cut_off_has_the_fields_before() -> None:
    """The root is not among them."""
    *events, last = spelling('{"b": "x", "c": 1}').stream("a", schema=ANYTHING, temperature=0, stop='"c"')
    assert isinstance(last, Finished)
    assert last.result.stop == '"c"'
    assert [event.path for event in events if isinstance(event, FieldDone)] == [("b",)]


def test_candidates_have_their_own_fields() -> None:
    """Each event names its candidate."""
    *events, last = engine_with().stream("a", schema=ANYTHING, n=3, temperature=1.3, seed=4, max_new_tokens=500)
    assert isinstance(last, Finished)
    for number, candidate in enumerate(last.result.candidates):
        own = [event for event in events if isinstance(event, FieldDone) and event.candidate == number]
        assert [(done.path, done.value) for done in own] == list(fields_of(candidate.parsed))


def test_without_a_schema_there_are_no_fields() -> None:
    """Neither fields nor a value so far."""
    *events, _ = spelling('{"a": [1]}').stream("a", temperature=0)
    assert all(isinstance(event, TextDelta) and event.partial() is None for event in events)
