"""Laws that hold for the vocabulary of every tokenizer family, with the library's own decoder as the oracle."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from small_tokenizers import FAMILIES, SENTENCES, sample

from llmpost.vocabulary import Detokenizer

TEXTS = st.one_of(
    st.lists(st.sampled_from([*" ".join(SENTENCES).split(), " ", "  ", "\n", "\t", "<tool>"]), max_size=12).map(
        " ".join
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
every_family = pytest.mark.parametrize("family", FAMILIES)
quick = settings(max_examples=60, deadline=None, derandomize=True)


def _is_whole(given: bytes) -> bool:
    try:
        given.decode()
    except UnicodeDecodeError:
        return False
    return True


@every_family
def test_each_id_adds_what_the_library_writes_after_other_text(family: str) -> None:
    """For every id of whole UTF-8, library.decode([anchor, id, anchor]) is the first anchor, then both ids' bytes."""
    given = sample(family)
    start, end = given.decode([given.anchor]), given.vocabulary.decode([given.anchor])
    wrong = {
        token_id: (text, library)
        for token_id, token in enumerate(given.vocabulary.tokens)
        if token_id not in given.vocabulary.special_ids and _is_whole(token)
        if (library := given.decode([given.anchor, token_id, given.anchor])) != (text := start + token.decode() + end)
    }
    assert wrong == {}


@every_family
@given(text=TEXTS)
@quick
def test_decoding_an_encoded_text_is_the_librarys_own_decoding(family: str, text: str) -> None:
    """decode(encode(t)) is the library's decode of the same ids, up to the spaces it drops at the start of a text
    (and slow tokenizers at the end).
    """
    given = sample(family)
    ids = given.encode(text)
    ours, theirs = given.vocabulary.decode(ids).lstrip(" "), given.decode(ids).lstrip(" ")
    if family.startswith("slow"):
        ours, theirs = ours.rstrip(" "), theirs.rstrip(" ")
    assert ours == theirs


@every_family
@given(prompt=TEXTS, continuation=TEXTS, cut=st.integers(0, 6))
@quick
def test_a_continuation_adds_its_bytes(family: str, prompt: str, continuation: str, cut: int) -> None:
    """library.decode(p + c) is library.decode(p) + vocabulary.decode(c) where p starts with letters, and p and c are
    each whole UTF-8 (and, for slow tokenizers, end in no space); c starts at any token of a text, not only its first.
    """
    given = sample(family)
    before = [given.anchor, *given.encode(prompt)]
    after = given.encode(continuation)
    before, after = before + after[:cut], after[cut:]
    joined = [b"".join(map(given.vocabulary.bytes_of, ids)) for ids in (before, after)]
    is_stripped = family.startswith("slow") and any(text.endswith(b" ") for text in joined)
    if all(map(_is_whole, joined)) and not is_stripped:
        assert given.decode(before + after) == given.decode(before) + given.vocabulary.decode(after)


@every_family
@given(data=st.data())
@quick
def test_text_as_it_comes_is_the_whole_text(family: str, data: st.DataObject) -> None:
    """Deltas and the finish, joined, are decode(all ids), for any ids at all: special, unused, cut characters."""
    vocabulary = sample(family).vocabulary
    ids = data.draw(st.lists(st.integers(0, vocabulary.size - 1), max_size=30))
    state, deltas = Detokenizer(vocabulary), []
    for token_id in ids:
        delta, state = state.push(token_id)
        deltas.append(delta)
    assert "".join(deltas) + state.finish() == vocabulary.decode(ids)


@every_family
def test_special_ids_add_nothing_and_end_ids_are_special(family: str) -> None:
    """A special id has no bytes and a name; every end id is one of them; every other id has bytes."""
    vocabulary = sample(family).vocabulary
    assert vocabulary.end_ids <= vocabulary.special_ids
    for token_id in range(vocabulary.size):
        assert (vocabulary.bytes_of(token_id) == b"") == (token_id in vocabulary.special_ids)
        assert vocabulary.name_of(token_id)
