"""The best ids of a row in descending order, without sorting the row.

Order is total: by value, and among equal values the higher id first (the order in which transformers' nucleus
keeps ties). The maximum of each block of 64 neighbours is found at the speed of memory; the n best values lie in
the n best blocks, so only those are looked into. Knows nothing of probabilities.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import torch

from llmpost.contracts.tokens import Logits

BLOCK = 64
_SMALL_VOCABULARY = 4096  # below this a look at the whole row costs no more than the two levels
_ID_BITS = 32
_ID_MASK = (1 << _ID_BITS) - 1
NOBODY = -1
"""In place of an id: nobody, or nobody that is certain."""


class Blocks:
    """The rows cut into blocks, with the maximum of each.

    ``logits`` must not change while this is in use. NaN anywhere makes ``top`` NaN.
    """

    __slots__ = ("_index", "_logits", "maxima", "top", "vocab")

    def __init__(self, logits: Logits) -> None:
        rows, vocab = logits.shape
        whole = vocab // BLOCK
        parts = [logits[:, : whole * BLOCK].reshape(rows, whole, BLOCK).amax(2)] if whole else []
        if vocab % BLOCK:
            parts.append(logits[:, whole * BLOCK :].amax(1, keepdim=True))
        self.vocab = vocab
        self._logits = logits
        self.maxima = parts[0] if len(parts) == 1 else torch.cat(parts, 1)
        """The largest value of each block, ``[rows, blocks]``."""
        self._index: torch.Tensor | None = None
        self.top = self.maxima.amax(1)
        """The largest value of each row."""

    def of_rows(self, index: torch.Tensor) -> Blocks:
        """Some of the rows; none is looked at again."""
        some = object.__new__(Blocks)
        some.vocab, some._logits = self.vocab, self._logits
        some.maxima, some.top = self.maxima.index_select(0, index), self.top.index_select(0, index)
        some._index = index if self._index is None else self._index.index_select(0, index)
        return some

    def rows(self) -> Logits:
        """The rows themselves; not to be written."""
        return self._logits if self._index is None else self._logits.index_select(0, self._index)

    def parts(self, is_wanted: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """For each row values and ids, both ``[1, n]``, ids ascending, of the blocks that are wanted (bool, as
        `maxima`); of all blocks where most are wanted, or none. On the host: an accelerator would be waited for."""
        rows = range(len(self.top)) if self._index is None else self._index.tolist()
        for row, wanted, count in zip(rows, is_wanted, is_wanted.sum(1).tolist(), strict=True):
            values, ids = self._logits[row : row + 1], all_ids(self.vocab, self._logits.device)
            if 0 < 2 * count <= len(wanted):
                ids = _ids_in(wanted.nonzero().view(1, -1))
                ids = ids.masked_select(ids < self.vocab).unsqueeze(0)
                values = values.gather(1, ids)
            yield values, ids

    def best(self) -> torch.Tensor:
        """The arg-max of each row, the lowest id among equals."""
        values, ids = self._look_into(self.maxima.argmax(1, keepdim=True))
        return ids.gather(1, values.argmax(1, keepdim=True)).squeeze(1)

    def leaders(self, count: int) -> torch.Tensor:
        """The `count` best ids of each row in descending order, the lowest id first among equals (as :meth:`best`);
        :data:`NOBODY` for masked ids but the first, and from where a block that was not looked into may hold an equal.
        """
        if count == 1:
            return self.best().unsqueeze(1)
        is_whole = self.vocab <= max(_SMALL_VOCABULARY, count)
        maxima = self.maxima.topk(1 if is_whole else min(count, self.maxima.shape[1]))
        values, ids = self.candidates(count) if is_whole else self._look_into(maxima.indices)
        border = -torch.inf if is_whole or maxima.indices.shape[1] == self.maxima.shape[1] else maxima.values[:, -1:]
        values, mirrored = rank(values, self.vocab - 1 - ids, count)
        return torch.where(values > border, self.vocab - 1 - mirrored, NOBODY)

    def candidates(self, width: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Values and ids among which the `width` best values of each row are, both ``[rows, n]``, in no order.

        Which of several values equal to the smallest of the best are there is not stated. An id may come twice, but
        then once with -inf.
        """
        if self.vocab <= max(_SMALL_VOCABULARY, width):
            rows = self.rows()
            return rows, all_ids(self.vocab, rows.device).expand_as(rows)
        num_blocks = min(width, self.maxima.shape[1])
        return self._look_into(self.maxima.topk(num_blocks, dim=1, sorted=False).indices)

    def _look_into(self, blocks: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        ids = _ids_in(blocks)
        if self.vocab % BLOCK == 0:
            return self._values_at(ids), ids
        beyond = ids >= self.vocab
        ids = ids.clamp_(max=self.vocab - 1)
        return self._values_at(ids).masked_fill_(beyond, -torch.inf), ids

    def _values_at(self, ids: torch.Tensor) -> torch.Tensor:
        if self._index is None:
            return self._logits.gather(1, ids)
        return self._logits.take(ids + (self._index * self.vocab).unsqueeze(1))


def _ids_in(blocks: torch.Tensor) -> torch.Tensor:
    return torch.add(all_ids(BLOCK, blocks.device), blocks.unsqueeze(2), alpha=BLOCK).flatten(1)


def rank(values: torch.Tensor, ids: torch.Tensor, best: int | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    """`values` (float32) and `ids`, each row in descending order, the total order of this module; the `best` alone."""
    keys = _rank_keys(values, ids)
    if best is not None and best < keys.shape[1]:
        places = keys.topk(best, dim=1).indices
    elif keys.device.type == "cpu" and keys.numel() > 4096:
        return _read_keys(_sorted_on_host(keys))
    else:
        places = keys.sort(dim=1, descending=True).indices
    return values.gather(1, places), ids.gather(1, places)


def _rank_keys(values: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """One integer for each pair, ordered as the pairs are: IEEE bits made monotone above, the id below."""
    bits = (values + 0.0).view(torch.int32)  # + 0.0 turns a negative zero into a zero: they are equal
    return _monotone(bits).long().bitwise_left_shift_(_ID_BITS).bitwise_or_(ids)


def _monotone(bits: torch.Tensor) -> torch.Tensor:
    """Between the bits of a float and an integer that is ordered as the float is; its own inverse."""
    return (bits >> 31).bitwise_and_(0x7FFFFFFF).bitwise_xor_(bits)


def _sorted_on_host(keys: torch.Tensor) -> torch.Tensor:
    """Descending. NumPy sorts integers faster than torch does on a CPU (measured: 1.5 times)."""
    keys = keys.contiguous()
    keys.numpy().sort(axis=1)
    return keys.flip(1)


def _read_keys(keys: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The pairs again: cheaper than two gathers over a long row."""
    return _monotone((keys >> _ID_BITS).to(torch.int32)).view(torch.float32), keys & _ID_MASK


@lru_cache(maxsize=16)
def all_ids(vocab: int, device: torch.device) -> torch.Tensor:
    """0, 1, 2, … as ``[1, vocab]``; not to be written."""
    return torch.arange(vocab, device=device).unsqueeze(0)
