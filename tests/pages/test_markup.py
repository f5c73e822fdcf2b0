"""Markup: text stays text, whatever is in it, and everything in it is seen."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from read_page import read_page

from llmpost.pages.markup import element, joined, plainly
from llmpost.pages.unseen import code_points, runs, seen
from llmpost.testing.nasty_texts import NASTY

HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60) | st.sampled_from(NASTY)


def shown(text: str) -> str:
    """What a reader sees of a text on a page."""
    return "".join(code_points(piece) if is_unseen else piece for piece, is_unseen in runs(text))


@given(ANY_TEXT)
def test_text_is_never_markup(text: str) -> None:
    """Read back, an element holds the text and no element but those that name what nobody sees."""
    page = read_page(element("p", text, title=text).html)
    (own,) = page.every("p")
    assert own.text() == shown(text)
    assert own.attributes == {"title": seen(text)}
    assert {found.name for found in own.every()} <= {"p", "span"}


@given(ANY_TEXT)
def test_everything_can_be_written_and_seen(text: str) -> None:
    """What was made of a text is UTF-8, and has no control, format or private character in it, nor half a pair."""
    for html in (joined(text).html, plainly(text).html):
        html.encode()
        assert {unicodedata.category(character) for character in html if character not in "\n\t"}.isdisjoint(HIDDEN)


@given(ANY_TEXT)
def test_runs_are_the_text(text: str) -> None:
    """Runs joined are the text; each unseen one is one character in a row, and no two seen ones stand side by side."""
    pieces = list(runs(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(len(set(piece)) == 1 for piece, is_unseen in pieces if is_unseen)
    assert all(one or other for (_, one), (_, other) in pairwise(pieces))


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\x00", "\x1b", "\r", "\x85",
                                       "\ud800", "\u2028", "\u00ad", "\U000e0041", "\ue000", "\uffff"])  # fmt: skip
def test_what_hides_is_named(character: str) -> None:
    """Controls, overrides of the direction, joiners, halves of pairs and private characters are told by number."""
    assert seen(f"a{character}b") == f"a<U+{ord(character):04X}>b"


@pytest.mark.parametrize("character", ["\n", "\t", " ", "é", "语", "👍", "\u0301", "ב"])
def test_what_is_seen_stays(character: str) -> None:
    """Letters, marks and what lays a text out stay as they are."""
    assert seen(character) == character


def test_attributes_are_named_as_html_names_them() -> None:
    """Underscores are hyphens, and None leaves an attribute out."""
    assert element("rect", class_="bar", aria_label="a", id=None).html == '<rect class="bar" aria-label="a"/>'
