"""Liveness over tokens: whether some sequence of tokens, not only of bytes, leads from a term to an end.

Needed where a vocabulary cannot spell every byte that a language may ask for. It knows terms and the walk, and
nothing of masks or states; where every byte is a token nobody asks it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from llmpost.automata.algebra import Algebra, BudgetExceeded, Term
from llmpost.constraints.walk import Walk

MAX_WALKS = 20_000
"""Terms looked at in one search: a walk each."""
MAX_STEPS = 5_000
"""Terms looked at in the quick search by single bytes."""


class TokenLiveness:
    """A term is live when it can end, or a token leads to a live term. What was found out once is remembered."""

    def __init__(self, algebra: Algebra, walk: Walk, spelled: frozenset[int]) -> None:
        self._algebra = algebra
        self._walk = walk
        self._spelled = sorted(spelled)
        self._known: dict[Term, bool] = {}
        self._not_by_bytes: set[Term] = set()

    def is_live(self, term: Term) -> bool:
        """Two searches: by tokens that are single bytes, which is quick and mostly succeeds, then by all tokens."""
        if term not in self._known and not self._is_live_by_bytes(term):
            seen = self._search(term, self._by_token, MAX_WALKS)
            if not self._known.get(term):
                if len(seen) >= MAX_WALKS:
                    raise BudgetExceeded(f"{MAX_WALKS} walks")
                self._known |= dict.fromkeys(seen, False)  # all that was seen of a dead term is dead
        return self._known[term]

    def _is_live_by_bytes(self, term: Term) -> bool:
        if term not in self._not_by_bytes:
            seen = self._search(term, self._by_byte, MAX_STEPS)
            if not self._known.get(term):
                self._not_by_bytes |= seen if len(seen) < MAX_STEPS else {term}
        return self._known.get(term, False)

    def _search(self, term: Term, followers: Callable[[Term], Iterable[Term]], max_seen: int) -> set[Term]:
        """Nearest first until something is live, which makes the way to it live; returns what was seen.

        Depth first would not come back from a language that nests.
        """
        came_from = {term: term}
        todo = deque([term])
        while todo and len(came_from) < max_seen:
            here = todo.popleft()
            if self._is_known_live(here):
                self._known |= dict.fromkeys(_way(here, came_from), True)
                break
            news = [one for one in followers(here) if one not in came_from and self._known.get(one, True)]
            came_from |= dict.fromkeys(news, here)
            live = next(filter(self._is_known_live, news), None)
            todo.extend(news) if live is None else todo.appendleft(live)
        return set(came_from)

    def _is_known_live(self, term: Term) -> bool:
        return self._known.get(term, False) or self._algebra.can_end(term)

    def _by_token(self, term: Term) -> list[Term]:
        followers: list[Term] = np.unique(self._walk.ends_of(term)[1]).tolist()
        return followers

    def _by_byte(self, term: Term) -> Iterator[Term]:
        for octet in self._spelled:
            follower = self._algebra.derive(term, octet)
            if self._algebra.is_live(follower):
                yield follower


def _way(term: Term, came_from: Mapping[Term, Term]) -> Iterator[Term]:
    """From a term back to where the search began."""
    yield term
    while (before := came_from[term]) != term:
        yield before
        term = before
