"""Pattern: a regular expression of which no match may occur.

Where it looks at nothing around its match, the match is a term of its own, which may stand anywhere; elsewhere all
texts that contain a match are built as one. It knows no tokens and no output.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.measures import Measures, looks_around
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import Expression
from llmpost.errors import ConstraintError


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in the dialect of Python's `re`, and the tree that was read from it."""

    pattern: str
    ignore_case: bool = False
    expression: Expression = field(compare=False, repr=False, kw_only=True)

    @classmethod
    def of(cls, pattern: str, where: str, *, ignore_case: bool = False) -> Pattern:
        """ConstraintError where it cannot be read, or matches the empty text, which every text contains."""
        expression = read_regex(pattern, ignore_case=ignore_case)
        if Measures().of(expression.root).low == 0:
            allowed = "one that matches no empty text: every text contains '', for instance 'abc' before its 'a'"
            raise ConstraintError(
                where, f"the pattern {pattern!r:.60}", allowed, "Demand at least one character of it."
            )
        return cls(pattern, ignore_case, expression=expression)

    @property
    def looks_around(self) -> bool:
        """Whether a match depends on what is around it."""
        return looks_around(self.expression.root)

    def term(self, algebra: Algebra) -> Term:
        """The matches, of one that looks at nothing around them."""
        return language_of(self.expression, algebra)

    def containing(self, algebra: Algebra) -> Term:
        """All texts that contain a match, whatever it looks at."""
        return language_of(self.expression, algebra, search=True)

    def __str__(self) -> str:
        return f"the pattern {self.pattern!r:.60}{' in any case' if self.ignore_case else ''}"
