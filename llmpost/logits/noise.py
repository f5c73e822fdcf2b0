"""The randomness of sampling, as a pure function of (seed, candidate, position, token id).

Each id of a row has a waiting time of its own, exponential with rate 1, whoever asks and however many others are asked
for. An id with weight ``exp(logit)`` arrives after its waiting time over its weight, and the first to arrive is a draw
from the softmax over whichever ids survive. So a pruned, batched, lazily masked or drafted way of decoding chooses the
same token. Knows nothing of stages; the sampler runs the race.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch

from llmpost.contracts.stage import Step

# SplitMix64 (Steele, Lea, Flood 2014): the increment and the two multipliers of its finaliser.
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_ALL_BITS = (1 << 64) - 1


def noise_keys(steps: Sequence[Step]) -> torch.Tensor:
    """One int64 for each row, ``[rows, 1]``: which stream of noise the row draws from."""
    keys = [_mix(_stream(step.seed, step.candidate) + step.context.position * _GOLDEN) for step in steps]
    return torch.from_numpy(np.array(keys, dtype=np.uint64).view(np.int64)).unsqueeze(1)


def log_waits(keys: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """The logarithm of the waiting time of `ids` in the streams `keys`, float64, elementwise: no value depends on its
    neighbours. (Its negative is a standard Gumbel variable.)

    It is finite: the uniform variable behind it is the middle of one of 2**52 equal parts of the unit interval.
    """
    mixed = _mix_tensor(torch.add(keys, ids, alpha=_signed(_GOLDEN)))
    # The upper 52 bits of a signed number are from -2**51 to 2**51 - 1.
    uniform = mixed.bitwise_right_shift_(12).double().add_(2.0**51 + 0.5).mul_(2.0**-52)
    return uniform.log_().neg_().log_()


@lru_cache(maxsize=4096)
def _stream(seed: int, candidate: int) -> int:
    """Any integer is a seed; candidates of one seed have unrelated streams. Words of 64 bits are mixed in turn."""
    folded = 0
    while True:
        folded = _mix((folded ^ (seed & _ALL_BITS)) + _GOLDEN)  # the addend tells how many words there were
        seed >>= 64
        if seed in (0, -1):
            return _mix(_mix(folded ^ (seed & _ALL_BITS)) + candidate)


def _mix(value: int) -> int:
    value &= _ALL_BITS
    value = ((value ^ (value >> 30)) * _FIRST) & _ALL_BITS
    value = ((value ^ (value >> 27)) * _SECOND) & _ALL_BITS
    return value ^ (value >> 31)


def _mix_tensor(value: torch.Tensor) -> torch.Tensor:
    """:func:`_mix` of each element, in place."""
    value.bitwise_xor_(_shift_right(value, 30)).mul_(_signed(_FIRST))
    value.bitwise_xor_(_shift_right(value, 27)).mul_(_signed(_SECOND))
    return value.bitwise_xor_(_shift_right(value, 31))


def _shift_right(value: torch.Tensor, bits: int) -> torch.Tensor:
    """Logical shift: torch has no unsigned 64-bit arithmetic, so the copies of the sign bit are masked off."""
    return (value >> bits).bitwise_and_((1 << (64 - bits)) - 1)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
