"""Laws of `Vocabulary` itself: sizes, special and end ids, names, equality, digests, and its errors."""

import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

from llmpost.errors import VocabularyError
from llmpost.vocabulary import Vocabulary

TOKENS = [b"a", b" b", b"\xc3", b"\xa9", b"<s>", b"</s>"]
VOCABULARY = Vocabulary.from_tokens(TOKENS, special_ids=[4], eos_ids=[5])


def test_a_token_list_keeps_its_bytes_but_for_special_ids() -> None:
    """Ordinary tokens keep their bytes, special and end tokens keep them as names only."""
    assert VOCABULARY.tokens == (b"a", b" b", b"\xc3", b"\xa9", b"", b"")
    assert (VOCABULARY.size, len(VOCABULARY)) == (6, 6)
    assert VOCABULARY.special_ids == {4, 5}
    assert VOCABULARY.end_ids == {5}
    assert [VOCABULARY.name_of(token_id) for token_id in (0, 1, 2, 4)] == ["'a'", "' b'", "b'\\xc3'", "<s>"]


def test_decode_joins_bytes_before_it_decodes() -> None:
    """A character split over tokens is whole; a lone byte is one U+FFFD; special ids are nothing."""
    assert VOCABULARY.decode([4, 0, 1, 2, 3, 5]) == "a bé"
    assert VOCABULARY.decode([2, 0, 3]) == "\ufffda\ufffd"


def test_padding_adds_special_ids_without_text() -> None:
    """padded(size) has the old ids unchanged and new ones that are special, named and empty."""
    padded = VOCABULARY.padded(8)
    assert (padded.size, padded.tokens[:6], padded.tokens[6:]) == (8, VOCABULARY.tokens, (b"", b""))
    assert padded.special_ids == {4, 5, 6, 7}
    assert (padded.end_ids, padded.name_of(7), padded.name_of(4)) == ({5}, "<unused 7>", "<s>")
    assert VOCABULARY.padded(6) is VOCABULARY
    assert padded != VOCABULARY


def test_end_ids_can_be_several_and_become_special() -> None:
    """with_end_ids replaces the end ids; one that wrote text until now is special and writes none."""
    ended = VOCABULARY.with_end_ids([0, 4])
    assert ended.end_ids == {0, 4}
    assert ended.special_ids == {0, 4, 5}
    assert (ended.bytes_of(0), ended.name_of(0)) == (b"", "a")
    assert VOCABULARY.with_end_ids(VOCABULARY.end_ids) == VOCABULARY
    assert VOCABULARY.with_end_ids(np.array([5])).end_ids == {5}


def test_lookup_finds_the_lowest_id_of_some_bytes() -> None:
    """token_id is the slow search from the front; no bytes and unknown bytes have no id."""
    vocabulary = Vocabulary.from_tokens([b"x", b"y", b"x", b""], special_ids=[1])
    for token in (b"x", b"y", b"z", b""):
        slow = next((i for i in range(vocabulary.size) if token and vocabulary.bytes_of(i) == token), None)
        assert vocabulary.token_id(token) == slow


def test_equal_facts_are_equal_vocabularies() -> None:
    """Equality and hash follow the digest, which tells bytes, special names and end ids apart, order of ids not."""
    assert Vocabulary.from_tokens(TOKENS, [5, 4], [5]) == VOCABULARY
    assert hash(Vocabulary.from_tokens(TOKENS, [4], {5})) == hash(VOCABULARY)
    others = [
        Vocabulary.from_tokens(TOKENS, [4, 5]),
        Vocabulary.from_tokens(TOKENS, [], [5]),
        Vocabulary.from_tokens([b"a b", b"", *TOKENS[2:]], [4], [5]),
        Vocabulary.from_tokens([*TOKENS[:4], b"<x>", b"</s>"], [4], [5]),
    ]
    assert len({VOCABULARY.digest, *(other.digest for other in others)}) == 5
    assert VOCABULARY != TOKENS


def test_a_vocabulary_travels_to_another_process() -> None:
    """Pickled and read back, all facts are the same; the digest is the same under any hash seed."""
    again = pickle.loads(pickle.dumps(VOCABULARY))
    assert again == VOCABULARY
    assert (again.tokens, again.special_names, again.special_ids) == (
        VOCABULARY.tokens,
        VOCABULARY.special_names,
        VOCABULARY.special_ids,
    )
    program = (
        "from llmpost.vocabulary import Vocabulary\n"
        "print(Vocabulary.from_tokens([bytes([i]) for i in range(99)], {*range(40, 60)}, {*range(90, 99)}).digest)"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_threads_can_share_one() -> None:
    """Lookups that race to build the index all get the right answer."""
    vocabulary = Vocabulary.from_tokens([b"%d" % i for i in range(5000)])
    found: list[bool] = []
    work = [
        threading.Thread(target=lambda: found.append(all(vocabulary.token_id(b"%d" % i) == i for i in range(5000))))
        for _ in range(4)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert found == [True] * 4


def test_a_vocabulary_cannot_be_changed() -> None:
    """Fields and names are read-only."""
    with pytest.raises(AttributeError):
        VOCABULARY.tokens = ()  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError):
        VOCABULARY.special_names[0] = "x"  # type: ignore[index]  # that is the point


@pytest.mark.parametrize(
    ("call", "where", "given"),
    [
        (lambda: Vocabulary.from_tokens([]), "tokens", "a vocabulary of 0 ids"),
        (lambda: Vocabulary.from_tokens([b"a", "b"]), "tokens[1]", "'b'"),
        (lambda: Vocabulary.from_tokens(TOKENS, special_ids=[0, 6]), "special_ids[1]", "6"),
        (lambda: Vocabulary.from_tokens(TOKENS, special_ids=["x"]), "special_ids[0]", "'x'"),
        (lambda: Vocabulary.from_tokens(TOKENS, eos_ids=[-1]), "eos_ids[0]", "-1"),
        (lambda: VOCABULARY.with_end_ids([5, 99]), "end_ids[1]", "99"),
        (lambda: VOCABULARY.bytes_of(6), "token_id", "6"),
        (lambda: VOCABULARY.bytes_of(-1), "token_id", "-1"),
        (lambda: VOCABULARY.name_of(6), "token_id", "6"),
        (lambda: VOCABULARY.decode([0, 6]), "token_id", "6"),
        (lambda: VOCABULARY.padded(5), "size", "5"),
        (lambda: VOCABULARY.padded(1 << 40), "size", str(1 << 40)),
        (lambda: Vocabulary.from_tokenizer(object()), "tokenizer", "an object of type builtins.object"),
        (lambda: Vocabulary.from_tokenizer(None), "tokenizer", "an object of type builtins.NoneType"),
    ],
)
def test_bad_input_is_an_error_in_four_parts(call, where: str, given: str) -> None:
    """The message says where, what was given, what is allowed and what to do."""
    with pytest.raises(VocabularyError) as caught:
        call()
    error = caught.value
    assert (error.where, error.given) == (where, given)
    assert error.allowed
    assert error.hint.endswith(".")
    assert str(error) == f"{where}: {given} is not {error.allowed}. {error.hint}"
