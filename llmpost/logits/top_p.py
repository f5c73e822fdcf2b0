"""Top-p, the nucleus: the fewest best ids whose mass reaches p survive. Among equals the higher id stays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch

from llmpost.logits.column import PerRow, column, pick, spread
from llmpost.logits.truncation import Ranked, Truncation


@dataclass(frozen=True, slots=True)
class TopP(Truncation):
    """Keep an id when the ids before it have less than `p` of the mass; 1 keeps all.

    >>> TopP(0.5).apply(torch.tensor([[0.0, 2.0, 0.1]]), [Step(Context.of([1]))])
    tensor([[-inf, 2., -inf]])
    """

    weighs: ClassVar[bool] = True
    splits_equals: ClassVar[bool] = True
    p: PerRow[float] = 1.0

    def active(self, rows: int) -> tuple[bool, ...]:
        return tuple(p < 1.0 for p in spread(self.p, rows))

    def cut(self, ranked: Ranked) -> torch.Tensor:
        before, total = ranked.masses()
        return ranked.kept & (before < total * column(self.p, torch.float64, before.device, _share))

    def floor(self, mass: torch.Tensor, vocab: int) -> torch.Tensor:
        """All ids lighter than this together weigh less than 1 - p, so each has more than p before it."""
        return mass * (1.0 - column(self.p, torch.float64, mass.device)) / vocab

    def of_rows(self, rows: Sequence[int]) -> TopP:
        return TopP(pick(self.p, rows))


def _share(p: float) -> float:
    """Where everything is kept, so is an id too unlikely to have any mass in fixed point."""
    return p if p < 1.0 else math.inf
