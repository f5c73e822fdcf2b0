"""Patterns: what `pattern` asks of a string, as an expression that matches it as a whole.

JSON Schema searches, so a pattern without anchors stands between two runs of anything; an anchor at an edge of the
pattern only takes such a run away and needs no look-around. Where the length of what is matched hangs on one counter,
`minLength` and `maxLength` move that counter, and nothing has to be intersected. It knows no terms and no spelling.
"""

from __future__ import annotations

from collections.abc import Sequence as Parts
from dataclasses import dataclass
from functools import lru_cache

from llmpost.automata.regex.dialect import Dialect
from llmpost.automata.regex.measures import Measure, Measures
from llmpost.automata.regex.ranges import ALL
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import (
    Alternation,
    Characters,
    Expression,
    Look,
    Node,
    Repeat,
    Sequence,
    alternation,
    sequence,
)  # fmt: skip

_ANY_TEXT = Repeat(Characters(ALL), 0, None)
_NO_TEXT = Characters(())
_KEPT_LENGTH = 4_000
"""Longer patterns are read anew each time: what is kept must not grow with what strangers send."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """From `low` to `high` characters; None is without end.

    >>> Lengths(1, None).include(Lengths(2, 5))
    True
    """

    low: int = 0
    high: int | None = None

    def include(self, others: Lengths) -> bool:
        """Whether all of the others are among them."""
        is_low = self.low <= others.low
        return is_low and (self.high is None or (others.high is not None and others.high <= self.high))


ALL_LENGTHS = Lengths()


@dataclass(frozen=True, slots=True)
class Pattern:
    """An expression that matches whole strings, and the lengths of what it can match, or more than those."""

    expression: Expression
    lengths: Lengths

    @classmethod
    def of(cls, text: str, root: Node) -> Pattern:
        measure = Measures().of(root)
        return cls(Expression(text, root), Lengths(measure.low, measure.high))

    def within(self, lengths: Lengths) -> Pattern | None:
        """What it matches of these lengths; None where one counter cannot say it."""
        if lengths.include(self.lengths):
            return self
        root = _with_counter_moved(self.expression.root, lengths)
        return None if root is None else Pattern.of(self.expression.pattern, root)


def read_pattern(pattern: str) -> Pattern:
    """ConstraintError, with a caret, where it cannot be read; cheap where it was read before.

    >>> read_pattern("^[a-z]{2,4}$").lengths
    Lengths(low=2, high=4)
    """
    return _kept(pattern) if len(pattern) <= _KEPT_LENGTH else _read(pattern)


def _read(pattern: str) -> Pattern:
    return Pattern.of(pattern, _whole(read_regex(pattern, Dialect.ECMA).root))


_kept = lru_cache(maxsize=512)(_read)


def _whole(root: Node) -> Node:
    """The texts that contain a match; branches with the same anchors at their edges stay together."""
    edges: dict[tuple[bool, bool], list[Node]] = {}
    for branch in root.branches if isinstance(root, Alternation) else (root,):
        at_start, inner, at_end = _without_anchors(branch)
        edges.setdefault((at_start, at_end), []).append(inner)
    return alternation([_between(at_start, branches, at_end) for (at_start, at_end), branches in edges.items()])


def _between(at_start: bool, branches: list[Node], at_end: bool) -> Node:
    before, behind = ([] if is_edge else [_ANY_TEXT] for is_edge in (at_start, at_end))
    return sequence([*before, alternation(branches), *behind])


def _without_anchors(branch: Node) -> tuple[bool, Node, bool]:
    parts = branch.parts if isinstance(branch, Sequence) else (branch,)
    first, last = 0, len(parts)
    while first < last and _is_edge(parts[first], is_behind=True):
        first += 1
    while last > first and _is_edge(parts[last - 1], is_behind=False):
        last -= 1
    return first > 0, sequence(list(parts[first:last])), last < len(parts)


def _is_edge(node: Node, is_behind: bool) -> bool:
    """Whether it says that no character is there."""
    is_look = isinstance(node, Look) and node.is_negative and node.is_behind is is_behind
    return is_look and isinstance(node, Look) and node.body == Characters(ALL)


def _with_counter_moved(root: Node, lengths: Lengths) -> Node | None:
    """The root, where all of it but one repeat of a fixed width is of a fixed width."""
    parts = root.parts if isinstance(root, Sequence) else (root,)
    measures = Measures()
    place = _only_loose(parts, measures)
    if place is None:
        return None
    repeat = parts[place]
    assert isinstance(repeat, Repeat)
    fixed = sum(measures.of(part).low for part in parts) - measures.of(repeat).low
    counts = _counts(repeat, measures.of(repeat.body), lengths, fixed)
    if counts is None:
        return _NO_TEXT
    moved = Repeat(repeat.body, counts.low, counts.high, repeat.is_lazy, repeat.place)
    return sequence([*parts[:place], moved, *parts[place + 1 :]])


def _only_loose(parts: Parts[Node], measures: Measures) -> int | None:
    loose = [place for place, part in enumerate(parts) if not measures.of(part).is_fixed]
    if len(loose) != 1 or not isinstance(repeat := parts[loose[0]], Repeat):
        return None
    body = measures.of(repeat.body)
    return loose[0] if body.is_fixed and body.low > 0 else None


def _counts(repeat: Repeat, body: Measure, lengths: Lengths, fixed: int) -> Lengths | None:
    """How often, so that all together is of these lengths; None where there is no such count."""
    low = max(repeat.low, -((fixed - lengths.low) // body.low))
    high = repeat.high
    if lengths.high is not None:
        most = (lengths.high - fixed) // body.low
        high = most if high is None else min(high, most)
    return None if high is not None and high < low else Lengths(low, high)
