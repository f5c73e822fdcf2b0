"""Frequency penalty, as in OpenAI's interface: an amount off the logit of an id for each time it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.logits.column import PerRow, spread
from llmpost.logits.history import Window, flat_index, for_each_id, on_device, windows_of


@dataclass(frozen=True, slots=True)
class FrequencyPenalty:
    """Subtract `amount` times the number of occurrences; by default only the output counts.

    >>> FrequencyPenalty(1.0).apply(torch.tensor([[4.0, 4.0]]), [Step(Context.of([0], [1, 1]))])
    tensor([[4., 2.]])
    """

    phase: ClassVar[Phase] = Phase.ADJUST
    amount: PerRow[float] = 0.0
    window: PerRow[Window] = Window(with_prompt=False)

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        is_active = [amount != 0.0 for amount in spread(self.amount, len(steps))]
        counted = [np.unique(ids, return_counts=True) for ids in windows_of(steps, self.window, is_active)]
        seen = [ids for ids, _ in counted]
        counts = on_device(np.concatenate([counts for _, counts in counted]), logits.device)
        index, flat = flat_index(logits, seen), logits.view(-1)
        flat.scatter_(0, index, flat.gather(0, index) - for_each_id(self.amount, seen, logits) * counts)
        return logits
