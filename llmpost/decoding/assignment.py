"""Assignment: what one candidate of a request is to decode, and when to stop.

Whoever makes a decoder fills one in; every way of decoding reads it. It knows no model and no chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from llmpost.contracts.constraint import ConstraintState
from llmpost.contracts.stage import RememberingStage
from llmpost.contracts.tokens import TokenId
from llmpost.vocabulary import Detokenizer


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one candidate of a request is to decode, and when to stop."""

    prompt: tuple[TokenId, ...]
    detokenizer: Detokenizer
    max_new_tokens: int
    end_ids: frozenset[TokenId] = frozenset()
    stop: tuple[str, ...] = ()
    seed: int = 0
    candidate: int = 0
    num_top_logprobs: int | None = None
    measures_mass: bool = False
    num_masked: int = 0
    remembering: tuple[RememberingStage, ...] = ()
    constraint: ConstraintState | None = None
    """The start of what the output is held to; its end ids are `end_ids`."""
    finish_from: int | None = None
    """From the token of this number on the output only comes nearer to its end; None: only when it has to."""
    companions: Mapping[str, tuple[TokenId, ...]] = field(default_factory=dict)
    """Prompts of the request's other models, by role; each is fed the same output."""
