"""Minimum length: the end ids are masked until the output has enough tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits, TokenId
from llmpost.logits.column import PerRow, spread
from llmpost.logits.history import flat_index


@dataclass(frozen=True, slots=True)
class MinLength:
    """Mask `end_ids` while the output is shorter than `tokens`.

    >>> MinLength(1, frozenset({2})).apply(torch.zeros(1, 3), [Step(Context.of([0]))])
    tensor([[0., 0., -inf]])
    """

    phase: ClassVar[Phase] = Phase.MASK
    tokens: PerRow[int] = 0
    end_ids: PerRow[frozenset[TokenId]] = frozenset()

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        limits = zip(steps, spread(self.tokens, len(steps)), spread(self.end_ids, len(steps)), strict=True)
        banned = [sorted(ends) if step.context.position < tokens else [] for step, tokens, ends in limits]
        if any(banned):
            index = flat_index(logits, [np.array(ids, dtype=np.int64) for ids in banned])
            logits.view(-1).index_fill_(0, index, -torch.inf)
        return logits
