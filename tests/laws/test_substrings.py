"""The pieces of a document are a language by their definition, in both algebras, whatever repeats in it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.automata.algebra import EMPTY, ENDS, SEPARATOR, STARTS, Algebra, BudgetExceeded, Term
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.constraints.shared_algebra import SharedAlgebra

try:
    from llmpost.automata._native import Algebra as CompiledAlgebra
except ImportError:
    MAKERS: list[Callable[[], Any]] = [ReferenceAlgebra]
else:
    MAKERS = [ReferenceAlgebra, CompiledAlgebra]

ALPHABET = b"ab\x80"
EVERYWHERE = STARTS | ENDS

both_algebras = pytest.mark.parametrize("make_algebra", MAKERS)


@st.composite
def documents(draw: st.DrawFn) -> tuple[bytes, bytes]:
    text = draw(st.lists(st.sampled_from([*ALPHABET, 97, SEPARATOR]), max_size=9).map(bytes))
    return text, draw(st.binary(min_size=len(text) + 1, max_size=len(text) + 1).map(_as_marks))


def _as_marks(given: bytes) -> bytes:
    return bytes(octet & EVERYWHERE for octet in given)


def pieces_of(text: bytes, marks: bytes, least: int) -> set[bytes]:
    """By definition."""
    places = range(len(text) + 1)
    spans = [(i, j) for i in places for j in places[i:] if marks[i] & STARTS and marks[j] & ENDS]
    pieces = {text[i:j] for i, j in spans if SEPARATOR not in text[i:j]}
    return {piece for piece in pieces if sum(octet & 0xC0 != 0x80 for octet in piece) >= least}


@both_algebras
@given(document=documents(), least=st.integers(0, 3))
def test_pieces_are_those_between_marks(
    make_algebra: Callable[[], Algebra], document: tuple[bytes, bytes], least: int
) -> None:
    """Of all short texts those that stand between two marks are in it, and the beginnings of those are alive."""
    algebra, pieces = make_algebra(), pieces_of(*document, least)
    term = algebra.substrings(*document, least)
    assert (term != EMPTY) == bool(pieces)
    for text in map(bytes, (text for size in range(5) for text in product(ALPHABET, repeat=size))):
        here = algebra.after(term, text)
        assert algebra.can_end(here) == (text in pieces)
        assert algebra.is_live(here) == any(piece.startswith(text) for piece in pieces)


@both_algebras
@given(text=st.text("ab", max_size=120) | st.text("ab", min_size=1, max_size=6).map(lambda piece: piece * 25))
def test_pieces_of_long_texts_are_all_there(make_algebra: Callable[[], Algebra], text: str) -> None:
    """Followed byte by byte, the term of everything in a text has exactly the pieces that Python finds in it."""
    algebra = make_algebra()
    todo: list[tuple[str, Term]] = [("", everything(algebra, text.encode()))]
    for piece, term in todo:
        assert algebra.can_end(term)
        for letter in "ab":
            follower = algebra.derive(term, ord(letter))
            assert (follower != EMPTY) == (piece + letter in text)
            if follower != EMPTY and len(piece) < 9:
                todo.append((piece + letter, follower))


def everything(algebra: Algebra, text: bytes) -> Term:
    return algebra.substrings(text, bytes([EVERYWHERE]) * (len(text) + 1), 0)


@both_algebras
def test_the_rest_of_a_document_is_one_term(make_algebra: Callable[[], Algebra]) -> None:
    """What was read to one place alone has one future, wherever it began; the same document is the same term."""
    algebra = make_algebra()
    term = everything(algebra, b"to be or not to be, that is")
    assert algebra.after(term, b"or not") == algebra.after(term, b"not") != algebra.after(term, b"to be")
    assert everything(algebra, b"to be or not to be, that is") == term


@both_algebras
@pytest.mark.parametrize(("marks", "least"), [(b"", 0), (b"\3\3", 0), (b"\3\3\3\3", -1)])
def test_marks_that_do_not_fit_are_refused(make_algebra: Callable[[], Algebra], marks: bytes, least: int) -> None:
    """One mark a byte and one behind the last, and no length below 0."""
    with pytest.raises(ValueError, match=f"{len(marks)} marks for 3 bytes"):
        make_algebra().substrings(b"abc", marks, least)


@pytest.mark.skipif(len(MAKERS) == 1, reason="the compiled twin is not built here")
@pytest.mark.parametrize("piece", [b"a", b"ab", b"a" * 999 + b"b", b"the cat sat on the mat. "])
def test_a_document_that_repeats_is_sorted_all_the_same(piece: bytes) -> None:
    """A megabyte of one piece again and again takes a few bytes for each of its own, and has what it has."""
    algebra = CompiledAlgebra()
    text = piece * ((1 << 20) // len(piece))
    term = everything(algebra, text)
    assert algebra.bytes_used < 8 * len(text)
    assert algebra.can_end(algebra.after(term, text[-2_000:]))
    assert algebra.after(term, piece + b"!") == EMPTY


@pytest.mark.parametrize("make_algebra", [SharedAlgebra, *MAKERS[1:]])
def test_a_document_is_charged_before_it_is_sorted(make_algebra: Callable[..., Any]) -> None:
    """A document that an account has no room for ends in its budget."""
    account = make_algebra(max_bytes=1 << 28).account(100_000, 10.0)
    with pytest.raises(BudgetExceeded, match="100000 bytes of automaton"):
        everything(account, b"abcd" * 10_000)
