"""Barred: a state of a constraint with some of its tokens taken away, because they led into dead ends.

Everything else is the state's own: what follows an allowed token is what followed it before. It knows nothing of how
the dead ends were found; `trail` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from llmpost.contracts.constraint import Bits, ConstraintState, TokenMask
from llmpost.contracts.tokens import TokenId, TokenIds
from llmpost.errors import TokenRejected


@dataclass(frozen=True, slots=True, eq=False)
class BarredMask:
    """A mask without some of its tokens."""

    packed: Bits
    count: int
    size: int

    @classmethod
    def of(cls, mask: TokenMask, barred: frozenset[TokenId]) -> Self:
        is_allowed = mask.to_bool().copy()
        is_allowed[list(barred)] = False
        padded = np.pad(is_allowed, (0, -len(is_allowed) % 32))
        packed = np.packbits(padded, bitorder="little").view(np.uint32)
        packed.flags.writeable = False
        return cls(packed, int(np.count_nonzero(is_allowed)), len(is_allowed))

    def allows(self, token: TokenId) -> bool:
        return 0 <= token < self.size and bool(self.packed[token // 32] >> np.uint32(token % 32) & np.uint32(1))

    def ids(self) -> TokenIds:
        return np.flatnonzero(self.to_bool())

    def to_bool(self) -> npt.NDArray[np.bool_]:
        return np.unpackbits(self.packed.view(np.uint8), count=self.size, bitorder="little").astype(np.bool_)


@dataclass(frozen=True, slots=True)
class Barred:
    """`state`, but for the tokens that are barred. Its mask is at hand."""

    state: ConstraintState
    barred: frozenset[TokenId]
    left: BarredMask
    has_mask: bool = True
    is_mask_dear: bool = False

    @classmethod
    def of(cls, state: ConstraintState, barred: frozenset[TokenId]) -> Self:
        return cls(state, barred, BarredMask.of(state.mask(), barred))

    @property
    def can_end(self) -> bool:
        return self.state.can_end

    @property
    def is_finished(self) -> bool:
        return self.state.is_finished

    @property
    def tokens_needed(self) -> int:
        return self.state.tokens_needed

    def can_end_within(self, tokens_left: int) -> bool:
        return self.state.can_end_within(tokens_left)

    def mask(self, tokens_left: int | None = None) -> TokenMask:
        return self.left if tokens_left is None else BarredMask.of(self.state.mask(tokens_left), self.barred)

    @staticmethod
    def masks_of(
        states: Sequence[Barred], num_threads: int = 1, tokens_left: Sequence[int | None] = ()
    ) -> list[TokenMask]:
        return [state.mask(left) for state, left in zip(states, tokens_left or [None] * len(states), strict=True)]

    def allows(self, token: TokenId, tokens_left: int | None = None) -> bool:
        return self.left.allows(token) and (tokens_left is None or self.state.allows(token, tokens_left))

    def advance(self, token: TokenId) -> Any:
        if token in self.barred:
            hint = "This state is still valid: take a token of its mask."
            raise TokenRejected("advance", f"token id {token}", "allowed here: it led into a dead end", hint)
        return self.state.advance(token)

    def forced(self) -> tuple[TokenId, ...]:
        forced = self.state.forced()
        return () if forced and forced[0] in self.barred else forced
