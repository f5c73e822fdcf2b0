"""Regex: the texts that a regular expression matches as a whole, in the dialect of Python's `re`.

The reader of patterns lives in `automata.regex`; here a pattern becomes the source of a constraint.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import Expression
from llmpost.constraints.explaining.pattern import part_at
from llmpost.constraints.explaining.standing import Reason, Standing, expected_at
from llmpost.constraints.reach import Reach
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport
from llmpost.contracts.refusal import Rule
from llmpost.errors import ConstraintError
from llmpost.vocabulary.trie import TEXT_BYTES


@dataclass(frozen=True, slots=True)
class RegexSource:
    """A pattern and the tree that was read from it."""

    pattern: str
    expression: Expression = field(compare=False, repr=False)
    name: str = "regex"

    @classmethod
    def of(cls, pattern: str) -> RegexSource:
        """ConstraintError, with a caret under the place, where the pattern cannot be read."""
        check_pattern(pattern)
        return cls(pattern, read_regex(pattern))

    @property
    def octets(self) -> frozenset[int]:
        return TEXT_BYTES

    @property
    def report(self) -> ConstraintReport:
        return ConstraintReport({"regex": "exact"})

    def read(self, algebra: Algebra) -> Term:
        return language_of(self.expression, algebra)

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        return State(reach, term, cell)

    def reason(self, standing: Standing) -> Reason:
        """The pattern, with the part that the text stands in."""
        span = part_at(self.pattern, standing.term_at_start, standing.algebra)
        return Reason(expected_at(standing), (Rule(self.name, self.pattern, span=span),))

    def __str__(self) -> str:
        return f"{self.pattern!r:.80}"


def check_pattern(given: object) -> None:
    """ConstraintError for what is no string."""
    if not isinstance(given, str):
        hint = "Pass its pattern: compiled.pattern." if hasattr(given, "pattern") else "Write it as a string."
        raise ConstraintError("regex", f"{given!r:.60}", "a pattern", hint)
