"""Forced tokens: at given positions of the output only one id is allowed.

A forced start is positions 0, 1, …; a forced last token is the position before the cap. A forced id that an
earlier stage has masked leaves the row empty, and an empty row is an error: two rules contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import torch

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits, TokenId
from llmpost.logits.column import PerRow, spread


class Forced:
    """Position of the output → the id it must have. Compares by content."""

    __slots__ = ("_by_position",)

    def __init__(self, by_position: Mapping[int, TokenId] | None = None) -> None:
        self._by_position = dict(by_position or {})

    @classmethod
    def start(cls, tokens: Sequence[TokenId]) -> Forced:
        """The output begins with these tokens."""
        return cls(dict(enumerate(tokens)))

    def at(self, position: int) -> TokenId | None:
        return self._by_position.get(position)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Forced) and self._by_position == other._by_position

    def __hash__(self) -> int:
        return hash(frozenset(self._by_position.items()))

    def __repr__(self) -> str:
        return f"Forced({self._by_position})"


@dataclass(frozen=True, slots=True)
class ForcedTokens:
    """Mask every id but the forced one where one is forced.

    >>> ForcedTokens(Forced.start([1])).apply(torch.zeros(1, 3), [Step(Context.of([0]))])
    tensor([[-inf, 0., -inf]])
    """

    phase: ClassVar[Phase] = Phase.MASK
    forced: PerRow[Forced] = field(default_factory=Forced)

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        for row, (forced, step) in enumerate(zip(spread(self.forced, len(steps)), steps, strict=True)):
            token = forced.at(step.context.position)
            if token is not None:
                logits[row, :token].fill_(-torch.inf)
                logits[row, token + 1 :].fill_(-torch.inf)
        return logits
