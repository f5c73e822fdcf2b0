"""Within: which tokens of a state leave room for its plan, where what a text remembers may stand in the way of an end.

Tokens that lead to one term are asked together where the way from there writes nothing that could be there already;
else one by one, the first few of them and the one that the state's own plan begins with. It knows states and plans.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from llmpost.automata.algebra import Term
from llmpost.constraints.json_schema.memory import COMMA
from llmpost.constraints.json_schema.plan import fewest_tokens
from llmpost.constraints.mask import Mask
from llmpost.constraints.reach import Reach
from llmpost.contracts.tokens import TokenId

MAX_ASKED = 32
"""Tokens that lead to one term and are asked one by one: the others are kept back, early, for the end."""


class Planning(Protocol):
    """A state that has a plan of its own."""

    reach: Reach
    term: Term

    @property
    def can_end(self) -> bool: ...

    def plan(self) -> bytes | None: ...

    def is_border(self, term: Term) -> bool: ...

    def tokens_to_end(self) -> int: ...

    def advance(self, token: TokenId) -> Any: ...


class Within:
    """Of one state, with so many tokens left."""

    def __init__(self, state: Planning, mask: Mask, tokens_left: int) -> None:
        self._state = state
        self._mask = mask
        self._reach = state.reach
        self._left = tokens_left - 1 - state.reach.tokens.num_for_end
        self._has_room = tokens_left > 0

    def ids(self) -> list[TokenId]:
        """End ids are among them where the state can end."""
        found = list(self._reach.tokens.end_ids) if self._state.can_end and self._has_room else []
        if self._left < 0:
            return found
        ids, terms = self._reach.followers(self._state.term)
        first = self._first_of_plan()
        for term in np.unique(terms).tolist():
            found += self._near(term, ids[terms == term].tolist(), first)
        return found

    def _near(self, term: Term, ids: list[TokenId], first: TokenId | None) -> list[TokenId]:
        reach = self._reach
        allowed = [token for token in ids if self._mask.allows(token)]
        if not allowed or (reach.algebra.distance(term) or 0) > self._left * reach.tokens.trie.longest:
            return []
        if not any(COMMA in reach.texts[token] for token in allowed) and self._is_free(term):
            number = fewest_tokens(reach.tokens, reach.algebra.shortest(term))[0]
            return allowed if number is not None and number <= self._left else []
        asked = allowed[:MAX_ASKED]
        if first in allowed and first not in asked:
            asked.append(first)
        return [token for token in asked if self._tokens_behind(token) <= self._left]

    def _tokens_behind(self, token: TokenId) -> int:
        state: Planning = self._state.advance(token)
        return state.tokens_to_end()

    def _is_free(self, term: Term) -> bool:
        """Whether the way from there comes to no border."""
        return not self._state.is_border(term) and COMMA not in self._reach.algebra.shortest(term)

    def _first_of_plan(self) -> TokenId | None:
        plan, tokens = self._state.plan(), self._reach.tokens
        if not plan:
            return None
        fewest = fewest_tokens(tokens, plan)
        end = next((end for end in tokens.ends_in(plan) if fewest[end] == (fewest[0] or 0) - 1), None)
        return None if end is None else tokens.vocabulary.token_id(plan[:end])
