"""Any transformers ``LogitsProcessor`` as a stage.

Foreign code may count its own calls or keep state between them; nothing can be promised about it under
speculation, so a foreign stage says that it is foreign, and runs on its own request's rows alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.logits.history import on_device


class Processor(Protocol):
    """What transformers calls a LogitsProcessor."""

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor: ...


@dataclass(frozen=True, slots=True, eq=False)
class ForeignStage:
    """Call `processor` with ``[1, length]`` ids and ``[1, vocab]`` scores for each row.

    It stands behind our masks and penalties and before temperature, where transformers puts a caller's processors.
    """

    phase: ClassVar[Phase] = Phase.ADJUST
    is_foreign: ClassVar[bool] = True
    processor: Processor

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        rows = [self._row(logits[row : row + 1], step) for row, step in enumerate(steps)]
        return torch.cat(rows)

    def _row(self, logits: Logits, step: Step) -> Logits:
        # A copy: what is handed out may be written to.
        return self.processor(on_device(step.context.ids.copy(), logits.device).unsqueeze(0), logits)
