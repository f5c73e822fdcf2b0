"""The walk: which tokens keep a language alive, found by following a trie and an automaton together.

:class:`NumpyWalk` is the definition, the fallback and the oracle of the compiled twin (`_native.c`); both have the
members of :class:`Walk`. It knows terms, bytes and token ids, and the account that pays for what is found anew; it does
not know that a text can end, what a completion costs in tokens, or who keeps the masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.mask import packed_bits
from llmpost.contracts.constraint import Bits
from llmpost.vocabulary.trie import Trie

Ints: TypeAlias = npt.NDArray[np.int32]

UNKNOWN, DEAD = -1, 0
FAR = 1 << 28
"""Bytes: further than any end."""


class Walk(Protocol):
    """What both walks can do. All members may be called from several threads. `payer`: an account of their algebra."""

    def fill(self, term: Term, out: Bits, payer: Any) -> int:
        """Set exactly the bits of the ids whose bytes lead from `term` to a live term; returns how many."""

    def fill_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, payers: Sequence[Any]
    ) -> Sequence[int]:
        """The same for several terms at once."""

    def ends_of(self, term: Term, payer: Any) -> tuple[Ints, Ints]:
        """Every id whose bytes lead to a live term, and that term."""

    def filled(self, term: Term, out: Bits, payer: Any) -> tuple[int, int]:
        """`fill`, and so many bytes that after any of the ids an end is no further away than that, where the term is
        its own key; FAR where that is not known."""

    def filled_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, payers: Sequence[Any]
    ) -> Sequence[tuple[int, int]]:
        """The same for several terms at once."""

    def shortening(self, term: Term, max_nodes: int, payer: Any) -> tuple[Ints, Ints] | None:
        """Every id that shortens the way to an end by all that it writes, and the term it leads to; None where more
        nodes of the trie would have to be looked at than that."""

    def key(self, term: Term, payer: Any) -> int:
        """Terms with equal keys have equal masks, and can end or cannot."""

    def left_out(self, term: Term) -> int:
        """So many bytes further than from its key an end may be from a term, at the most."""


@dataclass(frozen=True, slots=True, eq=False)
class SortedTrie:
    """A trie and its nodes level by level, children of a node side by side: `first_child` is a place in `by_level`."""

    trie: Trie
    by_level: Ints
    num_children: Ints
    first_child: Ints

    @classmethod
    def of(cls, trie: Trie) -> SortedTrie:
        by_level = np.argsort(trie.depths, kind="stable").astype(np.int32)
        num_children = np.bincount(trie.parents[1:], minlength=trie.num_nodes).astype(np.int32)
        first_child = np.empty_like(num_children)
        in_order = num_children[by_level]
        first_child[by_level] = 1 + np.cumsum(in_order) - in_order
        return cls(trie, by_level, num_children, first_child)


class NumpyWalk:
    """One level of the trie after the other, for all live nodes of the level at once."""

    def __init__(self, algebra: Algebra, nodes: SortedTrie) -> None:
        self._trie = nodes.trie
        self._nodes = nodes
        self._rows = _Rows()
        self._lock = Lock()

    def fill(self, term: Term, out: Bits, payer: Algebra) -> int:
        ids, _ = self.ends_of(term, payer)
        out[:] = packed_bits(ids, self._trie.size)
        return len(ids)

    def fill_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, payers: Sequence[Algebra]
    ) -> Sequence[int]:
        return [self.fill(*one) for one in zip(terms, outs, payers, strict=True)]

    def ends_of(self, term: Term, payer: Algebra) -> tuple[Ints, Ints]:
        with self._lock:
            nodes, slots = self._live_nodes(self._rows.slot_of(term), payer)
            terms = self._rows.terms_at(slots)
        first = self._trie.first_token[nodes]
        num_ids = self._trie.first_token[nodes + 1] - first
        return self._trie.tokens[_runs(first, num_ids)], np.repeat(terms, num_ids)

    def filled(self, term: Term, out: Bits, payer: Algebra) -> tuple[int, int]:
        ids, terms = self.ends_of(term, payer)
        out[:] = packed_bits(ids, self._trie.size)
        lengths = map(payer.at_most, np.unique(terms).tolist())
        return len(ids), max((FAR if length is None else length for length in lengths), default=0)

    def filled_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, payers: Sequence[Algebra]
    ) -> Sequence[tuple[int, int]]:
        return [self.filled(*one) for one in zip(terms, outs, payers, strict=True)]

    def shortening(self, term: Term, max_nodes: int, payer: Algebra) -> tuple[Ints, Ints] | None:
        trie, length = self._trie, payer.distance(term) or 0
        terms = {0: term}
        ids: list[int] = []
        reached: list[Term] = []
        node, end = 1, trie.num_nodes
        while node < end:
            follower = payer.derive(terms[int(trie.parents[node])], int(trie.octets[node]))
            left = payer.distance(follower) if payer.is_live(follower) else None
            if left is None or left > length - int(trie.depths[node]):
                node = int(trie.ends[node])
                continue
            max_nodes -= 1
            if max_nodes < 0:
                return None
            terms[node] = follower
            here = trie.ids_at(node).tolist()
            ids += here
            reached += [follower] * len(here)
            node += 1
        return np.array(ids, dtype=np.int32), np.array(reached, dtype=np.int32)

    def key(self, term: Term, payer: Algebra) -> int:
        return term

    def left_out(self, term: Term) -> int:
        return 0

    def _live_nodes(self, slot: int, payer: Algebra) -> tuple[Ints, Ints]:
        """The nodes below the root that are reached alive, and in which slots."""
        nodes, slots = np.zeros(1, dtype=np.int32), np.full(1, slot, dtype=np.int32)
        found = [(nodes[:0], slots[:0])]
        while len(nodes):
            num_children = self._nodes.num_children[nodes]
            reached = self._nodes.by_level[_runs(self._nodes.first_child[nodes], num_children)]
            followers = self._rows.follow(np.repeat(slots, num_children), self._trie.octets[reached], payer)
            is_live = followers != DEAD
            nodes, slots = reached[is_live], followers[is_live]
            found.append((nodes, slots))
        return np.concatenate([n for n, _ in found]), np.concatenate([s for _, s in found])


class _Rows:
    """Transitions as rows of 256 slots, filled when first asked for. A slot stands for a term; slot 0 is the dead."""

    def __init__(self) -> None:
        self._terms = [EMPTY]
        self._slots = {EMPTY: DEAD}
        self._table = np.full((16, 256), UNKNOWN, dtype=np.int32)

    def slot_of(self, term: Term) -> int:
        slot = self._slots.setdefault(term, len(self._terms))
        if slot == len(self._terms):
            self._terms.append(term)
            if slot == len(self._table):
                self._table = np.concatenate([self._table, np.full_like(self._table, UNKNOWN)])
        return slot

    def terms_at(self, slots: Ints) -> Ints:
        return np.array(self._terms, dtype=np.int32)[slots]

    def follow(self, slots: Ints, octets: npt.NDArray[np.uint8], payer: Algebra) -> Ints:
        """The slot one byte on, for each pair."""
        followers = self._table[slots, octets]
        is_unknown = followers == UNKNOWN
        if not is_unknown.any():
            return followers
        pairs = slots[is_unknown].astype(np.int64) << 8 | octets[is_unknown]
        for pair in np.unique(pairs).tolist():
            slot, octet = divmod(pair, 256)
            term = payer.derive(self._terms[slot], octet)
            follower = self.slot_of(term) if payer.is_live(term) else DEAD
            self._table[slot, octet] = follower
        return self._table[slots, octets]


def _runs(starts: Ints, lengths: Ints) -> npt.NDArray[np.int64]:
    """``[start, start + 1, …]`` of each length, one run after the other."""
    ends: npt.NDArray[np.int64] = np.cumsum(lengths, dtype=np.int64)
    places: npt.NDArray[np.int64] = np.arange(lengths.sum()) + np.repeat(starts - (ends - lengths), lengths)
    return places
