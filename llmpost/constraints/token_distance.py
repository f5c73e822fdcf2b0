"""Distance over tokens: how many tokens are enough from a term to an end, by a way that can be followed.

What is said of a term is said once: one of its tokens leads to a term of which one less was said. Nearest in bytes goes
first: of all shortest texts the one that takes the fewest tokens counts. It knows terms, tokens and the walk; whether
an end id follows, and what a text remembers, is the states' business.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence

import numpy as np

from llmpost.automata.algebra import Algebra, BudgetExceeded, Term
from llmpost.constraints.tokens import Tokens
from llmpost.constraints.walk import Ints, Walk

NEAR = 32
"""Bytes to an end: from here on all shortest texts are looked at, however many there are."""
FEW_NODES = 4_096
"""Nodes that shortest texts may begin with where the end is further away; else one long token is taken."""
MAX_TERMS = 20_000
"""Looked at for one answer."""
MANY_TERMS = 2_000
"""On all shortest texts of one term; where there are more, members in any order say, one of them has to do."""
MAX_WALKS = 5_000
"""In a search over all tokens."""

_NOWHERE = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32))

Followers = Callable[[Term], tuple[Ints, Ints]]


class TokenDistance:
    """Remembers what was said. `followers`: every allowed token and where it leads, where bytes may be no tokens."""

    def __init__(self, walk: Walk, tokens: Tokens) -> None:
        self._walk = walk
        self._tokens = tokens
        self._known: dict[Term, int] = {}
        self._not_in_bytes: set[Term] = set()

    def of(self, term: Term, payer: Algebra, followers: Followers | None = None) -> int:
        """BudgetExceeded where no end is found in time. `followers` are asked where no shortest text can be spelled."""
        known = self._known.get(term)
        if known is None:
            self._along_shortest_texts(term, payer)
            if term in self._not_in_bytes and term not in self._known:
                self._over_all_tokens(term, payer, followers)
            known = self._known[term]
        return known

    def is_spelled(self, term: Term, payer: Algebra) -> bool:
        """Whether some shortest text of a live term is one of tokens."""
        if term not in self._known:
            self._along_shortest_texts(term, payer)
        return term in self._known

    def _along_shortest_texts(self, start: Term, payer: Algebra) -> None:
        """Depth first, each term once; the way only gets shorter, so no term comes before itself."""
        todo: list[tuple[Term, Sequence[Term] | None]] = [(start, None)]
        num_terms = 0
        while todo:
            term, behind = todo.pop()
            if term in self._known or term in self._not_in_bytes:
                continue
            if payer.can_end(term):
                self._known[term] = 0
            elif behind is None:
                num_terms += 1
                if num_terms > MANY_TERMS:
                    self._along_one_text(start, payer)
                    return
                behind = self._behind(term, payer)
                todo.append((term, behind))
                todo += [(one, None) for one in behind if one not in self._known]
            else:
                nearest = min((self._known.get(one, math.inf) for one in behind), default=math.inf)
                if nearest == math.inf:
                    self._not_in_bytes.add(term)
                else:
                    self._known[term] = int(nearest) + 1

    def _behind(self, term: Term, payer: Algebra) -> Sequence[Term]:
        """Where the tokens lead that shortest texts begin with."""
        length = payer.distance(term)
        if length is None:
            return ()
        num_nodes = self._tokens.trie.num_nodes
        found = self._walk.shortening(term, num_nodes if length <= NEAR else FEW_NODES, payer)
        if found is not None:
            behind: list[Term] = np.unique(found[1]).tolist()
            return behind
        return self._behind_one_token(term, length, payer)

    def _behind_one_token(self, term: Term, length: int, payer: Algebra) -> Sequence[Term]:
        """Where a long token leads that brings the end nearer; none where there is no such token."""
        ids, terms = self._walk.shortening(term, self._tokens.trie.num_nodes, payer) or _NOWHERE
        if not len(ids):
            return ()
        lengths = self._tokens.lengths[ids]
        meets = (length - lengths) % NEAR == 0  # where the ways from many places meet, so that few are looked at
        return [int(terms[np.where(meets, lengths + length, lengths).argmax()])]

    def _along_one_text(self, start: Term, payer: Algebra) -> None:
        way, term = [start], start
        while term not in self._known and not payer.can_end(term):
            behind = self._behind_one_token(term, payer.distance(term) or 0, payer)
            if not behind:
                self._not_in_bytes.add(start)
                return
            term = behind[0]
            way.append(term)
            if len(way) > MAX_TERMS:
                raise BudgetExceeded(f"{MAX_TERMS:,} tokens on the way to an end")
        number = self._known.setdefault(term, 0)
        for place, one in enumerate(reversed(way)):
            self._known.setdefault(one, number + place)

    def _over_all_tokens(self, start: Term, payer: Algebra, followers: Followers | None) -> None:
        """The fewest tokens whatever their text, as far as nothing was said before of what they lead to."""
        came_from: dict[Term, Term] = {start: start}
        steps = {start: 0}
        todo: list[tuple[int, int, Term]] = [(0, 0, start)]
        while todo and followers is not None:
            far, length, here = heapq.heappop(todo)
            if payer.can_end(here):
                self._known.setdefault(here, 0)
            if here in self._known and steps[here] + self._known[here] <= far:
                self._keep_way(here, came_from)
                return
            if here in self._known:
                heapq.heappush(todo, (steps[here] + self._known[here], length, here))
                continue
            if len(came_from) > MAX_WALKS:
                break
            for follower in np.unique(followers(here)[1]).tolist():
                if steps[here] + 1 < steps.get(follower, math.inf):
                    came_from[follower], steps[follower] = here, steps[here] + 1
                    length = payer.distance(follower) or 0
                    heapq.heappush(todo, (steps[follower] + -(-length // self._tokens.trie.longest), length, follower))
        raise BudgetExceeded(f"{MAX_WALKS:,} walks over the vocabulary")

    def _keep_way(self, end: Term, came_from: dict[Term, Term]) -> None:
        number, here = self._known[end], end
        while (before := came_from[here]) != here:
            number, here = number + 1, before
            self._known.setdefault(here, number)
