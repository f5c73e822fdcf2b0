"""Terms of subtrees that look at nothing around them: each node is one member of the algebra.

Literals side by side are one choice, however many, and a counted repeat is one counter. Knows no look-around.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.automata.regex.ranges import RangeSet
from llmpost.automata.regex.syntax import Alternation, Characters, Literal, Node, Repeat, Sequence


@dataclass(slots=True)
class PlainBuilder:
    """Builds terms in one algebra, each class of characters once."""

    algebra: Algebra
    _classes: dict[RangeSet, Term] = field(default_factory=dict)

    def term(self, node: Node) -> Term:
        match node:
            case Literal(text):
                return self.algebra.choice([text.encode()])
            case Characters(ranges):
                return self.characters(ranges)
            case Sequence(parts):
                return self.algebra.concat(list(map(self.term, parts)))
            case Alternation(branches):
                terms = [self._choice(branches)]
                for branch in branches:  # no helper and no comprehension: one frame a level of nesting
                    if not isinstance(branch, Literal):
                        terms.append(self.term(branch))  # noqa: PERF401
                return self.algebra.alternate(terms)
            case Repeat(body, low, high):
                return self.algebra.repeat(self.term(body), low, high)
        raise AssertionError(f"{type(node).__name__} looks around")

    def characters(self, ranges: RangeSet) -> Term:
        known = self._classes.get(ranges)
        if known is None:
            known = self._classes[ranges] = self.algebra.characters(ranges) if ranges else EMPTY
        return known

    def _choice(self, branches: tuple[Node, ...]) -> Term:
        texts = [branch.text.encode() for branch in branches if isinstance(branch, Literal)]
        return self.algebra.choice(texts) if texts else EMPTY
