"""Quotations: what stands in a document, where one may be cut, and how long it is at least."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints.languages import quote
from llmpost.constraints.languages.language import Language

OCTETS = Vocabulary.from_tokens([*(bytes([octet]) for octet in range(256)), b"</s>"], eos_ids=[256])
REPORT = 'Revenue rose 3.5 % to "9.1 million". We don\'t know why. Dr. Ö: "Ask and/or wait!" That is\n\nall'


def has(language: Language, *texts: str) -> list[bool]:
    constraint = compile_constraint(OCTETS, language=language)
    return [constraint.accepts(text) for text in texts]


@given(document=st.text("ab é😀\n", max_size=12), text=st.text("ab é😀\n", max_size=3), least=st.integers(0, 2))
def test_a_quotation_is_a_substring(document: str, text: str, least: int) -> None:
    """What Python finds in the document, and nothing else; by option also what is empty, or no shorter than asked."""
    language = quote([document, "a"], least=least)
    expected = len(text) >= least and (text in document or text in "a")
    if least <= max(len(document), 1):
        assert has(language, text) == [expected]


def test_a_quotation_lies_in_one_document() -> None:
    """Not in two that are next to each other."""
    assert has(quote(["one two", "three"]), "two", "three", "twothree", "two three") == [True, True, False, False]


def test_characters_are_never_cut() -> None:
    """A mask allows no byte inside of a character, nor the end there."""
    state = compile_constraint(OCTETS, quote="é").start().advance(0xC3)
    assert not state.can_end
    assert state.mask().ids().tolist() == [0xA9]
    assert compile_constraint(OCTETS, quote="é").start().mask().ids().tolist() == [0xC3]


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("3.5", True), ("3.5 %", True), ("3", False), (".5", False), ("9.1 million", True), ('"9.1 million"', True),
        ("We don't know why.", True), ("don't", True), ("don", False), ("t know", False), ("and/or", True),
        ("and", False), (" rose", False), ("rose ", False), ("Revenue rose", True), ("Ö:", True), ("all", True),
    ],
)  # fmt: skip
def test_whole_words(text: str, is_whole: bool) -> None:
    """A quotation begins and ends where a word or a mark between words does; figures and contractions are words."""
    assert text in REPORT
    assert has(quote(REPORT, whole="words"), text) == [is_whole]


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ('Revenue rose 3.5 % to "9.1 million".', True), ("We don't know why.", True), ("We don't know why", False),
        ("Revenue rose 3.", False), ("We don't know why. Dr.", True), ('Dr. Ö: "Ask and/or wait!"', True),
        ("That is", True), ("That is\n\nall", True), ("all", True), (REPORT, True), ("know why.", False),
    ],
)  # fmt: skip
def test_whole_sentences(text: str, is_whole: bool) -> None:
    """A quotation is one or several that follow each other; a blank line ends one too."""
    assert text in REPORT
    assert has(quote(REPORT, whole="sentences"), text) == [is_whole]


def test_sentences_without_white_space_between_them() -> None:
    """Full stops of Chinese and Japanese end a sentence by themselves."""
    document = "今天下雨。我们不去！"
    assert has(quote(document, whole="sentences"), "今天下雨。", "我们不去！", "今天", document) == [
        True,
        True,
        False,
        True,
    ]


@given(document=st.text("ab. \n'\"!é。", max_size=30), whole=st.sampled_from(["words", "sentences"]))
def test_whole_pieces_begin_and_end_with_text(document: str, whole: str) -> None:
    """Whatever the document, the whole of it without the white space around it is a quotation, and none begins or ends
    with white space."""
    trimmed = document.strip()
    language = quote(document, whole=whole)
    if trimmed:
        spaced = [f"{trimmed} ", f" {trimmed}", *re.findall(r"\s+", document)]
        assert has(language, trimmed, *spaced) == [True, *[False] * len(spaced)]


@given(document=st.text('a"\\\n\x01\x7fé😀', min_size=1, max_size=8))
def test_a_quotation_in_json_is_a_quotation(document: str) -> None:
    """Of all pieces of the document as JSON has it those are there that stand for a piece; no escape is cut."""
    spelled = json.dumps(document, ensure_ascii=False)[1:-1]
    places = range(len(document) + 1)
    expected = {json.dumps(document[i:j], ensure_ascii=False)[1:-1] for i in places for j in places[i + 1 :]}
    spans = range(len(spelled) + 1)
    pieces = sorted({spelled[i:j] for i in spans for j in spans[i + 1 :]})
    assert has(quote(document, in_json=True), *pieces) == [piece in expected for piece in pieces]


def test_words_in_json_are_those_of_the_document() -> None:
    """Borders are found in the document, and lie between the same characters where it is escaped."""
    language = '{"quote": "' + quote('He said "no"\nand left.', whole="words", in_json=True) + '"}'
    texts = [json.dumps({"quote": text}) for text in ('said "no"\nand', 'no"', "aid", '"no', "said ")]
    assert has(language, *texts) == [True, True, False, True, False]


@pytest.mark.parametrize(
    ("piece", "ends_word", "ends_sentence"),
    [
        (".", True, False), ("\n", True, True), (".\n ", True, True), ("a-", False, False), ("a.", False, False),
        ('."', True, False), ("\n \n", True, True), (" ", True, False), ("!  ", True, True),
    ],
)  # fmt: skip
def test_long_rows_of_one_thing(piece: str, ends_word: bool, ends_sentence: bool) -> None:
    """A document of nothing else is marked like any other; no place in it is looked at again and again."""
    document = "x" + piece * 200_000 + "end"
    assert has(quote(document, whole="words"), "end") == [ends_word]
    assert has(quote(document, whole="sentences"), "end") == [ends_sentence]
