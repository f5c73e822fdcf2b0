"""Kind: one kind of secret, as a pattern, and what of a match is the secret. Data; knows no guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llmpost.automata.entities.bounds import WORD, Bounds
from llmpost.guards.secrets.randomness import is_token


@dataclass(frozen=True, slots=True)
class Kind:
    """What matches `pattern` within its bounds, where what `secret` matches inside of it is one by `is_secret`.

    Examples are spelled in two halves, so that nobody takes them for leaked ones.
    """

    label: str
    summary: str
    pattern: str
    examples: tuple[tuple[str, str], ...]
    near_misses: tuple[str, ...] = ()
    bounds: Bounds = WORD
    secret: str | None = None
    """A pattern with a group of that name, searched for in a match; None: all of the match is the secret."""
    is_secret: Callable[[str], bool] = is_token
    score: float = 1.0
    ignore_case: bool = False
