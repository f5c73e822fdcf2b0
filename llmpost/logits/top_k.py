"""Top-k: the k best ids of a row survive, and every id that is equal to the k-th (as transformers keeps ties)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from llmpost.logits.column import PerRow, column, pick, spread
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
        width = ranked.values.shape[1]
        ks = self.k if isinstance(self.k, tuple) else (self.k,)
        last = column(tuple(float(min(k, width) if k else width) for k in ks), ranked.values).long() - 1
        kth = ranked.values.gather(1, last.expand(len(ranked.values), 1))
        return ranked.kept & (ranked.values >= kth)

    def head_width(self) -> int:
        return _SLACK + (max(self.k) if isinstance(self.k, tuple) else self.k)

    def of_rows(self, rows: Sequence[int]) -> TopK:
        return TopK(pick(self.k, rows))
