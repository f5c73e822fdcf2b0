"""Walks read what is deferred on their way, in any thread; and what reading raises comes out of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from llmpost.automata.algebra import Algebra, Term
from llmpost.vocabulary import Vocabulary
from llmpost.vocabulary.trie import Trie

automata = pytest.importorskip("llmpost.automata._native", reason="the compiled twin is not built here")
native = pytest.importorskip("llmpost.constraints._native", reason="the compiled twin is not built here")

TOKENS = [b"[", b"]", b"x", b"[x", b"x]", b"[[", b"[x]", b"[[x]]", b"y", b"[[["]


def packed() -> native.PackedTrie:
    trie = Trie.of(Vocabulary.from_tokens(TOKENS))
    return native.PackedTrie(**trie.arrays, size=trie.size)


def nested(algebra: Algebra, read: list[int]) -> Term:
    """x in brackets, each level a term of its own that is read apart."""

    def level(depth: int) -> Term:
        def body() -> Term:
            read.append(depth)
            inner = [algebra.choice([b"x"]), algebra.concat([algebra.choice([b"["]), level(depth + 1), close])]
            return algebra.alternate(inner)

        return algebra.deferred(body)

    close = algebra.choice([b"]"])
    return level(0)


def allowed(out: np.ndarray) -> set[bytes]:
    ids = np.flatnonzero(np.unpackbits(out.view(np.uint8), bitorder="little"))
    return {TOKENS[token] for token in ids.tolist()}


def test_a_walk_reads_as_deep_as_tokens_reach() -> None:
    """The mask is whole at once, and no level is read that no token has come to."""
    algebra, read = automata.Algebra(), list[int]()
    walk, out = native.Walk(algebra, packed()), np.zeros(1, dtype=np.uint32)
    term = nested(algebra, read)
    walk.key(term)
    assert read == []
    assert walk.fill(term, out) == 7
    assert allowed(out) == {b"[", b"x", b"[x", b"[[", b"[x]", b"[[x]]", b"[[["}
    assert read == [0, 1, 2]
    ids, ends = walk.ends_of(algebra.after(term, b"[[["))
    assert {TOKENS[token] for token in ids.tolist()} == {b"[", b"x", b"[x", b"x]", b"[[", b"[x]", b"[[x]]", b"[[["}
    assert all(algebra.is_live(end) for end in ends.tolist())


@pytest.mark.parametrize("num_threads", [1, 4])
def test_threads_of_a_batch_read(num_threads: int) -> None:
    """Also threads that the walk itself started, several batches at once: all find the one mask."""
    for _ in range(10):
        algebra, read = automata.Algebra(), list[int]()
        walk, term = native.Walk(algebra, packed()), nested(algebra, read)

        def batch(_number: int, walk: native.Walk = walk, term: Term = term) -> list[set[bytes]]:
            outs = [np.zeros(1, dtype=np.uint32) for _ in range(8)]
            walk.fill_many([term] * 8, outs, num_threads)
            return [allowed(out) for out in outs]

        with ThreadPoolExecutor(3) as threads:
            masks = [mask for masks in threads.map(batch, range(3)) for mask in masks]
        assert masks == [{b"[", b"x", b"[x", b"[[", b"[x]", b"[[x]]", b"[[["}] * 24


def test_what_reading_raises_comes_out_of_the_walk() -> None:
    """From `fill`, a batch, and `ends_of`, as it was raised; and what could be read is there afterwards."""
    algebra = automata.Algebra()
    walk, out = native.Walk(algebra, packed()), np.zeros(1, dtype=np.uint32)
    problems = [LookupError("once"), LookupError("twice"), LookupError("three times")]

    def read() -> Term:
        if problems:
            raise problems.pop(0)
        return algebra.choice([b"x", b"[x"])

    term = algebra.deferred(read)
    with pytest.raises(LookupError, match="once") as raised:
        walk.fill(term, out)
    assert raised.traceback[-1].name == "read"
    with pytest.raises(LookupError, match="twice"):
        walk.fill_many([term], [out], 2)
    with pytest.raises(LookupError, match="three"):
        walk.ends_of(term)
    assert walk.fill(term, out) == 3
    assert allowed(out) == {b"x", b"[", b"[x"}
