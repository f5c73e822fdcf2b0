"""PlannedJsonState: a state of a language that can run short of what was not written before.

It wants several items that differ, or members whatever their keys: then what a text remembers may stand in the way of
the shortest end, and how far an end is tells a plan. To plan behind every token would cost more than a text is worth:
what leaves room many times over is allowed, and else the token alone that the state's own plan begins with.
"""

from __future__ import annotations

import numpy as np

from llmpost.automata.algebra import BudgetExceeded
from llmpost.constraints.json_schema.plan import fewest_tokens, planned_text
from llmpost.constraints.json_schema.state import JsonState
from llmpost.constraints.mask import Mask, packed_bits
from llmpost.constraints.reach import out_of_budget
from llmpost.contracts.tokens import TokenId

CAUTION = 4
"""So many times the tokens that a term needs are plenty."""


class PlannedJsonState(JsonState):
    """Masks are early here, where few tokens are left."""

    __slots__ = ()

    def mask(self, tokens_left: int | None = None) -> Mask:
        if tokens_left is not None and tokens_left < self.cell.enough * CAUTION:
            return self._mask_within(tokens_left)
        return super().mask()

    def allows(self, token: TokenId, tokens_left: int | None = None) -> bool:
        if tokens_left is not None and tokens_left < self.cell.enough * CAUTION:
            return self.mask(tokens_left).allows(token)
        return super().allows(token)

    def can_end_within(self, tokens_left: int) -> bool:
        return self.tokens_needed <= tokens_left

    def tokens_to_end(self) -> int:
        plan = None if self.cell is self.recall.dead_end else self.plan()
        number = None if plan is None else fewest_tokens(self.reach.tokens, plan)[0]
        return super().tokens_to_end() if number is None else number

    def plan(self) -> bytes | None:
        """A text that ends it; None where the way that seems shortest comes to a dead end."""
        return planned_text(self.recall.memory, self.term, self.cursor)

    def _mask_within(self, tokens_left: int) -> Mask:
        mask = self.mask()
        if not mask.count or tokens_left >= self.cell.enough * CAUTION:
            return mask
        try:
            first = self._first_of_plan()
            return self._within(mask, tokens_left) if first is None else self._kept(mask, first, tokens_left)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def _kept(self, mask: Mask, first: tuple[TokenId, ...], tokens_left: int) -> Mask:
        """Of the mask: what leaves plenty, the token of the plan, and the end."""
        reach, size = self.reach, self.reach.size
        left = tokens_left - 1 - reach.tokens.num_for_end
        ids, terms = reach.followers(self.term)
        plenty = [one for one in np.unique(terms).tolist() if left > 0 and reach.is_near(one, left // CAUTION)]
        ends = list(reach.tokens.end_ids) if self.can_end and tokens_left > 0 else []
        kept = packed_bits(ids[np.isin(terms, plenty)], size)
        kept |= packed_bits(np.array([*ends, *(first if left >= 0 else ())], dtype=np.int64), size)
        kept &= mask.packed
        return Mask.counted(kept, size)

    def _first_of_plan(self) -> tuple[TokenId, ...] | None:
        """The token that the plan begins with, in the fewest; none where it has come to its end. None: no plan."""
        plan, tokens = self.plan(), self.reach.tokens
        fewest = None if plan is None else fewest_tokens(tokens, plan)
        if plan is None or fewest is None or fewest[0] is None:
            return None
        end = next((end for end in tokens.ends_in(plan) if fewest[end] == fewest[0] - 1), 0)
        token = tokens.vocabulary.token_id(plan[:end])
        return () if token is None else (token,)
