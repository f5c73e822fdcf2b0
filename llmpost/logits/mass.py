"""Probability mass in fixed point, so that the order of a sum cannot matter.

The mass of a logit is ``exp(logit - top)`` in units of 2**-43 as an integer. Integers add up to the same number
in any order, batch shape or device, so the pruned and the full way of finding a nucleus agree to the last bit.
2**43 units leave room for 2**20 ids in an int64. Knows nothing of rows that were cut; callers mask.
"""

from __future__ import annotations

import torch

from llmpost.logits.ranking import Blocks

UNITS = 2.0**43
_LIGHT = -32.0  # what is so far below the top has no mass: exp(-32) is a ninth of a unit
_NARROW = 1 << 14  # so many ids are weighed at once; of more, what a row needs stays in the cache, a batch does not


def masses(values: torch.Tensor, top: torch.Tensor) -> torch.Tensor:
    """The mass of each value, int64; `top` (``[rows, 1]``) is the row's largest value. -inf has no mass."""
    return _weighed(values - top)


def whole_mass(blocks: Blocks, scale: torch.Tensor | None, top: torch.Tensor) -> torch.Tensor:
    """The mass of each whole row of ``logits / scale``, ``[rows, 1]``; `top` is the largest scaled value.

    On the host each wide row is weighed by itself, and only where something weighs: under a narrow mask that is next
    to nothing.
    """
    if top.device.type != "cpu" or len(top) * blocks.vocab <= _NARROW:
        return _weighed(_below_top(blocks.rows(), scale, top)).sum(1, keepdim=True)
    is_near = _below_top(blocks.maxima, scale, top) > _LIGHT
    scales = [None] * len(top) if scale is None else scale.flatten().expand(len(top))
    each = zip(blocks.parts(is_near), scales, top, strict=True)
    return torch.cat([_weighed(_below_top(near, own, best)).sum(1, keepdim=True) for (near, _), own, best in each])


def _below_top(values: torch.Tensor, scale: torch.Tensor | None, top: torch.Tensor) -> torch.Tensor:
    return values - top if scale is None else (values / scale).sub_(top)


def _weighed(below_top: torch.Tensor) -> torch.Tensor:
    """Clamped first: `exp` takes five times as long where nothing is left, and forty times where next to nothing is."""
    return below_top.clamp_(min=_LIGHT).exp_().mul_(UNITS).long()
