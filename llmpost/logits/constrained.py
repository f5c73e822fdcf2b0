"""Constrained: full masks as a stage, the plain way to hold rows to their constraints.

The sampler masks what needs it by itself, and passes by what does not; this stage is for chains that run without it,
and in a chain it says that the row wants its full mask in this place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from llmpost.contracts.constraint import ConstraintState, TokenMask
from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import LlmpostError
from llmpost.logits.masking import mask_rows


@dataclass(frozen=True, slots=True)
class Constrained:
    """Mask what the state of a row's step forbids; a step without one is free.

    >>> Constrained().apply(torch.zeros(1, 3), [Step(Context.of([0]), constraint=OneOf([(1,)]).start())])
    tensor([[-inf, 0., -inf]])
    """

    phase: ClassVar[Phase] = Phase.MASK

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        states = {row: step.constraint for row, step in enumerate(steps) if step.constraint is not None}
        return mask_rows(logits, {row: state.mask() for row, state in states.items()})


def masks_of(states: Mapping[int, ConstraintState]) -> tuple[dict[int, TokenMask], dict[int, LlmpostError]]:
    """The mask of each row that has one, and the errors of rows whose mask cannot be found."""
    masks: dict[int, TokenMask] = {}
    failures: dict[int, LlmpostError] = {}
    for row, state in states.items():
        try:
            masks[row] = state.mask()
        except LlmpostError as error:
            failures[row] = error
    return masks, failures
