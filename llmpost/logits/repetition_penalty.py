"""Repetition penalty (Keskar et al., 2019): the logits of ids seen before are made smaller by a factor.

As in transformers a positive logit is divided and a negative one multiplied, and the prompt counts as seen unless
the window says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.logits.column import PerRow, spread
from llmpost.logits.history import Window, flat_index, for_each_id, windows_of


@dataclass(frozen=True, slots=True)
class RepetitionPenalty:
    """Divide the positive and multiply the negative logits of seen ids; 1 changes nothing.

    >>> RepetitionPenalty(2.0).apply(torch.tensor([[4.0, -1.0, 3.0]]), [Step(Context.of([0, 1]))])
    tensor([[ 2., -2.,  3.]])
    """

    phase: ClassVar[Phase] = Phase.ADJUST
    factor: PerRow[float] = 1.0
    window: PerRow[Window] = Window()

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        is_active = [factor != 1.0 for factor in spread(self.factor, len(steps))]
        seen = windows_of(steps, self.window, is_active)
        index, flat = flat_index(logits, seen), logits.view(-1)
        factor = for_each_id(self.factor, seen, logits)
        values = flat.gather(0, index)
        # An id seen twice is written twice, with the same number.
        flat.scatter_(0, index, torch.where(values < 0, values * factor, values / factor))
        return logits
