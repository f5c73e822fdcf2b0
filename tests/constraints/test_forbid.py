"""Rules of what is forbidden, one by one: what they forbid, in free text and in JSON, and what they leave."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints import Constraint
from llmpost.constraints.forbid.blocking import blocking_rules
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.errors import ConstraintError

VOCABULARY = Vocabulary.from_tokens([*(bytes([octet]) for octet in range(256)), b"</s>"], eos_ids=[256])


@pytest.mark.parametrize(
    ("rule", "forbidden", "allowed"),
    [
        ("ACME-[0-9]+", ["ACME-1", "see ACME-77."], ["ACME-", "acme-1", "ACME 1"]),
        ({"regex": "acme", "ignore_case": True}, ["Acme", "xACMEx"], ["ac me"]),
        (r"\bcat\b", ["cat", "a cat.", "(cat)"], ["cats", "concat", "catalogue"]),
        ({"phrase": "a.b"}, ["xa.bx"], ["acb"]),
        ({"phrase": "straße"}, ["die straße"], ["strasse", "Straße"]),
        ({"phrases": ["her", "here", "the"], "ignore_case": True}, ["HERE", "other", "oTHer"], ["he re", "th e"]),
        ({"phrases": []}, [], ["a", "any text at all"]),
        ({"entity": "US_SSN"}, ["078-05-1120", "my 078-05-1120."], ["078-05-11", "000-05-1120", "1078-05-1120"]),
        ({"entity": "CREDIT_CARD"}, ["4111111111111111", "4111 1111 1111 1111"], ["4111111111111112", "41111"]),
        ({"entity": "EMAIL_ADDRESS"}, ["write to a.b@example.org"], ["a.b@", "at example.org"]),
    ],
)
def test_rules_forbid_what_they_say(rule: Any, forbidden: list[str], allowed: list[str]) -> None:
    """In free text, and in a JSON string; nothing else is lost."""
    free = compile_constraint(VOCABULARY, forbid=[rule])
    strings = compile_constraint(VOCABULARY, json_schema={"type": ["string", "array"]}, forbid=[rule])
    for text in (*forbidden, *allowed):
        assert free.accepts(text) == (text in allowed), text
        for said in (json.dumps(text), json.dumps(text, ensure_ascii=False), json.dumps([[text]])):
            assert strings.accepts(said) == (text in allowed), said


@pytest.mark.parametrize(
    ("rules", "text", "is_allowed"),
    [
        ([{"entity": "CREDIT_CARD"}], '{"n": 4111111111111111}', False),
        ([{"entity": "CREDIT_CARD"}], '{"n": 4111111111111112}', True),
        ([{"entity": "CREDIT_CARD"}], '{"4111 1111 1111 1111": 1}', False),
        ([{"entity": "IP_ADDRESS"}], '{"a": 1, "b": [10, 0], "c": "1.2.3"}', True),
        ([{"entity": "IP_ADDRESS"}], '{"a": "at 10.0.0.1"}', False),
        (["true"], '{"a": true}', False),
        (["true"], '{"a": "untrue"}', False),
        ([{"phrase": "nation"}], '{"a": "\\nation"}', False),
        ([{"phrase": "\nation"}], '{"a": "\\nation"}', False),
        ([{"phrase": "ation"}], '{"a": "\\nat ion"}', True),
        ([{"phrase": '": 1'}], '{"a": 1}', False),
        ([{"phrase": '": 1'}], '{"a":1}', True),
        ([{"phrase": "\u00e9"}], '{"a": "\\u00e9"}', False),
        (["^x"], '{"a": "x"}', False),
        (["^x"], '{"a": "yx"}', True),
    ],
)
def test_json_is_searched_as_written_and_as_read(rules: list[Any], text: str, is_allowed: bool) -> None:
    """Numbers, names, keys and strings, across them, and under escapes."""
    constraint = compile_constraint(VOCABULARY, json_schema=True, forbid=rules)
    assert compile_constraint(VOCABULARY, json_schema=True).accepts(text)
    assert constraint.accepts(text) == is_allowed


def test_no_rule_forbids_nothing() -> None:
    """An empty list is a list."""
    assert compile_constraint(VOCABULARY, forbid=[]).accepts("anything")
    assert compile_constraint(VOCABULARY, regex="a+", forbid=[]) is compile_constraint(VOCABULARY, regex="a+")


def test_equal_rules_are_one() -> None:
    """However they are given, phrases are joined, sorted and counted once; order of the rest is kept."""
    one = Forbidden.of([{"phrase": "b"}, "x", {"phrases": ["a", "b"]}, {"entity": "US_SSN"}, {"entity": "IBAN_CODE"}])
    other = Forbidden.of([{"phrases": ["b", "a"]}, "x", "x", {"entity": "US_SSN"}, {"entity": "IBAN_CODE"}])
    assert one == other
    assert one.digest == other.digest != Forbidden.of(["x"]).digest


def test_ten_thousand_phrases() -> None:
    """As many as a list of blocked words has are compiled, with case and without, and found."""
    phrases = [f"word{number:05d}" for number in range(10_000)]
    for ignore_case in (False, True):
        constraint = compile_constraint(VOCABULARY, forbid=[{"phrases": phrases, "ignore_case": ignore_case}])
        assert constraint.accepts("some word1234 and")
        assert not constraint.accepts("some word01234 and")


@pytest.mark.parametrize(
    ("language", "rules", "text", "expected"),
    [
        ({}, ["[^x]"], b"x", []),
        ({}, ["a[^b]", "ab"], b"xa", ["the pattern 'a[^b]'", "the pattern 'ab'"]),
        ({"regex": "(foo)*"}, ["foofoo"], b"foo", ["the pattern 'foofoo'"]),
        ({"regex": "(foo){0,1}"}, ["foofoo"], b"foo", []),
        ({"json_schema": {"const": "a"}}, ["b"], b'"a"', []),
    ],
)
def test_what_blocks_is_named(language: dict[str, Any], rules: list[str], text: bytes, expected: list[str]) -> None:
    """The rules that took ways on, where none is left; nothing where the language ends by itself."""
    constraint: Constraint = compile_constraint(VOCABULARY, forbid=rules, **language)
    assert blocking_rules(constraint, list(text)) == expected


@pytest.mark.parametrize(
    ("language", "rules", "text", "place", "named"),
    [
        ({}, ["secret", "[0-9]{3}"], "the secret", 9, ["the pattern 'secret'"]),
        ({"regex": "[a-z]+[0-9]*"}, ["secret", "[0-9]{3}"], "ab123", 4, ["the pattern '[0-9]{3}'"]),
        ({"json_schema": {}}, ["secret", "[0-9]{3}"], '{"a": "a secret"}', 14, ["the pattern 'secret'"]),
        ({"json_schema": {}}, ["x", {"entity": "US_SSN"}], '["078-05-1120"]', 13, ["the entity US_SSN"]),
        ({"json_schema": {"type": "string", "maxLength": 2}}, ["secret"], '"abc"', 3, ["/maxLength (2)"]),
        ({"choice": ["ab", "ac"]}, ["b"], "ad", 1, ["the choice ['ab', 'ac']"]),
    ],
)
def test_a_refusal_names_the_rule(
    language: dict[str, Any], rules: list[Any], text: str, place: int, named: list[str]
) -> None:
    """Of several rules the one that is broken; what the language itself refuses is not put down to them."""
    refusal = compile_constraint(VOCABULARY, forbid=rules, **language).explain_text(text)
    assert refusal is not None
    assert (refusal.place, list(map(str, refusal.rules))) == (place, named)


def test_a_rule_that_cannot_be_built_is_refused_for_itself() -> None:
    """It is not put down to texts that all contain it: the error shows the pattern."""
    with pytest.raises(ConstraintError, match=r"regex, character"):
        compile_constraint(VOCABULARY, regex="a+", forbid=["(?>(?:a|ab)+)c"])
