"""Within: which tokens of a state leave room for its end, where what a text remembers may stand in the way of one.

To plan behind every token would cost more than a text is worth. So what leaves room many times over is allowed, and
else the token alone that the state's own plan begins with: masks are early here. It knows states and their plans.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from llmpost.automata.algebra import Term
from llmpost.constraints.json_schema.plan import fewest_tokens
from llmpost.constraints.mask import Mask, packed_bits
from llmpost.constraints.reach import Reach
from llmpost.contracts.tokens import TokenId

CAUTION = 4
"""So many times the tokens that a term needs are plenty for a text that may not write again what it has written."""


class Planning(Protocol):
    """A state that has a plan of its own."""

    reach: Reach
    term: Term

    @property
    def can_end(self) -> bool: ...

    def plan(self) -> bytes | None: ...


def mask_of_plan(state: Planning, mask: Mask, tokens_left: int) -> Mask | None:
    """Of the mask, what is left with so many tokens; None where there is no plan to go by."""
    first = _first_of(state)
    if first is None:
        return None
    reach = state.reach
    left, size = tokens_left - 1 - reach.tokens.num_for_end, reach.tokens.size
    ids, terms = reach.followers(state.term)
    plenty = [one for one in np.unique(terms).tolist() if left > 0 and reach.is_near(one, left // CAUTION)]
    ends = list(reach.tokens.end_ids) if state.can_end and tokens_left > 0 else []
    kept = packed_bits(ids[np.isin(terms, plenty)], size)
    kept |= packed_bits(np.array([*ends, *(first if left >= 0 else ())], dtype=np.int64), size)
    kept &= mask.packed
    return Mask(kept, int(np.unpackbits(kept.view(np.uint8)).sum()), size)


def _first_of(state: Planning) -> tuple[TokenId, ...] | None:
    """The token that the plan begins with, in the fewest; none where it has come to its end."""
    plan, tokens = state.plan(), state.reach.tokens
    fewest = None if plan is None else fewest_tokens(tokens, plan)
    if plan is None or fewest is None or fewest[0] is None:
        return None
    end = next((end for end in tokens.ends_in(plan) if fewest[end] == fewest[0] - 1), 0)
    token = tokens.vocabulary.token_id(plan[:end])
    return () if token is None else (token,)
