"""Temperature: logits divided by a positive number. Below 1 the distribution sharpens, above it flattens.

Temperature 0 is no temperature: a greedy request has no sampling stages at all, and the sampler takes the arg-max.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.logits.column import PerRow, column, pick


@dataclass(frozen=True, slots=True)
class Temperature:
    """Divide each row by its temperature.

    >>> Temperature(2.0).apply(torch.tensor([[2.0, 4.0]]), [Step(Context.of([1]))])
    tensor([[1., 2.]])
    """

    phase: ClassVar[Phase] = Phase.SCALE
    keeps_argmax: ClassVar[bool] = True
    value: PerRow[float] = 1.0

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        return self.scaled(logits)

    def scaled(self, values: torch.Tensor) -> torch.Tensor:
        divisor = self.divisor(values)
        return values if divisor is None else values / divisor

    def divisor(self, like: torch.Tensor) -> torch.Tensor | None:
        """None where it is 1 in all rows."""
        return None if self.value == 1.0 else column(self.value, like.dtype, like.device)

    def of_rows(self, rows: Sequence[int]) -> Temperature:
        return Temperature(pick(self.value, rows))
