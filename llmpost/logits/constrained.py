"""Constrained: full masks as a stage, the plain way to hold rows to their constraints.

The sampler masks what needs it by itself, and passes by what does not; this stage is for chains that run without it,
and in a chain it says that the row wants its full mask in this place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

import torch

from llmpost.contracts.constraint import ConstraintState, TokenMask
from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import LlmpostError
from llmpost.logits.masking import mask_rows

_MASKS_A_THREAD = 16
"""To start a thread costs as much as five narrow masks (20 µs each); beside a busy core it comes milliseconds late; and
what is new to the automaton is found by one thread at a time."""


@dataclass(frozen=True, slots=True)
class Constrained:
    """Mask what the state of a row's step forbids; a step without one is free.

    >>> Constrained().apply(torch.zeros(1, 3), [Step(Context.of([0]), constraint=OneOf([(1,)]).start())])
    tensor([[-inf, 0., -inf]])
    """

    phase: ClassVar[Phase] = Phase.MASK

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        return mask_rows(
            logits,
            {
                row: step.constraint.mask(step.tokens_left)
                for row, step in enumerate(steps)
                if step.constraint is not None
            },
        )


def masks_of(steps: Mapping[int, Step]) -> tuple[dict[int, TokenMask], dict[int, LlmpostError]]:
    """The mask of each row that is held to something, and the errors of rows whose mask cannot be found."""
    states = {row: step.constraint for row, step in steps.items() if step.constraint is not None}
    left = {row: steps[row].tokens_left for row in states}
    masks = _made_together({row: state for row, state in states.items() if not state.has_mask}, left)
    failures: dict[int, LlmpostError] = {}
    for row, state in states.items():
        if row not in masks:
            try:
                masks[row] = state.mask(left[row])
            except LlmpostError as error:
                failures[row] = error
    return masks, failures


def _made_together(states: Mapping[int, ConstraintState], left: Mapping[int, int | None]) -> dict[int, TokenMask]:
    """The masks of several rows that have none at hand, one call for each class of states. Where one of them cannot
    be found there are none: asked one by one, the others have theirs."""
    masks: dict[int, TokenMask] = {}
    for kind in {type(state): None for state in states.values()}:
        rows = [row for row, state in states.items() if type(state) is kind]
        if len(rows) > 1:
            with suppress(LlmpostError):
                num_threads = min(1 + len(rows) // _MASKS_A_THREAD, torch.get_num_threads())
                made = kind.masks_of([states[row] for row in rows], num_threads, [left[row] for row in rows])
                masks |= zip(rows, made, strict=True)
    return masks
