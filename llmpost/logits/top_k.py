"""Top-k: the k best ids of a row survive, and every id that is equal to the k-th (as transformers keeps ties)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch

from llmpost.logits.column import PerRow, pick, spread
from llmpost.logits.truncation import Ranked, Truncation

_SLACK = 14  # ids behind the k-th that the head holds, so that a few ties there do not cost a look at the whole row


@dataclass(frozen=True, slots=True)
class TopK(Truncation):
    """Keep the `k` best; 0 keeps all.

    >>> TopK(2).apply(torch.tensor([[1.0, 3.0, 2.0]]), [Step(Context.of([1]))])
    tensor([[-inf, 3., 2.]])
    """

    k: PerRow[int] = 0

    def active(self, rows: int) -> tuple[bool, ...]:
        return tuple(k > 0 for k in spread(self.k, rows))

    def cut(self, ranked: Ranked) -> torch.Tensor:
        rows, width = ranked.values.shape
        kth = ranked.values.gather(1, _places_of_last(self.k, width, ranked.ids.device).expand(rows, 1))
        return ranked.kept & (ranked.values >= kth)

    def head_width(self) -> int:
        return _SLACK + (max(self.k) if isinstance(self.k, tuple) else self.k)

    def of_rows(self, rows: Sequence[int]) -> TopK:
        return TopK(pick(self.k, rows))


@lru_cache(maxsize=256)
def _places_of_last(k: PerRow[int], width: int, device: torch.device) -> torch.Tensor:
    """Where the k-th best stands in ranked rows of this width, ``[rows, 1]``; the last of all where k is 0 or more."""
    return torch.tensor([min(each or width, width) - 1 for each in spread(k, 1)], device=device).unsqueeze(1)
