"""Presence penalty, as in OpenAI's interface: a constant off the logit of every id that was seen at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.logits.column import PerRow, spread
from llmpost.logits.history import Window, flat_index, for_each_id, windows_of


@dataclass(frozen=True, slots=True)
class PresencePenalty:
    """Subtract `amount` from seen ids; by default only the output counts.

    >>> PresencePenalty(1.0).apply(torch.tensor([[4.0, 4.0]]), [Step(Context.of([0], [1, 1]))])
    tensor([[4., 3.]])
    """

    phase: ClassVar[Phase] = Phase.ADJUST
    amount: PerRow[float] = 0.0
    window: PerRow[Window] = Window(with_prompt=False)

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        is_active = [amount != 0.0 for amount in spread(self.amount, len(steps))]
        seen = windows_of(steps, self.window, is_active)
        index, flat = flat_index(logits, seen), logits.view(-1)
        # An id seen twice is written twice, with the same number.
        flat.scatter_(0, index, flat.gather(0, index) - for_each_id(self.amount, seen, logits))
        return logits
