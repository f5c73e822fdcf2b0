"""Min-p: ids at least `p` times as likely as the best one survive."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from llmpost.logits.column import PerRow, column, pick, spread
from llmpost.logits.mass import UNITS
from llmpost.logits.truncation import Ranked, Truncation


@dataclass(frozen=True, slots=True)
class MinP(Truncation):
    """Keep an id whose logit is within ``-log(p)`` of the best; 0 keeps all.

    >>> MinP(0.5).apply(torch.tensor([[0.0, 2.0, 1.5]]), [Step(Context.of([1]))])
    tensor([[  -inf, 2.0000, 1.5000]])
    """

    p: PerRow[float] = 0.0

    def active(self, rows: int) -> tuple[bool, ...]:
        return tuple(p > 0.0 for p in spread(self.p, rows))

    def cut(self, ranked: Ranked) -> torch.Tensor:
        margins = column(self.p, ranked.values.dtype, ranked.values.device, _margin)
        return ranked.kept & (ranked.values >= ranked.values[:, :1] + margins)

    def floor(self, mass: torch.Tensor, vocab: int) -> torch.Tensor:
        """Half of what a surviving id weighs at least, less a unit: the other half and the unit are for rounding."""
        return column(self.p, torch.float64, mass.device) * (UNITS / 2) - 1.0

    def of_rows(self, rows: Sequence[int]) -> MinP:
        return MinP(pick(self.p, rows))


def _margin(p: float) -> float:
    return math.log(p) if p > 0.0 else -math.inf
