"""Facts about the nodes of a tree that its building asks for again and again: width, and whether it looks around.

Found once for each node and remembered by identity, so the tree must live as long as its measures. Knows no algebra.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from llmpost.automata.regex.syntax import Alternation, Atomic, Characters, Literal, Look, Node, Repeat, Sequence


def looks_around(root: Node) -> bool:
    """Whether a look-around or an atomic group is anywhere in the tree; cheaper than its measures."""
    todo = [root]
    while todo:
        here = todo.pop()
        if isinstance(here, Look | Atomic):
            return True
        todo += [child for child in _children(here) if not isinstance(child, Literal | Characters)]
    return False


@dataclass(frozen=True, slots=True)
class Measure:
    """How many characters a node can match (None: without bound), and what of the text before it asks for."""

    low: int
    high: int | None
    is_open: bool
    """Whether the match depends on text outside of it: a look-around or an atomic group is inside."""
    needs: int
    """The look-behinds inside, one bit each."""

    @property
    def is_fixed(self) -> bool:
        return self.low == self.high


@dataclass(slots=True)
class Measures:
    """The measures of a tree's nodes; `bit_of` gives the bit of a look-behind."""

    bit_of: Callable[[Look], int] = lambda look: 0
    _known: dict[int, tuple[Node, Measure]] = field(default_factory=dict)

    def of(self, node: Node) -> Measure:
        """The measure of a node, the inner ones first: on a list, so that no depth of nesting is too deep."""
        todo = [node]
        while todo:
            here = todo.pop()
            if id(here) not in self._known:
                missing = [child for child in _children(here) if id(child) not in self._known]
                if missing:
                    todo += [here, *missing]
                else:
                    self._known[id(here)] = here, self._measure(here)
        return self._known[id(node)][1]

    def _measure(self, node: Node) -> Measure:
        inside = [self._known[id(child)][1] for child in _children(node)]
        match node:
            case Literal(text):
                return Measure(len(text), len(text), False, 0)
            case Characters():
                return Measure(1, 1, False, 0)
            case Sequence():
                return _one_after_the_other(inside)
            case Alternation():
                return _any_of(inside)
            case Repeat(_, low, high):
                return _repeated(inside[0], low, high)
            case Look():
                return Measure(0, 0, True, inside[0].needs | (self.bit_of(node) if node.is_behind else 0))
            case Atomic():
                return replace(inside[0], is_open=True)


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Sequence(children) | Alternation(children):
            return children
        case Repeat(body) | Look(body) | Atomic(body):
            return (body,)
    return ()


def _repeated(inner: Measure, low: int, high: int | None) -> Measure:
    longest = 0 if inner.high == 0 else None if high is None or inner.high is None else inner.high * high
    return Measure(inner.low * low, longest, inner.is_open, inner.needs)


def _one_after_the_other(parts: list[Measure]) -> Measure:
    high: int | None = 0
    for part in parts:
        high = None if high is None or part.high is None else high + part.high
    return Measure(sum(part.low for part in parts), high, any(part.is_open for part in parts), _all_needs(parts))


def _any_of(branches: list[Measure]) -> Measure:
    highs = [branch.high for branch in branches]
    high = None if None in highs else max(high for high in highs if high is not None)
    low = min(branch.low for branch in branches)
    return Measure(low, high, any(branch.is_open for branch in branches), _all_needs(branches))


def _all_needs(measures: list[Measure]) -> int:
    needs = 0
    for measure in measures:
        needs |= measure.needs
    return needs
