"""Laws of the trie: the tokens and nothing else, in depth-first order; a file of it is believed when it is whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.errors import VocabularyError
from llmpost.vocabulary import Trie, Vocabulary

token_lists = st.lists(st.binary(max_size=5) | st.lists(st.sampled_from(b"ab\0"), max_size=6).map(bytes), min_size=1)


def text_at(trie: Trie, node: int) -> bytes:
    """The bytes from the root to a node."""
    return b"" if node == 0 else text_at(trie, int(trie.parents[node])) + bytes([int(trie.octets[node])])


@given(tokens=token_lists, special=st.booleans())
def test_nodes_are_the_beginnings_of_tokens(tokens: list[bytes], special: bool) -> None:
    """In ascending order, which is depth-first order, each once; with the ids that end there, ascending."""
    vocabulary = Vocabulary.from_tokens(tokens, special_ids=[0] if special else [])
    trie = Trie.of(vocabulary)
    written = [token for token in vocabulary.tokens if token]
    beginnings = sorted({b""} | {token[:end] for token in written for end in range(1, len(token) + 1)})
    assert [text_at(trie, node) for node in range(trie.num_nodes)] == beginnings
    for node, text in enumerate(beginnings):
        ids = [i for i, token in enumerate(vocabulary.tokens) if token and token == text]
        assert trie.ids_at(node).tolist() == ids
    assert trie.longest == max(map(len, written), default=0)
    assert trie.size == len(tokens)


@given(tokens=token_lists)
def test_depths_parents_and_ends_belong_together(tokens: list[bytes]) -> None:
    """The nodes from one behind a node to its end, and no others, begin with its bytes."""
    trie = Trie.of(Vocabulary.from_tokens(tokens))
    texts = [text_at(trie, node) for node in range(trie.num_nodes)]
    assert trie.parents[0] == -1
    for node, text in enumerate(texts):
        below = [other for other in range(trie.num_nodes) if texts[other].startswith(text)]
        assert below == list(range(node, trie.ends[node]))
        assert trie.depths[node] == len(text)


def test_arrays_have_the_types_that_walks_rely_on() -> None:
    """The layout is fixed, and nobody can write to it."""
    trie = Trie.of(Vocabulary.from_tokens([b"a", b"ab"]))
    assert {name: array.dtype.name for name, array in trie.arrays.items()} == {
        "octets": "uint8", "depths": "uint16", "ends": "int32", "parents": "int32", "first_token": "int32",
        "tokens": "int32",
    }  # fmt: skip
    assert not any(array.flags.writeable for array in trie.arrays.values())


def test_complete_is_every_byte_of_text() -> None:
    """All bytes that UTF-8 uses, each a token by itself; a longer token that has the byte is not enough."""
    octets = [bytes([octet]) for octet in range(256) if octet not in (0xC0, 0xC1) and octet < 0xF5]
    assert Trie.of(Vocabulary.from_tokens(octets)).is_complete
    assert not Trie.of(Vocabulary.from_tokens([*octets[:-1], b"a" + octets[-1]])).is_complete


def test_a_vocabulary_without_text_is_a_root() -> None:
    """Specials and empty tokens alone leave one node and no ids."""
    trie = Trie.of(Vocabulary.from_tokens([b"<s>", b""], special_ids=[0]))
    assert (trie.num_nodes, trie.longest, len(trie.tokens)) == (1, 0, 0)


def test_enormous_tokens_are_refused() -> None:
    """A token longer than a depth can count is an error that names it."""
    with pytest.raises(VocabularyError, match=r"tokens\[1\]: a token of 65536 bytes"):
        Trie.of(Vocabulary.from_tokens([b"a", b"b" * 65_536]))


@pytest.mark.parametrize("damage", ["none", "cut", "altered", "other", "no archive"])
def test_a_damaged_file_is_built_again(tmp_path: Path, damage: str) -> None:
    """From disk or not, whatever happened to the file, the trie is the same, and afterwards the file is whole."""
    vocabulary = Vocabulary.from_tokens([b"ab", b"a", b"ab", b"", b"xyz"])
    Trie.of(vocabulary, cache_folder=tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "altered":
        place = whole.index(b"abxyz")  # the bytes of the nodes
        path.write_bytes(whole[:place] + b"Q" + whole[place + 1 :])
    elif damage == "other":
        Trie.of(Vocabulary.from_tokens([b"q"]), cache_folder=tmp_path / "other")
        path.write_bytes(next((tmp_path / "other").iterdir()).read_bytes())
    elif damage == "no archive":
        path.write_bytes(b"hello")
    again, built = Trie.of(vocabulary, cache_folder=tmp_path), Trie.of(vocabulary)
    for name, array in built.arrays.items():
        np.testing.assert_array_equal(again.arrays[name], array)
    assert path.read_bytes() == whole
