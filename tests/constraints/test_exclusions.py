"""Masks of a loop but for some texts: corrected where those texts lie, they are what the plain walks say."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmpost.automata.algebra import ANYTHING, EMPTY, Algebra, Term
from llmpost.constraints.walk import NumpyWalk, SortedTrie
from llmpost.vocabulary import Vocabulary
from llmpost.vocabulary.trie import Trie

automata = pytest.importorskip("llmpost.automata._native", reason="the compiled twin is not built here")
native = pytest.importorskip("llmpost.constraints._native", reason="the compiled twin is not built here")

laws = settings(deadline=None, derandomize=True, max_examples=80, suppress_health_check=[HealthCheck.too_slow])

PIECES = [b"a", b"b", b"n", b"0", b'"', b"\\", b",", b":", b" ", b"\n", "é".encode(), "€".encode(), b"\xc3"]
IN_STRING = [(0x20, 0x21), (0x23, 0x5B), (0x5D, 0x10FFFF)]
NO_DIGITS = [(0x0A, 0x2F), (0x3A, 0x10FFFF)]

Spec: TypeAlias = tuple[Any, ...]
"""(the class, how often, what closes, the texts excluded, those with whatever follows, what comes then)"""

excluded = st.lists(st.lists(st.sampled_from(PIECES), max_size=4).map(b"".join), max_size=4)
counts = st.sampled_from([(0, None), (0, 3), (1, 40), (2, None)])
closings = st.sampled_from([b'"', b"", b"a", b'",'])
specs = st.tuples(st.sampled_from([IN_STRING, NO_DIGITS]), counts, closings, excluded, excluded, st.booleans())


@cache
def tokens() -> list[bytes]:
    """So many that a loop over a class is worth splitting."""
    return [b"".join(pieces) for length in (1, 2, 3) for pieces in product(PIECES, repeat=length)]


@cache
def trie() -> Trie:
    return Trie.of(Vocabulary.from_tokens(tokens()))


@cache
def nodes() -> tuple[native.PackedTrie, SortedTrie]:
    return native.PackedTrie(**trie().arrays, size=trie().size), SortedTrie.of(trie())


def without(spec: Spec, algebra: Algebra) -> Term:
    """Of the class so often and closed, but none of the excluded; and then a little more, or a string, or nothing."""
    ranges, count, closing, texts, beginnings, is_followed = spec
    escape = algebra.choice([b"\\" + byte for byte in (b'"', b"\\", b"n")])
    loop = algebra.repeat(algebra.alternate([algebra.characters(ranges), escape]), *count)
    longer = algebra.concat([algebra.choice(beginnings), ANYTHING]) if beginnings else EMPTY
    unwanted = algebra.alternate([algebra.choice(texts), longer])
    kept = algebra.intersect([algebra.concat([loop, algebra.choice([closing])]), algebra.complement(unwanted)])
    rest = algebra.concat(
        [algebra.choice([b":", b":\n", b"a", b"b0"]), algebra.repeat(algebra.characters(IN_STRING), 0, 9)]
    )
    return algebra.concat([algebra.watched(kept), rest]) if is_followed else kept


def filled(walk: Any, term: Term, *payer: Algebra) -> list[int]:
    out = np.full((len(tokens()) + 31) // 32, 0xFFFFFFFF, dtype=np.uint32)
    count = walk.fill(term, out, *payer)
    ids: list[int] = np.flatnonzero(np.unpackbits(out.view(np.uint8), bitorder="little")).tolist()
    assert len(ids) == count
    return ids


@laws
@given(parts=st.lists(specs, min_size=1, max_size=3), read=st.lists(st.sampled_from(PIECES), max_size=3).map(b"".join))
def test_a_corrected_mask_is_the_plain_one(parts: list[Spec], read: bytes) -> None:
    """Alone and beside others, at the start and further on, the masks of all walks are the same."""
    algebra = automata.Algebra()
    packed, levels = nodes()
    term = algebra.alternate([without(part, algebra) for part in parts])
    split, plain, slow = native.Walk(algebra, packed), native.Walk(algebra, packed, False), NumpyWalk(algebra, levels)
    for place in range(len(read) + 1):
        here = algebra.after(term, read[:place])
        expected = filled(slow, here, algebra)
        assert filled(plain, here) == expected
        assert filled(split, here) == expected
        assert filled(split, split.key(here)) == expected


@laws
@given(first=specs, second=specs)
def test_several_exclusions_at_once(first: Spec, second: Spec) -> None:
    """Two complements in one intersection, and an exclusion from what has one already, are corrected all the same."""
    algebra = automata.Algebra()
    packed, levels = nodes()
    inner, other = without(first, algebra), without(second, algebra)
    term = algebra.intersect([inner, algebra.complement(algebra.concat([other, ANYTHING]))])
    walk, slow = native.Walk(algebra, packed), NumpyWalk(algebra, levels)
    assert filled(walk, term) == filled(slow, term, algebra)


def keys_of_an_object(algebra: Algebra, names: list[bytes]) -> Term:
    """An object with these keys, each with a value that is deferred, and any other key."""
    character = algebra.alternate([algebra.characters(IN_STRING), algebra.choice([b'\\"', b"\\\\"])])
    string = algebra.concat([algebra.choice([b'"']), algebra.repeat(character, 0, None), algebra.choice([b'"'])])
    value = algebra.deferred(lambda: algebra.alternate([string, algebra.choice([b"0"])]))
    listed = algebra.choice([b'"' + name + b'"' for name in names])
    pairs = [algebra.concat([algebra.choice([b'"' + name + b'":']), value]) for name in names]
    other = algebra.watched(algebra.intersect([string, algebra.complement(listed)]))
    pairs.append(algebra.concat([other, algebra.choice([b":"]), value]))
    return algebra.concat([algebra.choice([b"{"]), algebra.alternate(pairs), algebra.choice([b"}"])])


def test_any_key_but_the_listed_ones() -> None:
    """Within the keys of an object, a listed one and any other, all walks agree; so they do in what is deferred."""
    names = [b"a", b"ab", b"ban", b"", b"\\\\0", "éa".encode(), *(b"n%d" % number for number in range(100))]
    algebra = automata.Algebra()
    packed, levels = nodes()
    term = keys_of_an_object(algebra, names)
    walk, slow = native.Walk(algebra, packed), NumpyWalk(algebra, levels)
    for text in (
        b"",
        b"{",
        b'{"',
        b'{"a',
        b'{"ab',
        b'{"ba',
        b'{"bb',
        b'{"ab":',
        b'{"ab":"0',
        b'{"n',
        b'{"n9"',
        b'{"\\',
    ):
        here = algebra.after(term, text)
        assert filled(walk, here) == filled(slow, here, algebra), text


def test_an_excluded_text_that_the_loop_goes_on_from() -> None:
    """Where the excluded text ends inside a token and what follows goes on, only the ways through it are lost."""
    algebra = automata.Algebra()
    packed, levels = nodes()
    letters = algebra.repeat(algebra.characters(NO_DIGITS), 0, None)
    kept = algebra.intersect([letters, algebra.complement(algebra.choice([b"a", b"b", b"n"]))])
    term = algebra.concat([kept, algebra.choice([b"0", b"00"])])
    walk, slow = native.Walk(algebra, packed), NumpyWalk(algebra, levels)
    allowed = {tokens()[token] for token in filled(walk, term)}
    assert {b"ab", b"ab0", b"0", b"a,0"} <= allowed
    assert not allowed & {b"a0", b"b0", b"n00"}
    assert filled(walk, term) == filled(slow, term, algebra)


def test_an_excluded_text_within_a_longer_one() -> None:
    """What may follow the shorter one, were it not excluded, is not allowed on the way to the longer one."""
    algebra = automata.Algebra()
    packed, levels = nodes()
    closed = algebra.concat([algebra.repeat(algebra.characters(NO_DIGITS), 0, None), algebra.choice([b"a"])])
    kept = algebra.intersect([closed, algebra.complement(algebra.choice([b"na", b"nabnnn"]))])
    term = algebra.after(algebra.concat([kept, algebra.choice([b"b0"])]), b"n")
    walk, slow = native.Walk(algebra, packed), NumpyWalk(algebra, levels)
    allowed = {tokens()[token] for token in filled(walk, term)}
    assert {b"ab", b"abn", b"aba", b"baa"} <= allowed
    assert b"ab0" not in allowed
    assert filled(walk, term) == filled(slow, term, algebra)


def test_counters_before_what_is_deferred_share_a_key() -> None:
    """In a long string, closed and followed by values that are deferred or have intersections, places far from the
    bound are one key, also in the middle of an escape, and watched or not."""
    algebra = automata.Algebra()
    walk = native.Walk(algebra, nodes()[0])
    escape = algebra.concat([algebra.choice([b"\\u"]), algebra.repeat(algebra.octets([(48, 57)]), 4, 4)])
    body = algebra.repeat(algebra.alternate([algebra.characters(IN_STRING), escape]), 0, 2000)
    some = algebra.intersect([algebra.choice([b"a", b"b"]), algebra.complement(algebra.choice([b"b"]))])
    rest = algebra.concat([algebra.choice([b'"']), algebra.deferred(lambda: algebra.choice([b"0"])), some])
    term, watched = algebra.concat([body, rest]), algebra.concat([algebra.watched(body), rest])
    for end in (b"", b"\\", b"\\u00", b"\xe2\x82"):
        keys = {walk.key(algebra.after(which, b"a" * n + end)) for which in (term, watched) for n in range(0, 1900, 50)}
        assert len(keys) == 1
    assert len({walk.key(algebra.after(term, b"a" * n)) for n in range(1995, 2001)}) > 1
