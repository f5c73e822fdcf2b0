"""What a steerable model is: tokens in, rows of logits out, and a cache that can be forked and cut back.

A model knows nothing of sampling, requests or text. The driver owns its slots; a decoder only names the tokens it
wants fed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType, Protocol

from llmpost.contracts.tokens import Logits, TokenId

Slot = NewType("Slot", int)
"""A place in a model's cache that holds one sequence. Never reused by the same model."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Tokens for one slot: cut its cache back to `keep`, append `tokens`, return the last `rows` rows of logits."""

    tokens: Sequence[TokenId]
    keep: int
    rows: int = 1
    model: str = "main"
    """The role of the model meant; one request may own slots in several."""


class Model(Protocol):
    """A causal language model with a cache of slots. Calls may come from several threads."""

    @property
    def vocab_size(self) -> int:
        """The width of a row of logits."""

    def open(self) -> Slot:
        """A new, empty slot."""

    def forward(self, feeds: Sequence[tuple[Slot, Feed]]) -> Logits:
        """The wanted rows of all feeds, one feed after the other: float32 ``[rows, vocab]`` that the caller owns.

        Feeds name different slots. A `keep` beyond the slot's cache, or a token out of range, is an error raised
        before any slot is touched.
        """

    def fork(self, slot: Slot) -> Slot:
        """A new slot with the same content."""

    def close(self, slot: Slot) -> None:
        """Free the slot's memory; a closed slot is never fed again."""
