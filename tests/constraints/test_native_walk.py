"""The compiled walk: its masks are what the reference algebra says, split or not, and its keys keep their promise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmpost.automata.algebra import EMPTY, Algebra, BudgetExceeded, Term
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.vocabulary import Vocabulary
from llmpost.vocabulary.trie import Trie

automata = pytest.importorskip("llmpost.automata._native", reason="the compiled twin is not built here")
native = pytest.importorskip("llmpost.constraints._native", reason="the compiled twin is not built here")

REAL = Path(__file__).resolve().parents[3] / "shared" / "vocab" / "o200k_200k.npz"
laws = settings(deadline=None, derandomize=True, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

# Small pieces that random classes tell apart, so that tokens stay inside loops, leave them, and are cut in characters.
PIECES = [
    b"a",
    b"b",
    b"z",
    b"0",
    b'"',
    b"\\",
    b",",
    b" ",
    b"\n",
    "é".encode(),
    "ñ".encode(),
    "€".encode(),
    "😀".encode(),
]
CUTS = [b"\xc3", b"\xe2", b"\xe2\x82", b"\xa9", b"\xf0\x9f", b"\xff", b"\x80"]
tokens = st.lists(st.sampled_from(PIECES) | st.sampled_from(CUTS), min_size=1, max_size=6).map(b"".join)
vocabularies = st.lists(tokens | st.just(b""), min_size=1, max_size=60)

CLASSES = [
    [(0, 9), (11, 0x10FFFF)], [(0x61, 0x7A)], [(0x20, 0x21), (0x23, 0x5B), (0x5D, 0x10FFFF)], [(0x30, 0x39)],
    [(0x61, 0x7A), (0xE9, 0xE9)], [(0x61, 0x62), (0x80, 0x10FFFF)], [(0x20, 0x20), (0x800, 0xFFFF)],
]  # fmt: skip
counts = st.tuples(st.integers(0, 4), st.integers(0, 6) | st.none()).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)
heads = st.tuples(st.sampled_from(CLASSES), counts, st.lists(st.sampled_from(PIECES), max_size=2))
tails = st.lists(st.sampled_from([b",", b'"', b"a", b"", b"\xc3\xa9", b"\\"]), max_size=3)
alternatives = st.lists(st.tuples(heads, tails, counts), min_size=1, max_size=3)

Count: TypeAlias = tuple[int, int | None]
Head: TypeAlias = tuple[list[tuple[int, int]], Count, list[bytes]]
Parts: TypeAlias = list[tuple[Head, list[bytes], Count]]


def loops(parts: Parts, algebra: Algebra) -> Term:
    """``((class | others){m,n} tail){k,l}`` for each part: what is split, and what only looks like it."""

    def loop(ranges: list[tuple[int, int]], count: Count, others: list[bytes]) -> Term:
        body = algebra.alternate([algebra.characters(ranges), *(algebra.choice([other + b"b"]) for other in others)])
        return algebra.repeat(body, *count)

    return algebra.alternate(
        algebra.repeat(algebra.concat([loop(*head), algebra.choice(tail) if tail else algebra.choice([b""])]), *count)
        for head, tail, count in parts
    )


def walk_of(algebra: automata.Algebra, vocabulary: list[bytes], *, is_split: bool = True) -> native.Walk:
    return native.Walk(algebra, packed(vocabulary), is_split=is_split)


def packed(vocabulary: list[bytes]) -> native.PackedTrie:
    trie = Trie.of(Vocabulary.from_tokens(vocabulary))
    return native.PackedTrie(**trie.arrays, size=trie.size)


def filled(walk: native.Walk, term: Term, size: int) -> list[int]:
    """The ids of the mask; the count is theirs."""
    out = np.full((size + 31) // 32, 0xFFFFFFFF, dtype=np.uint32)
    count = walk.fill(term, out)
    ids: list[int] = np.flatnonzero(np.unpackbits(out.view(np.uint8), bitorder="little")).tolist()
    assert len(ids) == count
    return ids


def allowed(reference: ReferenceAlgebra, term: Term, vocabulary: list[bytes]) -> list[int]:
    """The definition, as plainly as it can be written."""
    return [i for i, token in enumerate(vocabulary) if token and reference.is_live(reference.after(term, token))]


@laws
@given(vocabulary=vocabularies, parts=alternatives, read=tokens)
def test_a_mask_is_what_the_reference_allows(vocabulary: list[bytes], parts: Parts, read: bytes) -> None:
    """Brute force over the vocabulary gives the mask, at the start and further on, split and plain."""
    reference, compiled = ReferenceAlgebra(), automata.Algebra()
    expected, term = loops(parts, reference), loops(parts, compiled)
    split, plain = walk_of(compiled, vocabulary), walk_of(compiled, vocabulary, is_split=False)
    for byte in (None, *read):
        if byte is not None:
            expected, term = reference.derive(expected, byte), compiled.after(term, bytes([byte]))
        ids = allowed(reference, expected, vocabulary)
        assert filled(plain, term, len(vocabulary)) == ids
        assert filled(split, term, len(vocabulary)) == ids


@laws
@given(vocabulary=vocabularies, parts=alternatives)
def test_a_mask_with_intersections(vocabulary: list[bytes], parts: Parts) -> None:
    """Where liveness has to be searched for, the mask is the reference's all the same."""
    reference, compiled = ReferenceAlgebra(), automata.Algebra()

    def without(algebra: Algebra) -> Term:
        dot = algebra.repeat(algebra.characters(CLASSES[0]), 0, None)
        unwanted = algebra.concat([dot, algebra.choice([b"a,", b"bb"]), dot])
        return algebra.intersect([loops(parts, algebra), algebra.complement(unwanted)])

    walk = walk_of(compiled, vocabulary)
    assert filled(walk, without(compiled), len(vocabulary)) == allowed(reference, without(reference), vocabulary)


@laws
@given(vocabulary=vocabularies, parts=alternatives, read=tokens, count=st.integers(0, 40))
def test_equal_keys_have_equal_masks(vocabulary: list[bytes], parts: Parts, read: bytes, count: int) -> None:
    """A term and its key allow the same tokens and both can end or neither can; a key is its own key."""
    algebra = automata.Algebra()
    walk = walk_of(algebra, vocabulary)
    wide = algebra.repeat(algebra.characters(CLASSES[0]), count, 2 * count + 1)
    for term in (algebra.after(loops(parts, algebra), read), algebra.concat([wide, loops(parts, algebra)])):
        key = walk.key(term)
        assert filled(walk, key, len(vocabulary)) == filled(walk, term, len(vocabulary))
        assert algebra.can_end(key) == algebra.can_end(term)
        assert walk.key(key) == key


def test_far_counters_share_a_key() -> None:
    """All places in a long counter that the longest token cannot bring to its end are one key."""
    algebra = automata.Algebra()
    walk = walk_of(algebra, [b"a", b"abc"])
    dot = algebra.characters(CLASSES[0])
    at_most = algebra.repeat(dot, 0, 2000)
    at_least = algebra.concat([algebra.repeat(dot, 1000, None), algebra.choice([b"!"])])
    assert len({walk.key(algebra.after(at_most, b"x" * place)) for place in range(1997)}) == 1
    assert len({walk.key(algebra.after(at_least, b"x" * place)) for place in range(997)}) == 1
    assert len({walk.key(algebra.after(at_most, b"x" * place)) for place in range(1997, 2001)}) == 4


@laws
@given(vocabulary=vocabularies, parts=alternatives)
def test_ends_are_the_terms_that_tokens_lead_to(vocabulary: list[bytes], parts: Parts) -> None:
    """`ends_of` names each allowed id once, with the term after its bytes."""
    algebra = automata.Algebra()
    walk, term = walk_of(algebra, vocabulary), loops(parts, algebra)
    ids, terms = walk.ends_of(term)
    assert ids.dtype == terms.dtype == np.int32
    assert sorted(ids.tolist()) == filled(walk, term, len(vocabulary))
    assert [algebra.after(term, vocabulary[i]) for i in ids.tolist()] == terms.tolist()


def test_long_tokens() -> None:
    """Tokens of tens and of hundreds of characters are counted as exactly as short ones."""
    vocabulary = [b" " * size for size in (1, 31, 32, 33, 34, 64, 254)] + [b" " * 40 + b"!", b"! " * 20]
    for extra in ([], [b" " * 300]):  # of so many characters a vocabulary is not split
        algebra = automata.Algebra()
        walk = walk_of(algebra, vocabulary + extra)
        space = algebra.characters([(0x20, 0x20), (0x80, 0x10FFFF)])
        for high in (0, 1, 31, 32, 33, 40, 41, 63, 64, 253, 254, 299, 300):
            term = algebra.concat([algebra.repeat(space, 0, high), algebra.choice([b"", b"!"])])
            expected = [
                i for i, token in enumerate(vocabulary + extra)
                if len(token.rstrip(b"!")) <= high and token.rstrip(b"!").strip() == b""
            ]  # fmt: skip
            assert filled(walk, term, len(vocabulary + extra)) == expected


def test_batches_and_threads() -> None:
    """A batch gives the masks one by one would, in any number of threads, from several callers at once."""
    vocabulary = [bytes([first, second]) for first in range(97, 123) for second in (*range(97, 123), 34, 44)]
    alone, shared = automata.Algebra(), automata.Algebra()

    def terms(algebra: Algebra) -> list[Term]:
        letters = algebra.characters([(0x61, 0x7A)])
        return [
            algebra.concat([algebra.repeat(letters, low, low + 3), algebra.choice([b'"', b", "])]) for low in range(40)
        ]

    walk = walk_of(alone, vocabulary)
    expected = [filled(walk, term, len(vocabulary)) for term in terms(alone)]
    walk = walk_of(shared, vocabulary)
    shared_terms = terms(shared)

    def batch(num_threads: int) -> None:
        outs = [np.zeros((len(vocabulary) + 31) // 32, dtype=np.uint32) for _ in shared_terms]
        assert list(walk.fill_many(shared_terms, outs, num_threads)) == [len(ids) for ids in expected]
        bits = [np.flatnonzero(np.unpackbits(out.view(np.uint8), bitorder="little")).tolist() for out in outs]
        assert bits == expected

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(batch, [1, 2, 4, 8, 1, 3]))


def test_an_empty_vocabulary_and_the_empty_language() -> None:
    """No tokens, no bits; EMPTY allows nothing; and an algebra lives as long as its walk."""
    walk = walk_of(automata.Algebra(), [b"", b""])
    assert filled(walk, EMPTY, 2) == []
    algebra = automata.Algebra()
    term = algebra.repeat(algebra.characters(CLASSES[0]), 0, None)
    walk = walk_of(algebra, [b"", b"a", b"a"])
    del algebra
    assert filled(walk, EMPTY, 3) == []
    assert filled(walk, term, 3) == [1, 2]


def test_what_is_no_trie_is_refused() -> None:
    """Arrays that do not fit each other, masks of another size and strange terms are errors, not crashes."""
    trie = Trie.of(Vocabulary.from_tokens([b"ab", b"a", b"c"]))
    for name, array in trie.arrays.items():
        shifted = array[1:] if name == "octets" else array + 1  # any bytes are bytes
        for broken in (array[:-1], shifted, array.astype(np.int64)):
            with pytest.raises(ValueError, match=r"trie|array"):
                native.PackedTrie(**{**trie.arrays, name: broken}, size=1 if name == "tokens" else 3)
    walk = walk_of(automata.Algebra(), [b"ab", b"a", b"c"])
    with pytest.raises(ValueError, match="1 words"):
        walk.fill(EMPTY, np.zeros(2, dtype=np.uint32))
    with pytest.raises(ValueError, match="no term"):
        walk.fill(1000, np.zeros(1, dtype=np.uint32))
    with pytest.raises(TypeError):
        native.Walk(ReferenceAlgebra(), packed([b"a"]))


def test_a_budget_ends_a_walk() -> None:
    """Where the algebra has no room for the states of a mask, the walk ends in BudgetExceeded, alone and in a batch."""
    algebra = automata.Algebra(max_terms=30)
    walk = walk_of(algebra, [b"a" * 100])
    term = algebra.repeat(algebra.octets([(97, 97)]), 0, 100)  # no further than a token reaches
    out = np.zeros(1, dtype=np.uint32)
    with pytest.raises(BudgetExceeded, match="terms"):
        walk.fill(term, out)
    with pytest.raises(BudgetExceeded, match="terms"):
        walk.fill_many([EMPTY, term], [out, out.copy()], 2)


@cache
def real_tokens() -> list[bytes]:
    with np.load(REAL) as file:
        data, ends = file["data"].tobytes(), np.cumsum(file["lengths"].astype(np.int64)).tolist()
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def patterns(algebra: Algebra) -> dict[str, Term]:
    """Terms as they come up in practice, wide and narrow, and bytes to go on with."""
    text, digit = algebra.characters(CLASSES[0]), algebra.characters([(0x30, 0x39)])
    letter = algebra.characters([(0x61, 0x7A)])
    user = algebra.characters([(0x2B, 0x2B), (0x2D, 0x2E), (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
    word = algebra.characters([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0x24F), (0x400, 0x481)])
    escape = algebra.concat([algebra.choice([b"\\"]), algebra.octets([(0x22, 0x22), (0x2F, 0x2F), (0x5C, 0x5C)])])
    string = algebra.alternate([algebra.characters(CLASSES[2]), escape])
    words = algebra.concat([algebra.repeat(letter, 1, 12), algebra.choice([b", "])])
    return {
        "date": algebra.concat([algebra.repeat(digit, 4, 4), algebra.choice([b"-"]), algebra.repeat(digit, 2, 2)]),
        "text": algebra.repeat(text, 0, 40),
        "mail": algebra.concat([algebra.repeat(user, 1, None), algebra.choice([b"@"]), algebra.repeat(user, 1, None)]),
        "json": algebra.concat([algebra.repeat(string, 2, 30), algebra.choice([b'"}', b'",'])]),
        "list": algebra.concat([algebra.repeat(words, 0, 20), algebra.repeat(letter, 1, 12)]),
        "word": algebra.concat([algebra.repeat(word, 3, None), algebra.repeat(algebra.choice([b" ", b"."]), 0, 1)]),
        "find": algebra.concat([algebra.repeat(text, 0, None), algebra.choice([b"the", b"fun"])]),
    }


@pytest.mark.skipif(not REAL.exists(), reason="the real vocabularies are not beside this checkout")
@pytest.mark.parametrize("name", ["date", "text", "mail", "json", "list", "word", "find"])
def test_real_tokens(name: str) -> None:
    """On real tokens the split mask is the plain one, and on a slice of them what the reference allows."""
    slice_ = real_tokens()[::97] + real_tokens()[:256]
    reference, compiled = ReferenceAlgebra(), automata.Algebra()
    expected, term = patterns(reference)[name], patterns(compiled)[name]
    walk, plain = walk_of(compiled, slice_), walk_of(compiled, slice_, is_split=False)
    whole, whole_plain = walk_of(compiled, real_tokens()), walk_of(compiled, real_tokens(), is_split=False)
    for byte in (None, *{"date": b"2024-1", "list": b"the, fun, "}.get(name, b"the fun")):
        if byte is not None:
            expected, term = reference.derive(expected, byte), compiled.after(term, bytes([byte]))
        ids = allowed(reference, expected, slice_)
        assert filled(walk, term, len(slice_)) == filled(plain, term, len(slice_)) == ids
        assert filled(whole, term, len(real_tokens())) == filled(whole_plain, term, len(real_tokens()))
