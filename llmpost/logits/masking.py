"""Masks on rows of logits: -inf wherever a mask forbids, and every other bit as it was.

On the host each mask takes the cheapest of three ways, by how much it allows, prepared once and kept for the next row
that has it; an accelerator is sent the packed bits and unpacks them itself. Knows nothing of where masks come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from llmpost.contracts.constraint import Bits, TokenMask
from llmpost.contracts.tokens import Logits, TokenIds
from llmpost.logits.history import on_device

# Measured on 131,072 ids: gather, fill and scatter take 11 µs for a few ids and 21 for 4,000; a ban takes 2 for a few
# and 10 for 4,000; two passes over the bits take 29 for any mask, masked_fill_ 100 to 475. Adding a row of 0 and -inf
# takes 15, but leaves NaN where a mask forbids it.
_FEW = 1 / 32
_MINUS_INFINITY = int(np.array(-np.inf, dtype=np.float32).view(np.int32))


def mask_rows(logits: Logits, masks: Mapping[int, TokenMask]) -> Logits:
    """The same rows, those named in `masks` overwritten: whatever stood at a forbidden id, NaN too, is -inf.

    Ids beyond the end of a mask are forbidden.
    """
    if logits.device.type == "cpu" and logits.dtype == torch.float32:
        for row, mask in masks.items():
            _way_of(_Same(mask), logits.shape[1]).apply(logits[row])
    elif masks:
        _mask_from_bits(logits, masks)
    return logits


def _mask_from_bits(logits: Logits, masks: Mapping[int, TokenMask]) -> None:
    """All rows at once: one copy of packed bits, without waiting, and the same few operations for any mask."""
    width = logits.shape[1]
    words = on_device(_stacked([mask.packed for mask in masks.values()], -(-width // 32)), logits.device)
    is_banned = (words.unsqueeze(2) >> _shifts(logits.device)).bitwise_and_(1).flatten(1)[:, :width] == 0
    rows = on_device(np.array(list(masks), dtype=np.int64), logits.device)
    logits.index_copy_(0, rows, logits.index_select(0, rows).masked_fill_(is_banned, -torch.inf))


def _stacked(masks: Sequence[Bits], num_words: int) -> npt.NDArray[np.int32]:
    words = np.zeros((len(masks), num_words), dtype=np.uint32)
    for row, packed in zip(words, masks, strict=True):
        row[: len(packed)] = packed[:num_words]
    return words.view(np.int32)  # torch shifts no unsigned words; the sign's copies are cut off


@lru_cache(maxsize=16)
def _shifts(device: torch.device) -> torch.Tensor:
    return torch.arange(32, dtype=torch.int32, device=device)


class _Way(Protocol):
    """A mask made ready for float32 rows of one width, in the host's memory."""

    def apply(self, row: torch.Tensor) -> None:
        """Overwrite a row ``[vocab]``."""


@dataclass(frozen=True, slots=True)
class _KeepFew:
    """Take out what is allowed, fill, put it back."""

    allowed: torch.Tensor

    def apply(self, row: torch.Tensor) -> None:
        kept = row.gather(0, self.allowed)
        row.fill_(-torch.inf).scatter_(0, self.allowed, kept)


@dataclass(frozen=True, slots=True)
class _BanFew:
    """Overwrite what is forbidden."""

    banned: torch.Tensor

    def apply(self, row: torch.Tensor) -> None:
        row.index_fill_(0, self.banned, -torch.inf)


@dataclass(frozen=True, slots=True)
class _Overwrite:
    """Clear all bits of what is forbidden, then set those of -inf; NaN and the sign of a zero are bits like others."""

    keep: torch.Tensor
    fill: torch.Tensor

    def apply(self, row: torch.Tensor) -> None:
        row.view(torch.int32).bitwise_and_(self.keep).bitwise_or_(self.fill)


class _Same:
    """A mask as a key: itself and no other."""

    __slots__ = ("mask",)

    def __init__(self, mask: TokenMask) -> None:
        self.mask = mask

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.mask is other.mask

    def __hash__(self) -> int:
        return id(self.mask)


@lru_cache(maxsize=64)  # at 131,072 ids a way takes 1 MiB at most
def _way_of(key: _Same, width: int) -> _Way:
    mask, few = key.mask, int(width * _FEW)
    if mask.count <= few:
        return _KeepFew(_index(mask.ids()[: np.searchsorted(mask.ids(), width)]))
    allowed = np.zeros(width, dtype=np.bool_)
    own = mask.to_bool()[:width]
    allowed[: len(own)] = own
    if width - np.count_nonzero(allowed) <= few:
        return _BanFew(_index(np.flatnonzero(~allowed)))
    keep = torch.from_numpy(allowed.view(np.int8)).to(torch.int32).neg_()
    return _Overwrite(keep, keep.bitwise_not().bitwise_and_(_MINUS_INFINITY))


def _index(ids: TokenIds) -> torch.Tensor:
    return torch.from_numpy(np.array(ids, dtype=np.int64))
