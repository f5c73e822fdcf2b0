"""What the sampler chose for one row, and how likely that was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from llmpost.contracts.tokens import TokenId


class Candidate(NamedTuple):
    """An id and the natural logarithm of its probability."""

    token: TokenId
    logprob: float


@dataclass(frozen=True, slots=True)
class Logprobs:
    """Log-probabilities of the chosen token: of the model's own distribution, and of the one the stages left."""

    raw: float
    staged: float
    top_raw: tuple[Candidate, ...] = ()
    top_staged: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What a conditioned row's token takes of the row's law without its constraint; natural logarithms."""

    own: float
    """How likely the token is."""
    others: float
    """How likely the allowed tokens are all together, without this one and without those that have prospects."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One drawn token."""

    token: TokenId
    logprobs: Logprobs | None = None
    log_mass: float | None = None
    """Of a row that measures it: the logarithm of how likely the token was without the row's constraint, less that of
    how likely it was with it."""
    share: Share | None = None
    """Of a row that has prospects."""
    masked: tuple[Candidate, ...] = ()
    """Ids that the model held likelier, and that a constraint forbade, where somebody asked: the likeliest first."""
