"""Expressions over languages: what they mean, how they are written, what they refuse."""

from __future__ import annotations

import copy
import pickle
from functools import reduce
from operator import add, or_, sub
from typing import Any

import pytest
from expressions import UNIVERSE, Texts, expressions
from hypothesis import given, settings

from llmpost import Vocabulary, compile_constraint
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.constraints.languages import Language, choice, is_empty, json_schema, quote, regex
from llmpost.constraints.languages.language import MAX_DEPTH
from llmpost.constraints.tools import best_tools
from llmpost.errors import ConstraintError

OCTETS = Vocabulary.from_tokens([*(bytes([octet]) for octet in range(256)), b"ab", b" cat", b"</s>"], eos_ids=[258])
NAMES = {"regex": regex, "choice": choice, "quote": quote, "json_schema": json_schema}
CLOSED = {"type": "object", "properties": {"a": {"enum": [1, "x"]}}, "additionalProperties": False}


@given(made=expressions)
def test_operators_are_those_of_sets(made: tuple[Language, Texts]) -> None:
    """Of all short texts an expression has those that sets of texts would have; in both algebras."""
    language, expected = made
    for algebra in (ReferenceAlgebra(), best_tools().make_algebra(1 << 26)):
        term = language.read(algebra)
        assert {text for text in UNIVERSE if algebra.can_end(algebra.after(term, text.encode()))} == expected


@given(made=expressions)
def test_what_is_written_is_the_value(made: tuple[Language, Texts]) -> None:
    """`repr` evaluates to an equal expression, with the same hash."""
    language, _ = made
    again = eval(repr(language), NAMES)
    assert again == language
    assert hash(again) == hash(language)
    assert repr(again) == repr(language)


@settings(max_examples=40)
@given(made=expressions)
def test_constraints_accept_what_the_language_has(made: tuple[Language, Texts]) -> None:
    """What is compiled accepts the same texts, and what has none is refused."""
    language, expected = made
    if is_empty(language):
        with pytest.raises(ConstraintError, match="no text matches it"):
            compile_constraint(OCTETS, language=language)
    else:
        constraint = compile_constraint(OCTETS, language=language)
        assert {text for text in UNIVERSE if constraint.accepts(text)} == expected


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ((regex("a") | "b") & ~regex("c"), "(regex('a') | choice(['b'])) & ~regex('c')"),
        (regex("a") - "b" - "c" | "d", "regex('a') - choice(['b']) - choice(['c']) | choice(['d'])"),
        (regex("a") - ("b" + regex("c")), "regex('a') - (choice(['b']) + regex('c'))"),
        ((~regex("a")).repeat(1, 2).repeat(), "(~regex('a')).repeat(1, 2).repeat(0)"),
        (~regex("a").repeat(2), "~regex('a').repeat(2)"),
        (quote("x y", whole="words", least=2), "quote('x y', whole='words', least=2)"),
        (quote(("x", "y")), "quote(['x', 'y'])"),
        (choice([b"\xff", "é"]), "choice(['é', b'\\xff'])"),
        (json_schema({"const": 1}, whitespace="compact"), "json_schema('{\"const\": 1}', whitespace='compact')"),
    ],
)
def test_brackets_stand_where_python_needs_them(language: Language, written: str) -> None:
    """Operators bind as in Python, and options stand where they are not as usual."""
    assert repr(language) == written
    assert eval(written, NAMES) == language


def test_many_operands_are_one_level() -> None:
    """Thousands of alternatives, parts and exceptions are no deep nesting, and neither is another order of brackets."""
    many = [choice([f"item {number}"]) for number in range(1_000)]
    for operator in (or_, add, sub):
        assert reduce(operator, many).depth == 1
    assert regex("a") + (regex("b") + regex("c")) == regex("a") + regex("b") + regex("c")
    assert compile_constraint(OCTETS, language=reduce(or_, many)).accepts("item 999")


def test_long_leaves_are_shortened_in_errors() -> None:
    """`str` cuts what is long; an error shows no more of an expression than that."""
    language = quote("word " * 1_000) & choice([str(number) for number in range(1_000)])
    assert len(repr(language)) > 5_000
    assert str(language).startswith("quote('word word")
    assert len(str(language)) < 200
    with pytest.raises(ConstraintError, match=r"language: quote\('word .* is not a language with any text") as caught:
        compile_constraint(OCTETS, language=language)
    assert len(str(caught.value)) < 600


def test_expressions_are_values() -> None:
    """They can be copied and pickled, are equal where they are written alike, and cannot be changed."""
    language = (quote("a document") | regex("a+")).repeat(1, 3) - "aa"
    assert copy.deepcopy(language) == pickle.loads(pickle.dumps(language)) == language
    assert language != language | "b"
    with pytest.raises(AttributeError):
        language.parts = ()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: regex("("), r"regex, character 1: "),
        (lambda: choice([]), r"choice: an empty list"),
        (lambda: quote(3), r"quote: 3 is not a text, or a list of texts"),
        (lambda: quote(b"x"), r"quote: b'x' is not a text, or a list of texts\. Decode"),
        (lambda: quote(["x", 3]), r"quote\[1\]: 3 is not a text"),
        (lambda: quote("\ud800"), r"quote\[0\]: .* is not a text"),
        (lambda: quote("x", whole="lines"), r"'lines' is not one of 'characters', 'words', 'sentences'"),
        (lambda: quote("x", least=-1), r"-1 is not a number of characters from 0"),
        (lambda: quote("x", least=True), r"True is not a number of characters"),
        (lambda: json_schema(3), r"json_schema.*3 is not"),
        (lambda: regex("a").repeat(3, 2), r"repeat\(3, 2\) is not from one number to another"),
        (lambda: regex("a").repeat(-1), r"repeat\(-1, None\) is not"),
        (lambda: reduce(lambda inner, _: ~(inner | "a"), range(MAX_DEPTH), regex("a")), r"more than 100 levels"),
        (lambda: compile_constraint(OCTETS, language=3), r"language: 3 is not a language\. Make one: regex"),
        (lambda: compile_constraint(OCTETS, language=regex("a"), strict=True), r"'strict' beside language"),
        (lambda: compile_constraint(OCTETS, language=regex("a"), quote="a"), r"quote and language is not exactly one"),
        (lambda: compile_constraint(OCTETS, quote=""), r"quote: '' is not a language with any text"),
        (lambda: compile_constraint(OCTETS, language=regex("a") & "b"), r"is not a language with any text"),
    ],
)
def test_what_is_no_language_is_named(make: Any, message: str) -> None:
    """Each has its own sentence, in four parts."""
    with pytest.raises(ConstraintError, match=message) as caught:
        make()
    assert all([caught.value.where, caught.value.given, caught.value.allowed, caught.value.hint])


def test_other_operands_are_left_to_python() -> None:
    """A number is no language: an operator says so as Python's own do."""
    for operator in (or_, add, sub):
        with pytest.raises(TypeError, match="unsupported operand"):
            operator(regex("a"), 3)
        with pytest.raises(TypeError, match="unsupported operand"):
            operator(3, regex("a"))


def test_schemas_are_operands_where_nothing_is_remembered() -> None:
    """A closed object combines like a pattern; free keys and unique items are refused by name, wherever they stand."""
    language = "Answer: " + json_schema(CLOSED, whitespace="compact") - 'Answer: {"a":1}'
    constraint = compile_constraint(OCTETS, language=language)
    texts = ["Answer: {}", 'Answer: {"a":"x"}', 'Answer: {"a":1}', "Answer: {} ", "{}"]
    assert list(map(constraint.accepts, texts)) == [True, True, False, False, False]
    assert constraint.report.parts == {"language": "exact"}
    nested = {"type": "array", "items": {"type": "array", "prefixItems": [CLOSED, {"type": "object"}]}}
    for schema in (True, {"type": "object"}, nested, {"type": "array", "items": {"type": "null"}, "uniqueItems": True}):
        with pytest.raises(ConstraintError, match="in an expression is not one whose texts need nothing remembered"):
            compile_constraint(OCTETS, language=json_schema(schema) | "none")


def test_what_is_no_text_is_in_no_negation() -> None:
    """Of bytes that are no UTF-8 a language has only what it was given; what is removed takes no others with it."""
    broken = choice([b"\xc3", b"\xc3a", "a"])
    assert not compile_constraint(OCTETS, language=~broken).accepts(b"\xa9")
    kept = compile_constraint(OCTETS, language=broken - regex(r"[\s\S]*a"))
    assert [kept.accepts(text) for text in (b"\xc3", b"\xc3a", b"a")] == [True, True, False]


def test_what_is_removed_is_gone_without_a_search() -> None:
    """A word that a quotation must not have costs no look at all that stands behind it in a large document."""
    language = quote("and then and then " * 20_000 + "that was all.") - regex(r"[\s\S]*then[\s\S]*")
    constraint = compile_constraint(OCTETS, language=language, max_bytes=6 << 20)
    assert constraint.accepts("that was all.")
    state = constraint.start()
    for octet in b"and the":
        state = state.advance(octet)
    assert not state.mask().allows(ord("n"))


def test_compiled_once_for_equal_expressions() -> None:
    """Equal expressions are one constraint; a quotation by keyword is the one in an expression."""
    document = "It was the best of times."
    first, second = (compile_constraint(OCTETS, language=quote(document) | "none") for _ in range(2))
    assert first is second
    assert compile_constraint(OCTETS, quote=document) is compile_constraint(OCTETS, quote=[document])
    assert compile_constraint(OCTETS, quote=document).report.is_exact
