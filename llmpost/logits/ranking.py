"""The best ids of a row in descending order, without sorting the row.

Order is total: by value, and among equal values the higher id first (the order in which transformers' nucleus
keeps ties). The maximum of each block of 64 neighbours is found at the speed of memory; the n best values lie in
the n best blocks, so only those are looked into. Knows nothing of probabilities.
"""

from __future__ import annotations

import torch

from llmpost.contracts.tokens import Logits

BLOCK = 64
_SMALL_VOCABULARY = 4096  # below this one top-k over the whole row costs no more than the two levels
_ID_BITS = 32
_ID_MASK = (1 << _ID_BITS) - 1


class Blocks:
    """The rows cut into blocks, with the maximum of each.

    ``logits`` must not change while this is in use. NaN anywhere makes ``top`` NaN.
    """

    __slots__ = ("_logits", "_maxima", "top")

    def __init__(self, logits: Logits) -> None:
        rows, vocab = logits.shape
        whole = vocab // BLOCK
        parts = [logits[:, : whole * BLOCK].unflatten(1, (whole, BLOCK)).amax(2)] if whole else []
        if vocab % BLOCK:
            parts.append(logits[:, whole * BLOCK :].amax(1, keepdim=True))
        self._logits = logits
        self._maxima = parts[0] if len(parts) == 1 else torch.cat(parts, 1)
        self.top = self._maxima.amax(1)
        """The largest value of each row."""

    def best(self) -> torch.Tensor:
        """The arg-max of each row, the lowest id among equals."""
        ids, values = self._look_into(self._maxima.argmax(1, keepdim=True))
        return ids.gather(1, values.argmax(1, keepdim=True)).squeeze(1)

    def head(self, width: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The `width` best values of each row and their ids, both ``[rows, <= width]``, in no stated order.

        Which of several values equal to the smallest one are meant is not stated either.
        """
        vocab = self._logits.shape[1]
        if vocab <= max(_SMALL_VOCABULARY, width):
            values, ids = self._logits.topk(min(width, vocab), dim=1)
            return values, ids
        num_blocks = min(width, self._maxima.shape[1])
        ids, values = self._look_into(self._maxima.topk(num_blocks, dim=1, sorted=False).indices)
        values, found = values.topk(width, dim=1)
        return values, ids.gather(1, found)

    def _look_into(self, blocks: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        vocab = self._logits.shape[1]
        within = torch.arange(BLOCK, device=blocks.device)
        ids = (blocks.unsqueeze(2) * BLOCK + within).flatten(1)
        if vocab % BLOCK == 0:
            return ids, self._logits.gather(1, ids)
        beyond = ids >= vocab
        ids = ids.clamp_(max=vocab - 1)
        return ids, self._logits.gather(1, ids).masked_fill_(beyond, -torch.inf)


def rank(values: torch.Tensor, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """`values` (float32) and `ids`, each row in descending order; the total order of this module."""
    keys = _descending(_rank_keys(values, ids))
    ranked_ids = keys & _ID_MASK
    # The upper half of a key spells its value: turning it back is cheaper than a second gather.
    bits = (keys >> _ID_BITS).to(torch.int32)
    return (bits ^ ((bits >> 31) & 0x7FFFFFFF)).view(torch.float32), ranked_ids


def _rank_keys(values: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """One integer for each pair, ordered as the pairs are: IEEE bits made monotone above, the id below."""
    bits = (values + 0.0).view(torch.int32)  # + 0.0 turns a negative zero into a zero: they are equal
    monotone = bits ^ ((bits >> 31) & 0x7FFFFFFF)
    return (monotone.long() << _ID_BITS) | ids


def _descending(keys: torch.Tensor) -> torch.Tensor:
    if keys.device.type == "cpu" and keys.numel() > 4096:
        # NumPy sorts integers with vector instructions, several times faster than torch on a CPU.
        array = keys.contiguous().numpy()
        array.sort(axis=1)
        return keys.contiguous().flip(1)
    return keys.sort(dim=1, descending=True).values
