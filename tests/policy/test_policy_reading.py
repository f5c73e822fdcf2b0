"""Reading YAML and JSON: what is read is what was written, and whatever is no policy is refused in no time."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.policy.files import yaml_text
from llmpost.policy.files.json_text import read_json
from llmpost.policy.files.node import Node
from llmpost.policy.files.place import Place
from llmpost.policy.files.scalars import scalar
from llmpost.policy.files.yaml_text import read_yaml

START = Place("", "p.yaml")
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
PLAIN = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))
SHIPPED = """\
version: 1
name: default      # and why
extends: &who 'bare'
decode: {temperature: 0.7, stop: ["\\nUser:", !!str 3], logit_bias: {7: -1.5e0}}
guards:
  - {use: pii, action: {mask: {keep: 4}}, entities: [US_SSN]}
  - use: phrases
    phrases: [a, b, *who]
notice: |
  Two lines,
  one of them long.
trace:
  ? key
  : env: TRACE_KEY
"""
_PIECES = (
    *("[", "]", "{", "}", ": ", ":", "- ", "-", "? ", "&a ", "*a", "!!int ", "!x ", "|\n", ">-\n ", "'", '"', "#", "~"),
    *("\\x00", "\\ud800", "\\U0011ffff", "%YAML 1.1\n", "%TAG ! !\n", "---\n", "...\n", "\n", "  ", "\t", "<<: "),
    *("\r", "\x85", "\u2028", "\u200b", "\u202e", "\ufeff", "\0", "😀", "é", "0o7", ".inf", "1e999", "null"),
    *("version: 1\n", "extends: bare\n", "guards: "),
)
PIECES = st.sampled_from(_PIECES)


@given(PLAIN)
def test_what_is_written_is_read(data: Any) -> None:
    """Plain data, as JSON and as YAML that a program wrote: the same comes back."""
    written = json.dumps(data)
    assert read_json(written, START).plain == data
    for flow in (False, True):
        text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, default_style='"')
        assert read_yaml(text, START).plain == data


@given(PLAIN, st.sampled_from([read_yaml, read_json]))
def test_every_place_is_where_it_was_written(data: Any, read: Callable[[str, Place], Node]) -> None:
    """At the line and column of each value the text goes on with it, and its keys lead there."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    lines = text.split("\n")
    for node in _nodes(read(text, START)):
        rest = "\n".join([lines[node.place.line - 1][node.place.column - 1 :], *lines[node.place.line :]])
        assert json.JSONDecoder().raw_decode(rest)[0] == node.plain
        if node.key_place is not None:
            key = json.JSONDecoder().raw_decode(lines[node.key_place.line - 1][node.key_place.column - 1 :])[0]
            assert node.key_place.keys == node.place.keys
            assert node.place.keys.endswith(key)


def _nodes(node: Node) -> list[Node]:
    inside = [*node.members.values(), *node.items]
    return [node, *(each for one in inside for each in _nodes(one))]


@given(st.text(max_size=40) | st.lists(PIECES, max_size=20).map("".join))
@example("[1, 2")
@example('{"a": 01}')
@example('"\\ud83d\\ude00"')
@example("9" * 5000)
@example("\ufeff{}")
def test_json_is_what_json_is(text: str) -> None:
    """A text is read where Python's own reader reads it, but for what is told apart in words."""
    told = ("there before", "finite number", "half a character", "digits", "so much")
    expected, read = answer(json.loads, text), answer(lambda text: read_json(text, START).plain, text)
    assert read == expected or any(words in str(read) for words in told)


def answer(read: Callable[[str], Any], text: str) -> Any:
    """What is read, or what is told: of other people's readers only that they refused."""
    try:
        return read(text)
    except PolicyError as error:
        return _Refusal(str(error))
    except (ValueError, RecursionError):
        return _Refusal("")


@dataclass(frozen=True)
class _Refusal:
    """All are equal."""

    message: str = field(compare=False)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("~ null Null NULL", None),
        ("true True TRUE", True),
        ("false False FALSE", False),
        ("1 +1 0x1 0o1", 1),
        ("0 -0 0x0", 0),
        ("15 0xF 0xf 0o17", 15),
        ("0.5 .5 5e-1 +0.5 5.0E-1", 0.5),
        ("-1000 -1000", -1000),
        ("1e3 1000.0 1000.", 1000.0),
    ],
)
def test_a_word_means_what_it_says(words: str, meaning: Any) -> None:
    """As in YAML 1.2."""
    for word in words.split(" "):
        read = scalar(word, Place())
        assert read == meaning
        assert type(read) is type(meaning)


@pytest.mark.parametrize(
    "word",
    ["yes", "No", "on", "OFF", "y", "n", "1:30", "12:30:45", "007", "0755", "00", "1_000", "2026-01-31", "0b1", "-0x1",
     "+", "-", ".", "...", "1.2.3", "e3", "1e", "0x", "0o8", "=", "nan", "inf", "Infinity", "\uff11", "\u0661"],
)  # fmt: skip
def test_all_other_words_are_texts(word: str) -> None:
    """Also what older YAML took for a truth, a date, an angle or a number in base eight."""
    assert scalar(word, Place()) == word


def test_keys_are_texts_but_for_numbers() -> None:
    """``on`` and ``null`` and ``true`` are names like others; a token id stays a number."""
    assert read_yaml("{on: 1, true: 2, null: 3, 7: 4, '8': 5, 1.5: 6}", START).plain == {
        "on": 1, "true": 2, "null": 3, 7: 4, "8": 5, "1.5": 6,
    }  # fmt: skip
    with pytest.raises(PolicyError, match="a key that was there before"):
        read_yaml("{7: 1, '7': 2}", START)


def refused_or_read(text: str) -> None:
    """A policy, data that is none, or an error of four parts."""
    for read in (read_yaml, read_json):
        with suppress(PolicyError):
            assert Policy.from_dict(read(text, START).plain).digest


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_nothing_but_a_policy_error_leaves(data: st.DataObject) -> None:
    """Of any text, and of a policy with anything put into it anywhere."""
    if data.draw(st.booleans()):
        text = SHIPPED
        for _ in range(data.draw(st.integers(1, 4))):
            start, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 12))
            text = text[:start] + data.draw(PIECES | st.text(max_size=3)) + text[start + length :]
    else:
        text = data.draw(st.lists(PIECES | st.text(max_size=3), max_size=24).map("".join))
    refused_or_read(text)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_the_slow_parser_reads_the_same(text: str) -> None:
    """PyYAML's own parser and the one in C agree, where both can read a text; neither lets anything else out."""
    fast, slow = (
        answer(lambda text, loader=loader: read_yaml(text, START, loader).plain, text)
        for loader in (yaml_text.LOADER, yaml.SafeLoader)
    )
    assert fast == slow or isinstance(fast, _Refusal) or isinstance(slow, _Refusal)


@pytest.mark.parametrize(
    "unit",
    ["[", "{a: ", "- ", "? ", "a: &a *a\n", "\t", "'", '"', "|\n", "a\n", "[a, ",
     "---\n", "#", "&a ", "x", "\n"],
)  # fmt: skip
def test_a_long_file_is_refused_or_read(unit: str) -> None:
    """A megabyte of anything, without an end of its own."""
    refused_or_read(unit * (900_000 // len(unit)))


@pytest.mark.parametrize("given", [{"nonsense": None}, {"decode": {"nonsense": None}}, {"budget": {"nonsense": None}}])
def test_nothing_under_an_unknown_key_is_an_unknown_key(given: dict[str, Any]) -> None:
    """What is misspelt is told, whatever stands under it."""
    with pytest.raises(PolicyError, match="'nonsense' is not"):
        Policy.from_dict({"version": 1, **given})
