"""Marks over a text: pieces are the text, and each is under the marks that a slow twin says it is under."""

from hypothesis import given
from hypothesis import strategies as st

from llmpost.contracts.guard import Span
from llmpost.pages.marks import Mark, pieces
from llmpost.pages.tones import STRENGTH

PLACES = st.integers(-3, 15)
MARKS = st.lists(st.tuples(PLACES, PLACES, st.sampled_from(sorted(STRENGTH))), max_size=8).map(
    lambda given: [Mark(Span(*sorted((a, b))), "X", tone, number) for number, (a, b, tone) in enumerate(given, 1)]
)


@given(st.integers(0, 12), MARKS)
def test_pieces_are_the_text(length: int, marks: list[Mark]) -> None:
    """In order and without a gap they are the whole text, and every mark begins in one of them."""
    found = list(pieces(length, marks))
    assert [place for piece in found for place in range(piece.start, piece.end)] == list(range(length))
    assert sorted(mark.number for piece in found for mark in piece.begins) == [mark.number for mark in marks]


@given(st.integers(0, 12), MARKS)
def test_the_strongest_mark_is_seen(length: int, marks: list[Mark]) -> None:
    """Over each character stands the strongest of its marks, the first of those that are as strong."""
    for piece in pieces(length, marks):
        for place in range(piece.start, piece.end):
            over = [mark for mark in marks if mark.span.start <= place < mark.span.end]
            best = min(over, key=lambda mark: (-STRENGTH[mark.tone], mark.number), default=None)
            assert piece.over == best


def test_many_marks_are_no_trouble() -> None:
    """Twenty thousand marks over each other are laid out in one pass."""
    marks = [Mark(Span(place, 40_000 - place), "X", "changed", place) for place in range(20_000)]
    assert sum(piece.end - piece.start for piece in pieces(40_000, marks)) == 40_000
