"""Laws of `Detokenizer`: its slow twin is Python's own decoding of all the bytes at once."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from llmpost.errors import VocabularyError
from llmpost.vocabulary import Detokenizer, Vocabulary

BYTES = Vocabulary.from_tokens([*(bytes([byte]) for byte in range(256)), b"</s>"], eos_ids=[256])
# Bytes that start, continue and break characters of every length, and the forbidden ones between.
HARD = [
    0x41,
    0x7F,
    0x80,
    0xBF,
    0xC0,
    0xC3,
    0xA9,
    0xE0,
    0xA0,
    0xE2,
    0x82,
    0xAC,
    0xED,
    0x9F,
    0xEF,
    0xF0,
    0x90,
    0xF4,
    0x8F,
    0xFF,
]
quick = settings(max_examples=300, deadline=None, derandomize=True)
hard_bytes = st.lists(st.sampled_from([*HARD, 256]) | st.integers(0, 256), max_size=24)


def _pushed(state: Detokenizer, ids: list[int]) -> tuple[list[str], Detokenizer]:
    deltas = []
    for token_id in ids:
        delta, state = state.push(token_id)
        deltas.append(delta)
    return deltas, state


@given(ids=hard_bytes)
@quick
def test_deltas_join_to_the_whole(ids: list[int]) -> None:
    """Single bytes in any order, pushed one by one, give Python's whole decode, each U+FFFD in its place."""
    deltas, state = _pushed(Detokenizer(BYTES), ids)
    assert "".join(deltas) + state.finish() == BYTES.decode(ids)


@given(tokens=st.lists(st.binary(max_size=5), min_size=1, max_size=12))
@quick
def test_deltas_join_to_the_whole_for_tokens_of_several_bytes(tokens: list[bytes]) -> None:
    """The same for tokens cut at any byte."""
    vocabulary = Vocabulary.from_tokens(tokens)
    ids = list(range(len(tokens)))
    deltas, state = _pushed(Detokenizer(vocabulary), ids)
    assert "".join(deltas) + state.finish() == vocabulary.decode(ids)


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@quick
def test_a_delta_never_splits_a_character(text: str) -> None:
    """For valid text no delta has a U+FFFD that the text lacks, and a character comes with its last byte."""
    ids = list(text.encode())
    state, seen = Detokenizer(BYTES), b""
    for token_id in ids:
        delta, state = state.push(token_id)
        seen += delta.encode()
        assert seen + state.pending == bytes(ids[: len(seen) + len(state.pending)])
    assert seen.decode() == text
    assert state.finish() == ""


@given(before=hard_bytes, ids=hard_bytes)
@quick
def test_many_at_once_are_many_pushes(before: list[int], ids: list[int]) -> None:
    """extend(ids) gives the joined deltas and the state that pushing each id gives, from any state."""
    _, state = _pushed(Detokenizer(BYTES), before)
    deltas, end = _pushed(state, ids)
    assert state.extend(ids) == ("".join(deltas), end)


def test_an_old_state_stays_valid() -> None:
    """Keeping a state is the rollback: two continuations of one state do not see each other."""
    _, state = Detokenizer(BYTES).push(0xC3)
    first, _ = state.push(0xA9)
    second, _ = state.push(0xA8)
    assert (first, second, state.pending) == ("é", "è", b"\xc3")


def test_the_common_push_makes_no_new_state() -> None:
    """A token of whole characters with nothing pending hands the same state on."""
    state = Detokenizer(BYTES)
    text, after = state.push(ord("a"))
    assert text == "a"
    assert after is state
    assert state.push(256) == ("", state)


@pytest.mark.parametrize("token_id", [-1, 257])
def test_an_unknown_id_is_refused(token_id: int) -> None:
    """push and extend raise the vocabulary's own four-part error."""
    with pytest.raises(VocabularyError, match="an id from 0 to 256"):
        Detokenizer(BYTES).push(token_id)
    with pytest.raises(VocabularyError, match="an id from 0 to 256"):
        Detokenizer(BYTES).extend([0, token_id])
