"""An expression as the source of a constraint: what `compile_constraint(language=…)` makes masks from."""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.languages.language import Language
from llmpost.constraints.reach import Reach
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport


@dataclass(frozen=True, slots=True)
class LanguageSource:
    """A language."""

    language: Language
    name: str = "language"

    @property
    def octets(self) -> frozenset[int]:
        return self.language.octets

    @property
    def report(self) -> ConstraintReport:
        """Exact, but for what a schema in it says of its own keywords."""
        reports = [leaf.source.report for leaf in self.language.leaves()]
        less = {part: word for report in reports for part, word in report.parts.items() if word != "exact"}
        notes = dict.fromkeys(note for report in reports for note in report.notes)
        return ConstraintReport({"language": "exact", **less}, tuple(notes))

    def read(self, algebra: Algebra) -> Term:
        return self.language.read(algebra)

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        return State(reach, term, cell)

    def __str__(self) -> str:
        return f"{self.language!s:.200}"
