"""Standing: where a text stopped, and what a source makes of that.

The way is followed byte by byte from a state; no tokens are asked. Refusals are made of it, and sources that can say
more of a place than their own name are asked by `Explains`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.explaining.characters import Characters, either
from llmpost.constraints.source import Source
from llmpost.constraints.state import State
from llmpost.contracts.refusal import THE_END, Certainty, Rule, character_start


@dataclass(frozen=True, slots=True)
class Standing:
    """A text that was followed from a state, to the first byte that nothing can be completed behind."""

    state: State
    text: bytes
    place: int
    """How many of its bytes are alive."""
    term: Term
    """What may follow them."""
    ends: bool
    """Whether the text is over behind its last byte; a token's is not."""

    @classmethod
    def of(cls, state: State, text: bytes, *, ends: bool) -> Standing:
        """BudgetExceeded where following it takes too much."""
        is_live = state.reach.algebra.is_live
        place, last = -1, EMPTY
        for term in state.along(text):
            if term == EMPTY or not is_live(term):
                break
            place, last = place + 1, term
        return cls(state, text, max(0, place), last, ends)

    @property
    def algebra(self) -> Algebra:
        return self.state.reach.algebra

    @property
    def is_at_end(self) -> bool:
        """Whether all of it is alive."""
        return self.place == len(self.text)

    @property
    def octet(self) -> int | None:
        """The first byte that is not alive; None at the end."""
        return None if self.is_at_end else self.text[self.place]

    @property
    def start(self) -> int:
        """Where the character begins that the place is in."""
        return character_start(self.text, self.place)

    @property
    def term_at_start(self) -> Term:
        """What may follow where that character begins."""
        start = self.start
        return self.term if start == self.place else next(self.state.along(self.text[:start], start))


@dataclass(frozen=True, slots=True)
class Reason:
    """What was expected at a place, in words, and by which rules."""

    expected: str
    rules: tuple[Rule, ...]
    certainty: Certainty = "each"
    path: str | None = None
    """For JSON, the pointer of the value there."""


@runtime_checkable
class Explains(Protocol):
    """A source that knows more of a place than what may follow there."""

    def reason(self, standing: Standing) -> Reason:
        """What it expected, and which of its parts is responsible. A source around another one asks that one, unless
        it alone forbids what stands there."""


def expected_at(standing: Standing) -> str:
    """The characters that may come there, in words, and whether the text may end."""
    term = standing.term_at_start
    words = Characters.after(standing.algebra, term).words()
    return either([*words, *([THE_END] if standing.algebra.can_end(term) else [])] or ["nothing"])


def reason_of(source: Source, standing: Standing) -> Reason:
    """What a source says of a place, or what can be said without it."""
    if isinstance(source, Explains):
        return source.reason(standing)
    return Reason(expected_at(standing), (Rule(source.name, str(source)),))
