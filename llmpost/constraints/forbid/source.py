"""ForbiddenSource: another source's language without the texts in which something forbidden occurs.

The raw text is searched from its first byte; what a language means by its texts, the strings of a JSON value, it
searches itself. It knows neither tokens nor masks.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.algebra import ANYTHING, Algebra, Term
from llmpost.constraints.explaining.standing import Reason, Standing, reason_of
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.forbid.reasons import forbidden_reason, is_match_within, language_itself
from llmpost.constraints.reach import Reach
from llmpost.constraints.source import Source
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport


@dataclass(frozen=True, slots=True)
class ForbiddenSource:
    """The texts of `inner` that contain nothing that is forbidden."""

    inner: Source
    forbidden: Forbidden

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def octets(self) -> frozenset[int]:
        return self.inner.octets

    @property
    def report(self) -> ConstraintReport:
        inner = self.inner.report
        return ConstraintReport({**inner.parts, "forbid": "exact"}, inner.notes)

    def read(self, algebra: Algebra) -> Term:
        return without_matches(algebra, self.inner.read(algebra), self.forbidden)

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        return self.inner.first_state(reach, term, cell)

    def reason(self, standing: Standing) -> Reason:
        """Why a text leaves the language by itself; where that is not the reason, what of it is forbidden."""
        algebra, read = standing.algebra, standing.text[: standing.place + 1]
        rest = algebra.after(language_itself(algebra, standing.state.term), read)
        is_over = standing.is_at_end and standing.ends
        if not (algebra.can_end(rest) if is_over else algebra.is_live(rest)):
            return reason_of(self.inner, standing)
        return forbidden_reason(self.forbidden, standing, lambda one: is_match_within(one, algebra, read))

    def __str__(self) -> str:
        return f"{self.inner} without {self.forbidden}"


def without_matches(algebra: Algebra, language: Term, forbidden: Forbidden) -> Term:
    """The texts of a language in which nothing forbidden occurs."""
    return algebra.intersect([language, algebra.complement(forbidden.containing(algebra, ANYTHING))])
