"""Kind: forms of one entity that are equally sure, and the words beside a match that make it surer.

A form alone may be weak: nine digits are anything, and a Social Security number behind "SSN:". Knows no text and no
threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.entities.entity import Form
from llmpost.guards.pii.context_words import BEHIND


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What matches is the entity with this score, or with `score_in_context` where one of the words stands by it."""

    entity: str
    forms: tuple[Form, ...]
    score: float
    why: str
    """What speaks for a match, as a finding's reason has it."""
    words: tuple[str, ...] = ()
    """Small letters, without their plurals; before a match."""
    words_behind: tuple[str, ...] = ()
    score_in_context: float = 0.0
    longest: int = 64
    """Characters: a match is no longer, but for what is one as soon as it has begun."""

    @property
    def highest(self) -> float:
        """The score that a match of it can get."""
        return max(self.score, self.score_in_context)

    @property
    def reach(self) -> int:
        """So many characters behind a match have a say in its score."""
        return BEHIND if self.words_behind else 0

    @property
    def is_certain(self) -> bool:
        """What lies inside a match is a part of it, and nothing of its own."""
        return self.score == 1.0
