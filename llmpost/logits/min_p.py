"""Min-p: ids at least `p` times as likely as the best one survive."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from llmpost.logits.column import PerRow, column, pick, spread
from llmpost.logits.truncation import Ranked, Truncation


@dataclass(frozen=True, slots=True)
class MinP(Truncation):
    """Keep an id whose logit is within ``-log(p)`` of the best; 0 keeps all.

    >>> MinP(0.5).apply(torch.tensor([[0.0, 2.0, 1.5]]), [Step(Context.of([1]))])
    tensor([[-inf, 2.0000, 1.5000]])
    """

    p: PerRow[float] = 0.0

    def active(self, rows: int) -> tuple[bool, ...]:
        return tuple(p > 0.0 for p in spread(self.p, rows))

    def cut(self, ranked: Ranked) -> torch.Tensor:
        ps = self.p if isinstance(self.p, tuple) else (self.p,)
        margins = column(tuple(math.log(p) if p > 0.0 else -math.inf for p in ps), ranked.values)
        return ranked.kept & (ranked.values >= ranked.values[:, :1] + margins)

    def floor(self, mass: torch.Tensor, vocab: int) -> torch.Tensor:
        """Half of what a surviving id weighs at least: the other half is for rounding."""
        best = torch.full_like(mass, 1 << 43, dtype=torch.float64)
        return best * column(self.p, best) / 2

    def of_rows(self, rows: Sequence[int]) -> MinP:
        return MinP(pick(self.p, rows))
