"""What a state says, refuses and proposes, on examples that can be checked by eye."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints import State
from llmpost.errors import ConstraintError, TokenRejected

TOKENS = [b"</s>", b"<pad>", b"", b"a", b"b", b"ab", b"abc", b"a", b"\xc3", b"\xa9", b"c", b"<eot>"]
END, PAD, NOTHING, A, B, AB, ABC, A_TOO, LEAD, TRAIL, C, EOT = range(len(TOKENS))
VOCABULARY = Vocabulary.from_tokens(TOKENS, special_ids=[PAD], eos_ids=[END, EOT])


def start(*texts: str) -> State:
    return compile_constraint(VOCABULARY, choice=list(texts)).start()


def test_a_token_is_allowed_as_far_as_something_can_follow() -> None:
    """Equal bytes under two ids are both allowed, pieces of characters too; specials and empty tokens never."""
    assert start("abé").mask().ids().tolist() == [A, AB, A_TOO]
    assert start("abé").advance(AB).mask().ids().tolist() == [LEAD]
    assert start("abé").advance(AB).advance(LEAD).mask().ids().tolist() == [TRAIL]


def test_every_end_id_ends() -> None:
    """The end ids are in the mask exactly when the text can end, and each leads to a finished state."""
    state = start("a", "ab").advance(A)
    assert (state.can_end, state.is_finished, state.mask().ids().tolist()) == (True, False, [END, B, EOT])
    assert start("a").mask().ids().tolist() == [A, A_TOO]
    for end in (END, EOT):
        finished = state.advance(end)
        assert (finished.is_finished, finished.can_end, finished.mask().count, finished.forced()) == (
            True, False, 0, (),
        )  # fmt: skip
        with pytest.raises(TokenRejected, match=r"allowed after the end"):
            finished.advance(end)


@pytest.mark.parametrize(
    ("taken", "token", "message"),
    [
        ([], B, r"advance: token 4 \('b'\) is not allowed here: expected 'a'\. This state is still valid"),
        ([], ABC, r"token 6 \('abc'\) is not allowed here: expected 0xC3 after b'ab'"),
        ([AB, LEAD, TRAIL], A, r"token 3 \('a'\) is not allowed here: expected the end"),
        ([], END, r"token 0 \(</s>\) is not allowed here"),
        ([], PAD, r"token 1 \(<pad>\) is not allowed here"),
        ([], 12, r"token 12 of 12 is not allowed here"),
        ([], -1, r"token -1 of 12 is not allowed here"),
    ],
)
def test_a_rejection_says_what_was_expected(taken: list[int], token: int, message: str) -> None:
    """The token in words, the bytes that were expected, and the state goes on as if nothing had been asked."""
    state = start("abé")
    for before in taken:
        state = state.advance(before)
    ids = state.mask().ids().tolist()
    with pytest.raises(TokenRejected, match=message):
        state.advance(token)
    assert not state.allows(token)
    assert state.mask().ids().tolist() == ids


@pytest.mark.parametrize(
    ("texts", "forced"),
    [
        (["abcab"], [ABC, AB]),  # nothing follows: all of it
        (["abca", "abcb"], [ABC]),
        (["ab", "abc"], []),  # ab must come, but abc may be meant
        (["abab", "ababc"], [AB]),  # the second ab could be abc
        (["abbb", "abb"], [AB, B]),
        (["a", "b"], []),
        (["", "a"], []),
        (["babb", "babc"], [B]),  # bab must come; abc may be meant behind the first b
        (["é", "éa"], [LEAD, TRAIL]),
    ],
)
def test_forced_tokens_never_straddle(texts: list[str], forced: list[int]) -> None:
    """Only bytes that must follow, as the longest tokens, as far as no longer token reaches beyond them."""
    assert list(start(*texts).forced()) == forced


def test_masks_come_from_the_store() -> None:
    """Equal states have one mask object, also of two constraints, one by one and in a batch."""
    one, other = start("ab", "b").advance(A), start("bb", "ab").advance(A_TOO)
    assert one.mask() is start("ab", "b").advance(A_TOO).mask()
    assert State.masks_of([one, other, one])[0] is one.mask()
    assert State.masks_of([]) == []


def test_states_are_values() -> None:
    """Equal where the same may follow, hashable, and not equal to anything else; the companion is not looked at."""
    one, other = start("ab", "b").advance(A), start("ab", "b").advance(A_TOO)
    assert (one, hash(one)) == (other, hash(other))
    assert one != start("ab", "b")
    assert one != "a state"
    assert State(one.reach, one.term, one.cell, companion="path") == one
    assert State(one.reach, one.term, one.cell, companion="path").advance(B).companion == "path"


@pytest.mark.parametrize("token", ["a", None, 1.5, [3]])
def test_what_is_no_id_is_rejected(token: Any) -> None:
    """Not a TypeError from inside: the token as it was given, and what to pass."""
    for ask in (start("ab").advance, start("ab").allows):
        with pytest.raises(TokenRejected, match=r"token: .* is not an id of a token\. Pass the id as an int"):
            ask(token)


@pytest.mark.parametrize("text", [5, None, ["a"]])
def test_what_is_no_text_is_named(text: Any) -> None:
    """`accepts` takes text and bytes, of any kind."""
    constraint = compile_constraint(VOCABULARY, choice=["a"])
    with pytest.raises(ConstraintError, match=r"accepts: .* is not text or bytes\. Pass one whole text\."):
        constraint.accepts(text)
    assert constraint.accepts(bytearray(b"a"))
    assert constraint.accepts(memoryview(b"a"))


@given(st.lists(st.text("abcé", max_size=4), min_size=1, max_size=5), st.text("abcé", max_size=5))
def test_accepts_is_membership(texts: list[str], text: str) -> None:
    """A whole text, as text or as bytes, no tokens asked; a lone surrogate is no text."""
    constraint = compile_constraint(VOCABULARY, choice=texts)
    assert constraint.accepts(text) == constraint.accepts(text.encode()) == (text in texts)
    assert not constraint.accepts(text + "\ud800")
