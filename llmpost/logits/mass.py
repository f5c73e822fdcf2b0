"""Probability mass in fixed point, so that the order of a sum cannot matter.

The mass of a logit is ``exp(logit - top)`` in units of 2**-43 as an integer. Integers add up to the same number
in any order, batch shape or device, so the pruned and the full way of finding a nucleus agree to the last bit.
2**43 units leave room for 2**20 ids in an int64. Knows nothing of rows that were cut; callers mask.
"""

from __future__ import annotations

import torch

UNITS = 2.0**43
_CHUNK = 1 << 18  # elements turned to integers at a time: a chunk stays in the cache, a whole batch does not


def masses(values: torch.Tensor, top: torch.Tensor) -> torch.Tensor:
    """The mass of each value, int64; `top` (``[rows, 1]``) is the row's largest value. -inf has no mass."""
    return (values - top).exp_().mul_(UNITS).long()


def whole_mass(logits: torch.Tensor, scale: torch.Tensor | None, top: torch.Tensor) -> torch.Tensor:
    """The mass of each whole row of ``logits / scale``, ``[rows, 1]``; `top` is the largest scaled value."""
    rows, vocab = logits.shape
    if rows == 1 or logits.device.type != "cpu" or rows * vocab <= _CHUNK:
        scaled = logits - top if scale is None else (logits / scale).sub_(top)
        return scaled.exp_().mul_(UNITS).long().sum(1, keepdim=True)
    scales = [None] * rows if scale is None else scale.expand(rows, 1)
    each = zip(logits, scales, top, strict=True)
    return torch.cat([whole_mass(row[None], None if own is None else own[None], best[None]) for row, own, best in each])
