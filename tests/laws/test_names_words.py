"""Words as the finder of names sees them: a slow twin that reads character by character."""

from __future__ import annotations

import unicodedata

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from llmpost.guards.names.alphabet import LETTER, codes, folded, kinds
from llmpost.guards.names.features import BITS, NUM_FEATURES, features
from llmpost.guards.names.words import LONGEST, words_of

TEXTS = st.lists(
    st.sampled_from(["a", "Ab", "9", "é", "e\u0301", "ς", "İ", "Ж", "王", "😀", "\ud800", " ", "\n", ", ", "’", "\x00"])
    | st.sampled_from(["x" * LONGEST, "x" * (LONGEST + 1), " " * LONGEST, " " * (LONGEST + 1)]),
    max_size=40,
).map("".join)  # fmt: skip


def is_of_word(char: str) -> bool:
    is_read = ord(char) < 0x530 or 0x1C80 <= ord(char) < 0x1C90 or 0x1D00 <= ord(char) < 0x2000
    return is_read and (unicodedata.category(char)[0] in "LM" or unicodedata.category(char) == "Nd")


def twin(text: str) -> list[tuple[int, int]]:
    words, start = list[tuple[int, int]](), None
    for at, char in enumerate([*text, None]):
        if char is not None and is_of_word(char):
            start = at if start is None else start
        elif start is not None:
            words, start = [*words, (start, at)], None
    return [(start, end) for start, end in words if end - start <= LONGEST]


@given(TEXTS)
def test_words(text: str) -> None:
    """A word is a maximal run of letters, marks and digits that is not too long."""
    words = words_of(text, is_end=True)
    assert list(zip(words.starts.tolist(), words.ends.tolist(), strict=True)) == twin(text)
    assert words.is_closed
    assert words.tail == len(text)


@given(TEXTS, TEXTS)
def test_known_words_stay(text: str, more: str) -> None:
    """What is told of a word before the text's end is so whatever follows."""
    words, later = words_of(text, is_end=False), words_of(text + more, is_end=True)
    for name in ("starts", "ends", "gap_starts", "gap_ends", "is_first"):
        np.testing.assert_array_equal(getattr(words, name), getattr(later, name)[: len(words)])
    assert all(start >= words.tail for start in later.starts[len(words) :].tolist())
    np.testing.assert_array_equal(features(words), features(later)[: len(words)])


@given(TEXTS, TEXTS)
def test_features_do_not_depend_on_place(before: str, text: str) -> None:
    """Behind a break a word has the features that it has at the beginning of a text."""
    gap = "." * (LONGEST + 1)
    words, moved = words_of(f"{gap}{text}", is_end=True), words_of(f"{before}{gap}{text}", is_end=True)
    np.testing.assert_array_equal(features(words), features(moved)[len(moved) - len(words) :])
    assert features(words).shape == (len(words), NUM_FEATURES)
    assert all(0 <= feature < 1 << BITS for feature in features(words).ravel().tolist())


def test_alphabet() -> None:
    """Case, quotes, dashes and spaces are read alike; every character has a kind."""
    np.testing.assert_array_equal(folded(codes("A’—\u00a0É")), folded(codes("a'- é")))
    assert (kinds(codes("aÉЖ9")) >= LETTER).all()
    assert (kinds(codes("王😀\ud800.’ \n")) < LETTER).all()
    assert len(kinds(codes("\U0010ffff"))) == 1
