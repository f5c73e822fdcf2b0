"""Phrases: plain texts of which none may occur, ten thousand as cheap as one.

It knows texts, and how their language is built in an algebra; nothing of where in an output they would stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from llmpost.automata.algebra import EPSILON, Algebra, Term
from llmpost.automata.regex.casing import with_other_cases
from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.ranges import RangeSet

_Tree: TypeAlias = "dict[RangeSet, _Tree]"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Texts, sorted and unlike; with `ignore_case` whatever differs from one in case alone is one too."""

    texts: tuple[str, ...]
    ignore_case: bool = False

    def least(self, algebra: Algebra) -> int:
        """Characters that a match has at least."""
        return min(map(len, self.texts))

    def term(self, algebra: Algebra) -> Term:
        """The texts themselves."""
        if not self.ignore_case:
            return algebra.choice([text.encode() for text in self.texts])
        tree: _Tree = {}
        for text in self.texts:
            _add(tree, text)
        return _Builder(algebra).term(tree)

    def __str__(self) -> str:
        cases = " in any case" if self.ignore_case else ""
        if len(self.texts) == 1:
            return f"the phrase {self.texts[0]!r:.60}{cases}"
        return f"one of {len(self.texts)} phrases{cases}"


def _add(tree: _Tree, text: str) -> None:
    """What goes on from a phrase contains it: nothing is kept behind its end."""
    *before, last = (with_other_cases(((ord(one), ord(one)),), Dialect.PYTHON, False) for one in text)
    for ranges in before:
        if ranges in tree and not tree[ranges]:
            return
        tree = tree.setdefault(ranges, {})
    tree[last] = {}


class _Builder:
    """Terms of trees, of which the leaves are ends."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self._characters: dict[RangeSet, Term] = {}

    def term(self, tree: Mapping[RangeSet, _Tree]) -> Term:
        """Of a tree however deep: the inner ones first."""
        made: dict[int, Term] = {}
        for here in reversed(_outer_first(tree)):
            made[id(here)] = self._node((self._character(ranges), made[id(below)]) for ranges, below in here.items())
        return made[id(tree)]

    def _node(self, ways: Iterable[tuple[Term, Term]]) -> Term:
        parts = [self._algebra.concat(way) for way in ways]
        return self._algebra.alternate(parts) if parts else EPSILON

    def _character(self, ranges: RangeSet) -> Term:
        known = self._characters.get(ranges)
        if known is None:
            known = self._characters[ranges] = self._algebra.characters(ranges)
        return known


def _outer_first(tree: Mapping[RangeSet, _Tree]) -> list[Mapping[RangeSet, _Tree]]:
    found = [tree]
    for here in found:
        found += here.values()
    return found
