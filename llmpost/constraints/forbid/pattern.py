"""Pattern: a regular expression of which no match may occur.

Where it looks at nothing around its match, the match is a term of its own, which may stand anywhere; elsewhere all
texts that contain a match are built as one. It knows no tokens and no output.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.measures import Measures, looks_around
from llmpost.automata.regex.ranges import intersection
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import (
    NOTHING,
    Alternation,
    Atomic,
    Characters,
    Expression,
    Look,
    Node,
    Repeat,
    Sequence,
    alternation,
    sequence,
)
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

    def least(self, algebra: Algebra) -> int:
        """Characters that a match has at least."""
        return Measures().of(self.expression.root).low

    def term(self, algebra: Algebra) -> Term:
        """The matches, and more than those where it looks around: what it would match if it did not look."""
        return language_of(Expression(self.pattern, _without_looks(self.expression.root)), algebra)

    def tells_apart(self, character: str) -> bool:
        """Whether a match may depend on this character, beside it, being there or the text's end in its place. True
        where that is not easy to see."""
        return any(not _is_edge(look, character) for look in _looks(self.expression.root))

    def containing(self, algebra: Algebra) -> Term:
        """All texts that contain a match, whatever it looks at."""
        return language_of(self.expression, algebra, search=True)

    def __str__(self) -> str:
        return f"the pattern {self.pattern!r:.60}{' in any case' if self.ignore_case else ''}"


def _without_looks(node: Node) -> Node:
    match node:
        case Look():
            return NOTHING
        case Atomic(body):
            return _without_looks(body)
        case Repeat(body):
            return replace(node, body=_without_looks(body))
        case Sequence(parts):
            return sequence(list(map(_without_looks, parts)))
        case Alternation(branches):
            return alternation(list(map(_without_looks, branches)))
    return node


def _looks(node: Node) -> Iterator[Look | Atomic]:
    """Whatever asks of what is around it."""
    match node:
        case Look() | Atomic():
            yield node
        case Repeat(body):
            yield from _looks(body)
        case Sequence(parts) | Alternation(parts):
            for part in parts:
                yield from _looks(part)


def _is_edge(look: Look | Atomic, character: str) -> bool:
    """Whether it is the same to a look at one character if this one is there or none is."""
    if not isinstance(look, Look) or not isinstance(look.body, Characters):
        return False
    return not intersection(look.body.ranges, ((ord(character), ord(character)),))
