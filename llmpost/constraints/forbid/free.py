"""Free text: any text at all, as the source of a constraint that only forbids.

Text is valid UTF-8; what is forbidden in it is held against it by `source`.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.algebra import MAX_SCALAR, Algebra, Term
from llmpost.constraints.reach import Reach
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport
from llmpost.vocabulary.trie import TEXT_BYTES


@dataclass(frozen=True, slots=True)
class FreeText:
    """Any text."""

    name: str = "forbid"

    @property
    def octets(self) -> frozenset[int]:
        return TEXT_BYTES

    @property
    def report(self) -> ConstraintReport:
        return ConstraintReport({})

    def read(self, algebra: Algebra) -> Term:
        return algebra.repeat(algebra.characters([(0, MAX_SCALAR)]), 0, None)

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        return State(reach, term, cell)

    def __str__(self) -> str:
        return "free text"
