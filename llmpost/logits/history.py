"""Which ids a penalty looks back at, for a whole batch at once.

A window says how much of a context counts; the batch's windows become one flat index into the logits, so that a
penalty is one gather and one scatter however many requests there are. Knows nothing of what is done there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context, Logits, TokenIds
from llmpost.logits.column import PerRow, column, spread


@dataclass(frozen=True, slots=True)
class Window:
    """Prompt and output, or output alone; the whole of it, or its last tokens.

    >>> Window(with_prompt=False).of(Context.of([1, 2], [3])).tolist()
    [3]
    """

    with_prompt: bool = True
    last: int | None = None

    def of(self, context: Context) -> TokenIds:
        ids = context.ids if self.with_prompt else context.output
        return ids if self.last is None or self.last >= len(ids) else ids[len(ids) - self.last :]


def flat_index(logits: Logits, ids_of_rows: Sequence[TokenIds]) -> torch.Tensor:
    """Where the rows' ids stand in ``logits.view(-1)``."""
    vocab = logits.shape[1]
    if len(ids_of_rows) == 1:
        flat = np.ascontiguousarray(ids_of_rows[0])
    else:
        flat = np.concatenate([ids + row * vocab for row, ids in enumerate(ids_of_rows)])
    return on_device(flat, logits.device)


def for_each_id(value: PerRow[float], ids_of_rows: Sequence[npt.NDArray[np.generic]], like: Logits) -> torch.Tensor:
    """The rows' parameter, once for each of their ids in the order of :func:`flat_index`, or once for all."""
    if not isinstance(value, tuple):
        return column(value, like.dtype, like.device)[0]
    values = np.repeat(np.array(value), [len(ids) for ids in ids_of_rows])
    return on_device(values, like.device).to(like.dtype)


def on_device(array: npt.NDArray[Any], device: torch.device) -> torch.Tensor:
    """The array as a tensor there, without waiting for the device."""
    return torch.from_numpy(array).to(device, non_blocking=True)


def windows_of(steps: Sequence[Step], windows: PerRow[Window], is_active: Sequence[bool]) -> list[TokenIds]:
    """The ids each row looks back at, with repetitions; none for a row whose penalty does nothing."""
    each = zip(steps, spread(windows, len(steps)), is_active, strict=True)
    return [window.of(step.context) if active else step.context.ids[:0] for step, window, active in each]
