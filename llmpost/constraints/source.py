"""What a constraint is made from: the protocol that a regular expression, a choice and what is to come meet.

A source is a value that was checked when it was made; it can be read into any algebra, once for each generation.
It knows no tokens.
"""

from __future__ import annotations

from typing import Protocol

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.reach import Reach
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport


class Source(Protocol):
    """A language as it was asked for."""

    @property
    def name(self) -> str:
        """The keyword it was given by."""

    @property
    def octets(self) -> frozenset[int]:
        """All the bytes that its texts can contain, or more."""

    def __str__(self) -> str:
        """How it was given, short enough for an error."""

    def read(self, algebra: Algebra) -> Term:
        """Its language."""

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        """Before the first token, where `term` is the language: a state that remembers what the language needs."""

    @property
    def report(self) -> ConstraintReport:
        """What of it is enforced, and how."""
