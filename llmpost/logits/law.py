"""Law: what a row is drawn from when all stages have run, as logits.

Of all ids, or of the survivors of a head in descending order, whichever the race looked at; who reads it need not
know which. It says nothing of how a token is drawn; log-probabilities, log-masses and conditioned rows read it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch

from llmpost.contracts.tokens import TokenId


class Law(NamedTuple):
    """One row, -inf where an id was masked or cut."""

    values: torch.Tensor  # float32 [1, n]
    ids: torch.Tensor | None = None  # int64 [1, n], descending by value; None: all ids

    def value_of(self, token: TokenId) -> torch.Tensor:
        """``[1]``; -inf for an id that is not here."""
        if self.ids is None:
            return self.values[:, token]
        return self.values.masked_fill(self.ids != token, -torch.inf).amax(1)

    def log_total(self) -> torch.Tensor:
        """Float64 ``[1]``: what a value is less by to be a log-probability."""
        return self.values.double().logsumexp(1)

    def logprob_of(self, token: TokenId) -> torch.Tensor:
        """Float64 ``[1]``."""
        return self.value_of(token) - self.log_total()
