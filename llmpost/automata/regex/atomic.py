"""Atomic groups and possessive quantifiers, rewritten into what has the same language without them.

An atomic group gives back nothing, so it does change the language: ``a*+a`` matches nothing. The first match in the
order of preference is said with negative look-aheads: ``(?>A|B)`` is ``A|(?!A)B``, ``X*+`` is ``X*(?!X)``. What cannot
be said so is refused with a caret. Knows no bytes; whether no match is the beginning of another one it must be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from llmpost.automata.regex.measures import Measures
from llmpost.automata.regex.scanner import refusal
from llmpost.automata.regex.syntax import (
    Alternation,
    Atomic,
    Expression,
    Literal,
    Look,
    Node,
    Repeat,
    Sequence,
    alternation,
    sequence,
)  # fmt: skip

IsPrefixFree = Callable[[Node], bool]
"""Whether no text of a node that looks at nothing outside is the beginning of another one."""

_MAX_BRANCHES = 200


def without_atomic_groups(expression: Expression, is_prefix_free: IsPrefixFree) -> Expression:
    """The same language with no atomic group; ConstraintError where that cannot be said."""
    return Expression(expression.pattern, _Rewriter(expression.pattern, is_prefix_free).rewrite(expression.root))


@dataclass(slots=True)
class _Rewriter:
    pattern: str
    is_prefix_free: IsPrefixFree
    _measures: Measures = field(default_factory=Measures)
    _committed: set[Node] = field(default_factory=set)
    """Nodes that were atomic: from a given place on they match in one way at most."""

    def rewrite(self, node: Node) -> Node:
        match node:
            case Sequence(parts):
                return sequence(list(map(self.rewrite, parts)))
            case Alternation(branches):
                return alternation(list(map(self.rewrite, branches)))
            case Repeat(body, low, high, is_lazy, place):
                return Repeat(self.rewrite(body), low, high, is_lazy, place)
            case Look(body, is_behind, is_negative, place):
                return Look(self.rewrite(body), is_behind, is_negative, place)
            case Atomic(body, place):
                first = self._first_match(self.rewrite(body), place)
                self._committed.add(first)
                return first
        return node

    def _has_one_end(self, node: Node) -> bool:
        """Whether all matches from one place on end at one place."""
        if self._measures.of(node).is_fixed or node in self._committed:
            return True
        match node:
            case Sequence(parts):
                return all(map(self._has_one_end, parts))
            case Repeat(body, low, high):
                return low == high and self._has_one_end(body)
        return False

    def _ends_once(self, node: Node) -> bool:
        return self._has_one_end(node) or self._is_known(node)

    def _first_match(self, node: Node, place: int) -> Node:
        if self._has_one_end(node):
            return node
        match node:
            case Sequence(parts):
                if self._ends_once(parts[0]) or self._always_matches(parts[1:]):
                    rest = self._first_match(sequence(list(parts[1:])), place)
                    return sequence([self._first_match(parts[0], place), rest])
            case Repeat(body) if self._measures.of(body).low > 0 and self._ends_once(body):
                return _as_often_as_possible(node)
            case Alternation(branches) if len(branches) <= _MAX_BRANCHES and not self._is_known(node):
                return self._first_branch(branches, place)
        if self._is_known(node):
            return node
        raise refusal(
            self.pattern, place, "the first match of this atomic group", "something that can be enforced",
            "Leave it greedy, or let no match of it be the beginning of another.",
        )  # fmt: skip

    def _is_known(self, node: Node) -> bool:
        return not self._measures.of(node).is_open and self.is_prefix_free(node)

    def _always_matches(self, parts: tuple[Node, ...]) -> bool:
        """Whether they can match nothing, wherever they stand: then nothing is given back for their sake."""
        return all(self._measures.of(part).low == 0 and not self._measures.of(part).is_open for part in parts)

    def _first_branch(self, branches: tuple[Node, ...], place: int) -> Node:
        firsts: list[Node] = []
        for number, branch in enumerate(branches):
            first = self._first_match(branch, place)
            if number:
                earlier = Look(alternation(list(branches[:number])), is_behind=False, is_negative=True, place=place)
                first = sequence([earlier, first])
            firsts.append(first)
        return alternation(firsts)


def _as_often_as_possible(node: Repeat) -> Node:
    """A body that ends in one way: lazy, as often as it must; greedy, until there is no more of it."""
    body, low, high = node.body, node.low, node.high
    if low == high:
        return node
    if node.is_lazy:
        return Repeat(body, low, low) if low else Literal("")
    no_more = Look(body, is_behind=False, is_negative=True, place=node.place)
    if high is None:
        return sequence([Repeat(body, low, None), no_more])
    return alternation([sequence([Repeat(body, low, high - 1), no_more]), Repeat(body, high, high)])
