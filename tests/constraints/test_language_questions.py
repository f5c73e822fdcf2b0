"""What is asked about languages: answers are those of sets, with a text that shows them."""

from __future__ import annotations

import pytest
from expressions import UNIVERSE, Texts, expressions
from hypothesis import given, settings

from llmpost.automata.reference import ReferenceAlgebra
from llmpost.constraints.languages import (
    Budget,
    Language,
    are_equal,
    choice,
    contains,
    example,
    is_empty,
    json_schema,
    quote,
    regex,
)
from llmpost.errors import ConstraintError


def has(language: Language, text: str | bytes) -> bool:
    """By the reference, without what a question asks."""
    algebra = ReferenceAlgebra()
    octets = text.encode() if isinstance(text, str) else text
    return algebra.can_end(algebra.after(language.read(algebra), octets))


@given(made=expressions)
def test_an_example_is_one_of_the_shortest_texts(made: tuple[Language, Texts]) -> None:
    """It is in the language, and nothing of fewer bytes is; there is none exactly where the language is empty."""
    language, expected = made
    text = example(language)
    assert is_empty(language) == (text is None)
    if isinstance(text, str):
        assert has(language, text)
        assert not [one for one in expected if len(one.encode()) < len(text.encode())]
    else:
        assert not expected


@settings(max_examples=150)
@given(one=expressions, other=expressions)
def test_containment_is_that_of_sets(one: tuple[Language, Texts], other: tuple[Language, Texts]) -> None:
    """Yes where all short texts are there, too; no with a text that the smaller one has and the larger one has not."""
    (larger, some), (smaller, others) = one, other
    answer = contains(larger, smaller)
    if answer:
        assert others <= some
    else:
        assert answer.counterexample is not None
        assert has(smaller, answer.counterexample)
        assert not has(larger, answer.counterexample)
    assert bool(are_equal(larger, smaller)) == (bool(answer) and bool(contains(smaller, larger)))


@given(made=expressions)
def test_laws_of_sets_are_found_to_hold(made: tuple[Language, Texts]) -> None:
    """A language equals itself written in other ways, and has nothing in common with what it is not."""
    language, _ = made
    assert are_equal(~~language, language)
    assert are_equal(language | (language & "a"), language)
    assert are_equal(language - "ab", language & ~choice(["ab"]))
    assert is_empty(language & ~language)
    assert contains(language.repeat(), language)
    assert not are_equal(language, ~language)


def test_readable_texts_come_first() -> None:
    """Of the shortest texts letters, then other characters one can read; bytes where a text is no UTF-8."""
    assert example(regex(r"[\s\S]{3}")) == "aaa"
    assert example(~regex("[a-z]*")) == " "
    assert example(choice([b"\xff"])) == b"\xff"
    assert all(one in UNIVERSE for one in (example(regex("[ab]+")), example(regex("é"))))


def test_a_quotation_is_contained_in_its_document() -> None:
    """Whole sentences are whole words, and these are characters; not the other way round."""
    document = "The cat sat. It was fat."
    by_size = [quote(document, whole=whole) for whole in ("characters", "words", "sentences")]
    assert [bool(contains(by_size[0], one)) for one in by_size] == [True, True, True]
    assert [bool(contains(by_size[2], one)) for one in by_size] == [False, False, True]
    assert example(by_size[2]) == "It was fat."
    assert example(quote(document, least=24)) == document
    assert is_empty(quote(document, least=25))


def test_schemas_are_asked_about() -> None:
    """Whether a value of a schema must contain a pattern, or can: what a lint of policies asks."""
    schema = {"type": "object", "properties": {"to": {"enum": ["ops@acme.com", "hr@acme.com"]}}, "required": ["to"]}
    closed = json_schema({**schema, "additionalProperties": False})
    forbidden = regex(r"[\s\S]*acme\.com[\s\S]*")
    assert contains(forbidden, closed)
    assert example(closed & regex(r"[\s\S]*hr[\s\S]*")) == '{"to":"hr@acme.com"}'
    assert is_empty(closed & regex(r"[\s\S]*ceo[\s\S]*"))
    with pytest.raises(ConstraintError, match="nothing remembered"):
        is_empty(json_schema(schema))


def test_a_question_that_takes_too_much_is_an_error() -> None:
    """Not a guess: it names the budget, and how to give it more."""
    hard = regex("[ab]*a[ab]{24}") & regex("[ab]*b[ab]{23}") & ~regex("[ab]*a[ab]{3}b[ab]*")
    for ask in (is_empty, example):
        with pytest.raises(ConstraintError, match=r"a question .* needs more than .* is not within max_bytes="):
            ask(~hard & hard, budget=Budget(max_seconds=0.2, max_bytes=200_000))


@pytest.mark.parametrize("strange", [3, None, b"a", ["a"]])
def test_what_is_no_language_cannot_be_asked_about(strange: object) -> None:
    """The error says how to make one."""
    with pytest.raises(ConstraintError, match=r"is not a language\. Make one: regex"):
        example(strange)  # type: ignore[arg-type]
