"""AmongTexts: an algebra for languages of which only the texts count, valid UTF-8 as they are.

There "any characters" may be any bytes. That is one term with all that it contains, so that what was removed from a
language is known to be gone, without a search: no quotation goes on behind a word that it may not have. It is for what
is made of characters, one behind the other; a look around a character might see that it was cut.
"""

from __future__ import annotations

from typing import Any

from llmpost.automata.algebra import ANYTHING, MAX_SCALAR, Algebra, Term
from llmpost.automata.regex.measures import looks_around
from llmpost.constraints.regex import RegexSource
from llmpost.constraints.source import Source


class AmongTexts:
    """An `Algebra` over another one, which gives out the same terms but one."""

    def __init__(self, exact: Algebra) -> None:
        self.exact = exact
        self._character = exact.characters([(0, MAX_SCALAR)])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.exact, name)

    def repeat(self, term: Term, low: int, high: int | None) -> Term:
        is_any_text = (term, low, high) == (self._character, 0, None)
        return ANYTHING if is_any_text else self.exact.repeat(term, low, high)


def exact(algebra: Algebra) -> Algebra:
    """The algebra below, for what is read exactly."""
    return algebra.exact if isinstance(algebra, AmongTexts) else algebra


def fit_for(source: Source, algebra: Algebra) -> Algebra:
    """The algebra to read a source into: the exact one, unless it is a pattern of characters alone."""
    is_plain = isinstance(source, RegexSource) and not looks_around(source.expression.root)
    return algebra if is_plain else exact(algebra)
