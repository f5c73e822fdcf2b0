"""Masks of regular expressions of the whole dialect, over vocabularies that have pieces of characters in them."""

from __future__ import annotations

import re
import warnings

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_languages import BruteForce, constraint_in, small_space, walk_along
from random_regexes import LETTERS, patterns

from llmpost.constraints.regex import RegexSource
from llmpost.errors import ConstraintError
from llmpost.vocabulary import Vocabulary
from llmpost.vocabulary.trie import TEXT_BYTES

PIECES = [
    b"a",
    b"b",
    b"ab",
    b"aK",
    b" ",
    b"1",
    b" 1",
    b"\n",
    b"b\n",
    b"a b",
    b"\xc3",
    b"\xa9",
    b"\xa9a",
    b"b\xc3",
    b"K1",
]

EVERY_BYTE = Vocabulary.from_tokens([bytes([octet]) for octet in sorted(TEXT_BYTES)])


@st.composite
def vocabularies_of_text(draw: st.DrawFn) -> Vocabulary:
    """Some of the pieces, and by chance every byte of text: then liveness is decided over bytes."""
    tokens = draw(st.lists(st.sampled_from(PIECES), min_size=3, unique=True))
    if draw(st.booleans()):
        tokens += EVERY_BYTE.tokens
    return Vocabulary.from_tokens([b"</s>", *tokens], eos_ids=[0])


def source_of(pattern: str) -> RegexSource:
    try:
        return RegexSource.of(pattern)
    except ConstraintError:  # a look-behind in a loop, say
        assume(False)
        raise


@settings(max_examples=60, deadline=None)
@given(vocabulary=vocabularies_of_text(), pattern=patterns(), choices=st.lists(st.integers(0, 100), max_size=4))
def test_mask_of_a_regex_is_brute_force(vocabulary: Vocabulary, pattern: str, choices: list[int]) -> None:
    """A token is allowed exactly when a completion over the vocabulary is accepted, and a text can end exactly where
    `re.fullmatch` says that it matches."""
    source = source_of(pattern)
    oracle = BruteForce(vocabulary, source)
    constraint = constraint_in(small_space(vocabulary), source)
    assert (constraint is not None) == oracle.can_finish(b"")
    if constraint is None:
        return
    for text, state in walk_along(constraint.start(), vocabulary, choices):
        assert state.mask().ids().tolist() == oracle.allowed(text)
        assert state.can_end == is_matched(pattern, text)


def is_matched(pattern: str, text: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return re.fullmatch(pattern, text.decode()) is not None
        except UnicodeDecodeError:
            return False


@settings(max_examples=100, deadline=None)
@given(pattern=patterns(), text=st.text(LETTERS, max_size=6))
def test_accepts_is_fullmatch(pattern: str, text: str) -> None:
    """A constraint's `accepts` is `re.fullmatch`."""
    constraint = constraint_in(small_space(EVERY_BYTE), source_of(pattern))
    assert (constraint is not None and constraint.accepts(text)) == is_matched(pattern, text.encode())
