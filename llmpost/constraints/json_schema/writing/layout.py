"""Layout: the whitespace and punctuation of JSON, as terms, for each depth of nesting.

Flexible whitespace is a bounded run, so that a model cannot go on in it without end; indented text is what
``json.dumps`` prints, to the byte.
"""

from __future__ import annotations

from llmpost.automata.algebra import EPSILON, Algebra, Term
from llmpost.constraints.json_schema.settings import Whitespace

MAX_RUN = 128
"""Characters of whitespace in a row, where it is flexible."""

_SPACES = ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20))


class Layout:
    """Where it is indented a depth counts; elsewhere all depths are alike, and :meth:`inside` says so."""

    def __init__(self, algebra: Algebra, whitespace: Whitespace) -> None:
        self._algebra = algebra
        self._indent = whitespace if isinstance(whitespace, int) else None
        self.space = algebra.repeat(algebra.octets(_SPACES), 0, MAX_RUN) if whitespace == "flexible" else EPSILON
        self.colon = self._around(":", after=" ")
        self._commas: dict[int, Term] = {}
        self._closed: dict[tuple[str, int], Term] = {}

    def inside(self, depth: int) -> int:
        """The depth of what is inside of a container at this depth."""
        return depth if self._indent is None else depth + 1

    def text(self, text: str) -> Term:
        return self._algebra.choice([text.encode()])

    def opened(self, depth: int) -> Term:
        """Between a bracket and the first member."""
        return self.space if self._indent is None else self._line(depth + 1)

    def comma(self, depth: int) -> Term:
        """Between two members."""
        if depth not in self._commas:
            indented = self._algebra.concat([self.text(","), self._line(depth + 1)])
            self._commas[depth] = self._around(",") if self._indent is None else indented
        return self._commas[depth]

    def closed(self, bracket: str, depth: int) -> Term:
        """Between the last member and what follows the container."""
        known = self._closed.get((bracket, depth))
        if known is None:
            before = self.space if self._indent is None else self._line(depth)
            known = self._closed[bracket, depth] = self._algebra.concat([before, self.text(bracket)])
        return known

    def empty(self, brackets: str) -> Term:
        """A container of nothing, without its first bracket."""
        return self._algebra.concat([self.space, self.text(brackets[1])])

    def _line(self, depth: int) -> Term:
        return self.text("\n" + " " * ((self._indent or 0) * depth))

    def _around(self, mark: str, after: str = "") -> Term:
        if self._indent is not None:
            return self.text(mark + after)
        return self._algebra.concat([self.space, self.text(mark), self.space])
