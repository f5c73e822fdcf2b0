"""Laws of JSON fields: a document stays one, each string is what plain checking makes of it, and the rest stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain, pairwise
from typing import Any

from hostile_guards import Pattern, rule
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.contracts.guard import GuardContext, Span
from llmpost.guards.checking import check
from llmpost.guards.fields.checking import check_fields
from llmpost.guards.fields.reader import read_fields
from llmpost.guards.rule import Guarding
from llmpost.guards.tools import Tools

LETTERS = st.text('ab@"\\/\n\t\u00e9\ud800\udc00\U0001f600 ', max_size=8)
GUARDING = Guarding((
    rule(Pattern("[a-b]+@", "SIGN", "signs")), rule(Pattern('b"|\\\\', "QUOTE", "quotes"), "hash"),
    rule(Pattern("\ud800|\U0001f600", "HALF", "halves"), "mask"),
))  # fmt: skip
TOOLS = Tools(key=b"key")


@st.composite
def spelled(draw: st.DrawFn, text: str) -> str:
    """The text as the characters of a JSON string, each escaped in one of the ways that there are, or not at all."""
    return "".join(draw(st.sampled_from(ways(one))) for one in text)


def ways(character: str) -> list[str]:
    code = ord(character)
    if code >= 0x10000:
        high, low = 0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code & 0x3FF)
        return [character, f"\\u{high:04x}\\u{low:04X}"]
    short = {'"': ['\\"'], "\\": ["\\\\"], "/": ["\\/", "/"], "\n": ["\\n"], "\t": ["\\t"]}.get(character, [character])
    return [*short, f"\\u{code:04x}"]


@st.composite
def documents(draw: st.DrawFn, levels: int = 3) -> str:
    """JSON in any spelling, with spaces wherever they may stand and keys twice."""
    space = st.sampled_from(["", " ", "\n\t"])
    kinds = ["string", "plain"] + ["array", "object"] * (levels > 0)
    kind = draw(st.sampled_from(kinds))
    if kind == "string":
        return f'"{draw(LETTERS.flatmap(spelled))}"'
    if kind == "plain":
        return draw(st.sampled_from(["0", "-1.5e+3", "true", "false", "null"]))
    inner = draw(st.lists(documents(levels - 1), max_size=3))
    if kind == "array":
        return f"[{draw(space)}{f' ,{draw(space)}'.join(inner)}]"
    members = [f'"{draw(LETTERS.flatmap(spelled))}"{draw(space)}:{draw(space)}{value}' for value in inner]
    return "{" + f"{draw(space)},".join(members) + draw(space) + "}"


def checked_inside(value: Any) -> Any:
    """The value with each string as plain checking leaves it."""
    if isinstance(value, str):
        return check(value, GUARDING, GuardContext(), TOOLS).text
    if isinstance(value, Pairs):
        return Pairs((checked_inside(key), checked_inside(item)) for key, item in value)
    if isinstance(value, list):
        return [checked_inside(item) for item in value]
    return value


class Pairs(list[Any]):
    """The members of an object, those of one key as often as they are there."""


def read(text: str) -> Any:
    return json.loads(text, object_pairs_hook=Pairs, parse_float=Decimal, parse_int=Decimal)


def as_read(text: str) -> list[str]:
    """Its strings and keys in their order, as the library reads them."""
    return list(strings_in(read(text)))


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from chain.from_iterable(map(strings_in, item)) if isinstance(value, Pairs) else strings_in(item)


@given(documents())
def test_strings_are_checked_as_text_is(document: str) -> None:
    """What the changed document says is what the document said, each string checked as a text of its own."""
    seen = check_fields(document, GUARDING, GuardContext(), TOOLS)
    assert repr(read(seen.text)) == repr(checked_inside(read(document)))


@given(documents())
def test_all_fields_are_read(document: str) -> None:
    """Strings and keys, in their order, each saying what the library says that it says, where it stands."""
    fields = read_fields(document)
    assert fields is not None
    strings = [field for field in fields if field.kind != "number"]
    assert [field.text for field in strings] == as_read(document)
    for field in strings:
        assert document[field.start - 1] == document[field.end] == '"'
        places = [field.place(at) for at in range(len(field.text) + 1)]
        assert (places[0], places[-1]) == (field.start, field.end)
        for one, (start, end) in zip(field.text, pairwise(places), strict=True):
            assert document[start:end].lower() in [way.lower() for way in ways(one)]


@given(documents())
def test_the_rest_stays(document: str) -> None:
    """Between changes a document is the same, character by character, and a change is inside a string."""
    seen = check_fields(document, GUARDING, GuardContext(), TOOLS)
    inside = [Span(field.start, field.end) for field in read_fields(document) or () if field.kind != "number"]
    before = after = 0
    for change in seen.changes:
        assert document[before : change.before.start] == seen.text[after : change.after.start]
        assert any(span.start <= change.before.start and change.before.end <= span.end for span in inside)
        before, after = change.before.end, change.after.end
    assert document[before:] == seen.text[after:]


SEPARABLE = Guarding(tuple(replace(rule, guard=replace(rule.guard, is_separable=True)) for rule in GUARDING.rules))  # type: ignore[type-var]


@given(documents())
def test_many_fields_at_once_are_each_alone(document: str) -> None:
    """A separable guard, shown fields joined together, finds in each what it finds in it alone."""
    assert check_fields(document, SEPARABLE, GuardContext(), TOOLS) == check_fields(
        document, GUARDING, GuardContext(), TOOLS
    )


@settings(max_examples=200)
@given(documents(), st.integers(0, 60), st.sampled_from(list('[]{}",:0-.eE1tn \\u\x00\x1fx')), st.integers(0, 2))
def test_it_reads_what_is_json(document: str, at: int, other: str, num_taken: int) -> None:
    """A document with a character in the wrong place is read exactly where the library reads it."""
    broken = document[:at] + other + document[at + num_taken :]
    assert (read_fields(broken) is not None) == is_json(broken)


def is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        return False
    return True


def refuse(name: str) -> None:
    raise ValueError(name)


def test_spans_of_everything() -> None:
    """A finding of a whole string is that string, however it is written."""
    seen = check_fields('["\\u0061@"]', GUARDING, GuardContext(), TOOLS)
    assert seen.verdict.findings[0].span == Span(2, 9)
