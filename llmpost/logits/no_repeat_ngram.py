"""No repeated n-gram: an id that would complete an n-gram the context already holds is masked.

Prompt and output both count, as in transformers. The search is one pass of array comparisons over the context.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits, TokenIds
from llmpost.logits.column import PerRow, spread
from llmpost.logits.history import flat_index


@dataclass(frozen=True, slots=True)
class NoRepeatNgram:
    """Mask ids that would repeat an n-gram of `size` tokens; 0 masks nothing.

    >>> NoRepeatNgram(2).apply(torch.zeros(1, 3), [Step(Context.of([0, 2, 0]))])
    tensor([[0., 0., -inf]])
    """

    phase: ClassVar[Phase] = Phase.MASK
    size: PerRow[int] = 0

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        sizes = spread(self.size, len(steps))
        banned = [_completions(step.context.ids, size) for step, size in zip(steps, sizes, strict=True)]
        logits.view(-1).index_fill_(0, flat_index(logits, banned), -torch.inf)
        return logits


def _completions(ids: TokenIds, size: int) -> TokenIds:
    """The ids that followed the context's last ``size - 1`` tokens wherever those stood before."""
    starts = len(ids) - size + 1  # how many n-grams the context holds
    if size == 0 or starts <= 0:
        return ids[:0]
    matches = np.ones(starts, dtype=bool)
    for offset in range(size - 1):
        matches &= ids[offset : offset + starts] == ids[starts + offset]
    completions: TokenIds = ids[size - 1 :][matches]
    return completions
