"""What the driver needs of sampling: something that draws one token for each row of a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from llmpost.contracts.laps import Laps
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import LogitsStage, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import LlmpostError


class RowSampler(Protocol):
    """Draws for a batch of rows whose chains are fixed."""

    def draw(self, logits: Logits, steps: Sequence[Step], laps: Laps) -> Sequence[Pick | LlmpostError]:
        """One token for each row, or the error that this row alone ends with. Takes ownership of `logits`."""


MakeSampler: TypeAlias = Callable[[Sequence[LogitsStage]], RowSampler]
"""From the chain of each row to a sampler for that batch."""
