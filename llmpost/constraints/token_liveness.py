"""Liveness over tokens: whether some sequence of tokens, not only of bytes, leads from a term to an end.

Needed where a vocabulary cannot spell every byte that a language may ask for. It knows terms and the walk, and
nothing of masks or states; where every byte is a token nobody asks it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import numpy as np

from llmpost.automata.algebra import Algebra, BudgetExceeded, Term
from llmpost.constraints.walk import Walk

MAX_WALKS = 20_000
"""Terms looked at in one search: a walk each."""
MAX_STEPS = 5_000
"""Terms looked at in the quick search by single bytes."""


class TokenLiveness:
    """A term is live when it can end, or a token leads to a live term. What was found out once is remembered."""

    def __init__(self, walk: Walk, spelled: frozenset[int]) -> None:
        self._walk = walk
        self._spelled = sorted(spelled)
        self._known: dict[Term, bool] = {}
        self._not_by_bytes: set[Term] = set()

    def is_live(self, term: Term, payer: Algebra, max_seconds: float) -> bool:
        """Two searches: by tokens that are single bytes, which is quick and mostly succeeds, then by all tokens."""
        if term not in self._known:
            search = _Search(self._known, payer, max_seconds)
            if not self._is_live_by_bytes(term, search):
                seen = search.run(term, partial(self._by_token, payer), MAX_WALKS)
                if not self._known.get(term):
                    if len(seen) >= MAX_WALKS:
                        raise BudgetExceeded(f"{MAX_WALKS:,} walks over the vocabulary")
                    self._known |= dict.fromkeys(seen, False)  # all that was seen of a dead term is dead
        return self._known[term]

    def _is_live_by_bytes(self, term: Term, search: _Search) -> bool:
        if term not in self._not_by_bytes:
            seen = search.run(term, partial(self._by_byte, search.payer), MAX_STEPS)
            if not self._known.get(term):
                self._not_by_bytes |= seen if len(seen) < MAX_STEPS else {term}
        return self._known.get(term, False)

    def _by_token(self, payer: Algebra, term: Term) -> list[Term]:
        followers: list[Term] = np.unique(self._walk.ends_of(term, payer)[1]).tolist()
        return followers

    def _by_byte(self, payer: Algebra, term: Term) -> Iterator[Term]:
        for octet in self._spelled:
            follower = payer.derive(term, octet)
            if payer.is_live(follower):
                yield follower


class _Search:
    """One search among what is known, which it adds to; it ends with the time it has."""

    def __init__(self, known: dict[Term, bool], payer: Algebra, max_seconds: float) -> None:
        self.payer = payer
        self._known = known
        self._max_seconds = max_seconds
        self._deadline = time.monotonic() + max_seconds

    def run(self, term: Term, followers: Callable[[Term], Iterable[Term]], max_seen: int) -> set[Term]:
        """Nearest first until something is live, which makes the way to it live; returns what was seen.

        Depth first would not come back from a language that nests.
        """
        came_from = {term: term}
        todo = deque([term])
        while todo and len(came_from) < max_seen:
            here = todo.popleft()
            if time.monotonic() > self._deadline:
                raise BudgetExceeded(f"{self._max_seconds:g} s of looking for tokens that end it")
            if self._is_known_live(here):
                self._known |= dict.fromkeys(_way(here, came_from), True)
                break
            news = [one for one in followers(here) if one not in came_from and self._known.get(one, True)]
            came_from |= dict.fromkeys(news, here)
            live = next(filter(self._is_known_live, news), None)
            todo.extend(news) if live is None else todo.appendleft(live)
        return set(came_from)

    def _is_known_live(self, term: Term) -> bool:
        return self._known.get(term, False) or self.payer.can_end(term)


def _way(term: Term, came_from: Mapping[Term, Term]) -> Iterator[Term]:
    """From a term back to where the search began."""
    yield term
    while (before := came_from[term]) != term:
        yield before
        term = before
