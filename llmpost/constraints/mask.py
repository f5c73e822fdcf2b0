"""Mask: the tokens that a state allows, one bit each, packed and shared.

It knows how bits are laid out and nothing of languages. The walk fills the bits, the store keeps the mask, and
whoever applies it to logits reads it as bits, as bools or as ids: whatever is cheapest for how full it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from llmpost.contracts.constraint import Bits
from llmpost.contracts.tokens import TokenId


class Mask:
    """A `TokenMask`. The bits are given away when it is made: from then on nobody writes to them.

    >>> mask = Mask.of([0, 33], size=40)
    >>> mask.packed.tolist(), mask.count, mask.allows(33), mask.allows(34), mask.ids().tolist()
    ([1, 2], 2, True, False, [0, 33])
    """

    __slots__ = ("_size", "_words", "count", "packed")

    def __init__(self, packed: Bits, count: int, size: int) -> None:
        packed.setflags(write=False)
        self.packed = packed
        self.count = count
        self._size = size
        self._words = packed.data

    @classmethod
    def of(cls, ids: Iterable[TokenId], size: int) -> Mask:
        """The mask of these ids, each given once."""
        listed = np.fromiter(ids, dtype=np.int64)
        return cls(packed_bits(listed, size), len(listed), size)

    @classmethod
    def counted(cls, packed: Bits, size: int) -> Mask:
        """The mask of these bits."""
        return cls(packed, int(np.unpackbits(packed.view(np.uint8)).sum()), size)

    def allows(self, token: TokenId) -> bool:
        return 0 <= token < self._size and self._words[token >> 5] >> (token & 31) & 1 == 1

    def within(self, other: Mask) -> Mask:
        """What both allow."""
        return Mask.counted(self.packed & other.packed, self._size)

    def ids(self) -> npt.NDArray[np.int64]:
        return np.flatnonzero(self.to_bool())

    def to_bool(self) -> npt.NDArray[np.bool_]:
        octets = self.packed.astype("<u4", copy=False).view(np.uint8)
        return np.unpackbits(octets, count=self._size, bitorder="little").view(np.bool_)

    def __eq__(self, other: object) -> bool:
        return bool(np.array_equal(self.packed, other.packed)) if isinstance(other, Mask) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.packed.tobytes())

    def __repr__(self) -> str:
        return f"Mask({self.count} of {self._size} tokens)"


def unwritten_bits(size: int) -> Bits:
    """Room for one mask, for who writes all of it."""
    return np.empty((size + 31) // 32, dtype=np.uint32)


def empty_bits(size: int) -> Bits:
    """Room for one mask: all bits are off."""
    return np.zeros((size + 31) // 32, dtype=np.uint32)


def packed_bits(ids: npt.NDArray[np.integer[Any]], size: int) -> Bits:
    """The bits of these ids."""
    is_set = np.zeros((size + 31) // 32 * 32, dtype=np.bool_)
    is_set[ids] = True
    return np.packbits(is_set, bitorder="little").view("<u4").astype(np.uint32, copy=False)
