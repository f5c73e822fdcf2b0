"""Reach: what tokens do to the terms of one algebra: where they lead, what stays alive, and the mask of a term.

There are two: where tokens spell every byte of a language, what is alive over bytes is alive over tokens
(:class:`ByteReach`); elsewhere liveness is decided over tokens (:class:`TokenReach`). A reach knows terms and cells,
and of a request only the account that pays for it; states hold one and ask it what they do not have at hand.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from copy import copy
from threading import RLock
from typing import Self

import numpy as np

from llmpost.automata.algebra import EMPTY, BudgetExceeded, Term
from llmpost.constraints.budget import Budget, OverBudget
from llmpost.constraints.charged_algebra import ChargedAlgebra
from llmpost.constraints.gate import NOT_KNOWN
from llmpost.constraints.mask import Mask, empty_bits, packed_bits, unwritten_bits
from llmpost.constraints.near_end import NearEnd
from llmpost.constraints.store import Cell, MaskStore
from llmpost.constraints.token_distance import TokenDistance
from llmpost.constraints.token_liveness import TokenLiveness
from llmpost.constraints.tokens import Tokens
from llmpost.constraints.walk import FAR, Ints, NumpyWalk, Walk
from llmpost.contracts.constraint import Bits
from llmpost.errors import ConstraintError


class Reach(ABC):
    """Cells of all terms that were reached alive. All that texts of a generation find is shared, and only grows."""

    def __init__(self, algebra: ChargedAlgebra, walk: Walk, tokens: Tokens, store: MaskStore) -> None:
        self.algebra = algebra
        self.budget = Budget()
        self.walk = walk
        self.tokens = tokens
        self.store = store
        self.texts, self.size = tokens.texts, tokens.size  # one step away: for the hot path
        self.after = algebra.after
        self.has_dear_masks = isinstance(walk, NumpyWalk)
        """Whether a mask takes longer than to follow a hundred tokens: milliseconds, where the compiled walk takes ten
        to a few hundred microseconds."""
        self.cells: dict[Term, Cell] = {}
        self._by_key: dict[int, Cell] = {}
        self._lock = RLock()
        self._token_distance = TokenDistance(walk, tokens)
        self.near_end = NearEnd(store)
        self.finished = Cell(can_end=False)
        self.finished.mask = Mask(empty_bits(tokens.size), 0, tokens.size)

    def charged_to(self, budget: Budget) -> Self:
        """The same reach for one text, or for compiling: what it adds to the automata may not be more than this."""
        charged = copy(self)
        charged.budget = budget
        charged.algebra = self.algebra.account(budget.num_bytes, budget.max_seconds)
        charged.after = charged.algebra.after
        return charged

    @abstractmethod
    def is_live(self, term: Term) -> bool:
        """Whether some sequence of tokens leads from the term to an end."""

    @abstractmethod
    def fill(self, term: Term, out: Bits) -> tuple[int, int]:
        """Set exactly the bits of the tokens that lead to a live term; returns how many, and so many bytes that an end
        is no further away behind any of them, where the term is its own key."""

    @abstractmethod
    def fill_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, reaches: Sequence[Reach]
    ) -> Sequence[tuple[int, int]]:
        """The same for several terms, each charged to its own text."""

    @abstractmethod
    def followers(self, term: Term) -> tuple[Ints, Ints]:
        """Every token that is allowed and writes something, and the term it leads to."""

    @abstractmethod
    def key(self, term: Term) -> int:
        """Terms with equal keys share a cell."""

    def cell_of(self, term: Term) -> Cell | None:
        """The cell of a term, made when first asked for; None for a dead one."""
        if term == EMPTY:
            return None
        with self._lock:
            if term not in self.cells:
                try:
                    if not self.is_live(term):
                        return None
                    key = self.key(term)
                except BudgetExceeded as exceeded:
                    raise out_of_budget(exceeded) from None
                cell = self._by_key.setdefault(key, Cell(self.algebra.can_end(term)))
                cell.enough = cell.gate.add_term(0 if key == term else self.walk.left_out(term))
                self.cells[term] = cell  # last, as it is read without the lock
            return self.cells[term]

    def mask_of(self, term: Term, cell: Cell) -> Mask:
        """A mask that the store does not have, made and kept."""
        out = unwritten_bits(self.tokens.size)
        try:
            count, farthest = self.fill(term, out)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None
        return self._kept(cell, out, count, farthest)

    def masks_of(self, wanted: Sequence[tuple[Term, Cell, Reach]], num_threads: int) -> list[Mask]:
        """Several masks in one call, for cells that are all different, of texts of this generation."""
        outs = [unwritten_bits(self.tokens.size) for _ in wanted]
        terms, reaches = [term for term, _, _ in wanted], [reach for _, _, reach in wanted]
        try:
            filled = self.fill_many(terms, outs, num_threads, reaches)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None
        return [self._kept(cell, out, *found) for (_, cell, _), out, found in zip(wanted, outs, filled, strict=True)]

    @abstractmethod
    def tokens_to_end(self, term: Term) -> int:
        """So many tokens that write something are enough from a live term to an end; one of them leads to a term of
        which this is one less. BudgetExceeded where none are found in time."""

    @abstractmethod
    def is_surely_near(self, term: Term, num_tokens: int) -> bool:
        """Whether it is plain that so many tokens are enough to an end."""

    def is_near(self, term: Term, num_tokens: int) -> bool:
        """Whether so many tokens that write something are enough from a live term to an end."""
        return self._needed(term, num_tokens) <= num_tokens

    def _needed(self, term: Term, num_tokens: int) -> int:
        """No larger than `num_tokens` exactly where those are enough, and the same for all numbers between the two."""
        if self.is_surely_near(term, num_tokens):
            return self.algebra.at_most(term) or 0
        fewest = -(-(self.algebra.distance(term) or 0) // self.tokens.trie.longest) if num_tokens >= 0 else 0
        return fewest if fewest > num_tokens else self.tokens_to_end(term)

    def mask_within(self, term: Term, tokens_left: int) -> Mask | None:
        """The tokens after which `tokens_left - 1` are enough, the end id counted; None where that is all of them."""
        if self.near_end.is_enough(term, tokens_left):
            return None
        return self.near_end.mask(term, tokens_left) or self._mask_within(term, tokens_left)

    def lower_gate(self, term: Term, cell: Cell) -> None:
        """To what was found to be enough for the term: whoever stands there need not ask again."""
        with self._lock:
            cell.enough = cell.gate.found_enough(term, self.near_end.enough[term])

    def _mask_within(self, term: Term, tokens_left: int) -> Mask | None:
        ids, terms = self.followers(term)
        others = 1 + self.tokens.num_for_end
        left = tokens_left - others
        distinct, which = _distinct(terms)
        needed = np.fromiter((self._needed(one, left) for one in distinct), np.int64, len(distinct))
        is_near = needed <= left
        least = int(needed[is_near].max(initial=1 - others)) + others
        if tokens_left > 0 and is_near.all():
            self.near_end.found_enough(term, least)
            return None
        near = ids[is_near[which]]
        can_end = tokens_left > 0 and self.algebra.can_end(term)
        mask = self._mask_of(packed_bits(near, self.tokens.size), len(near), can_end)
        most = int(needed[~is_near].min(initial=NOT_KNOWN)) + others - 1
        return self.near_end.keep(term, least, most, mask) if tokens_left > 0 else mask

    def _kept(self, cell: Cell, out: Bits, count: int, farthest: int) -> Mask:
        with self._lock:
            cell.enough = cell.gate.found_farthest(farthest if farthest < FAR else NOT_KNOWN)
        return self.store.keep(cell, self._mask_of(out, count, cell.can_end))

    def _mask_of(self, out: Bits, count: int, can_end: bool) -> Mask:
        """The mask of so many tokens that a walk found, and of the ids that end a text where it can end."""
        if can_end:
            for token in self.tokens.end_ids:  # they write nothing: no walk sets them
                out[token >> 5] |= np.uint32(1 << (token & 31))
            count += len(self.tokens.end_ids)
        return Mask(out, count, self.tokens.size)


class ByteReach(Reach):
    """Every byte of the language is a token: the walk's answer is the answer."""

    def is_live(self, term: Term) -> bool:
        return self.algebra.is_live(term)

    def fill(self, term: Term, out: Bits) -> tuple[int, int]:
        return self.walk.filled(term, out, self.algebra)

    def fill_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, reaches: Sequence[Reach]
    ) -> Sequence[tuple[int, int]]:
        return self.walk.filled_many(terms, outs, num_threads, [reach.algebra for reach in reaches])

    def tokens_to_end(self, term: Term) -> int:
        with self._lock:
            return self._token_distance.of(term, self.algebra)

    def is_surely_near(self, term: Term, num_tokens: int) -> bool:
        """Each byte may be a token."""
        num_bytes = self.algebra.at_most(term)
        return num_bytes is not None and num_bytes <= num_tokens

    def followers(self, term: Term) -> tuple[Ints, Ints]:
        return self.walk.ends_of(term, self.algebra)

    def key(self, term: Term) -> int:
        return self.walk.key(term, self.algebra)


class TokenReach(Reach):
    """Some bytes are in no token, or only inside longer ones: of what the walk finds, what tokens can finish stays."""

    def __init__(self, algebra: ChargedAlgebra, walk: Walk, tokens: Tokens, store: MaskStore) -> None:
        super().__init__(algebra, walk, tokens, store)
        self.has_dear_masks = True  # each term that the walk finds is a question of its own
        self._liveness = TokenLiveness(walk, tokens.trie.spelled)

    def is_live(self, term: Term) -> bool:
        with self._lock:
            if not self.algebra.is_live(term):
                return False
            is_live = self._liveness.is_live
            return self._token_distance.is_spelled(term, self.algebra) or is_live(
                term, self.algebra, self.budget.max_seconds
            )

    def fill(self, term: Term, out: Bits) -> tuple[int, int]:
        ids, _ = self.followers(term)
        out[:] = packed_bits(ids, self.tokens.size)
        return len(ids), FAR

    def tokens_to_end(self, term: Term) -> int:
        with self._lock:
            return self._token_distance.of(term, self.algebra, self.followers)

    def is_surely_near(self, term: Term, num_tokens: int) -> bool:
        return False

    def fill_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, reaches: Sequence[Reach]
    ) -> Sequence[tuple[int, int]]:
        return [reach.fill(term, out) for term, out, reach in zip(terms, outs, reaches, strict=True)]

    def followers(self, term: Term) -> tuple[Ints, Ints]:
        ids, terms = self.walk.ends_of(term, self.algebra)
        distinct, which = np.unique(terms, return_inverse=True)
        is_live = np.array([self.is_live(follower) for follower in distinct.tolist()], dtype=np.bool_)[which]
        return ids[is_live], terms[is_live]

    def key(self, term: Term) -> int:
        return term  # a walk's key looks as far as one token; the way to an end may be longer


def _distinct(terms: Ints) -> tuple[list[Term], Ints]:
    """The terms, each once and in order, and for each of the given ones its place among them."""
    if not len(terms):
        return [], terms
    lowest = int(terms.min())
    places = np.zeros(int(terms.max()) - lowest + 1, dtype=np.int32)  # of a hundred thousand terms few are distinct
    places[terms - lowest] = 1
    distinct = np.flatnonzero(places)
    places[distinct] = np.arange(len(distinct))
    return (distinct + lowest).tolist(), places[terms - lowest]


def out_of_budget(exceeded: BudgetExceeded) -> ConstraintError:
    """The error for a language whose automaton outgrew what it may be."""
    return OverBudget(
        "constraint",
        f"a language that needs more than {exceeded}",
        "one that can be followed within the budget of a text",
        "Simplify it (fewer counted repeats inside each other, fewer look-arounds), or compile it with a larger "
        "max_bytes or max_seconds.",
    )
