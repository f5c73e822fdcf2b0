"""Matched: a match of a kind, and which matches lie inside others and are nothing of their own.

What lies inside a certain match is a part of it: the groups of an account number are no telephone's. What lies inside a
surer match of its own entity is that entity again. Knows no text and no threshold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from llmpost.contracts.guard import Span
from llmpost.guards.pii.kind import Kind


@dataclass(frozen=True, slots=True)
class Matched:
    kind: Kind
    span: Span
    why: str
    is_whole: bool = True
    """Not where it was undecided for too long: then nothing raises its score, and nothing lies inside it."""

    def is_settled(self, settled: int, end: int) -> bool:
        """Whether no match still to come covers it, and the text is there that has a say in its score."""
        return self.span.start < settled and self.span.end + self.kind.reach <= end


class Covering:
    """Matches, and for each kind how far those reach that have begun."""

    def __init__(self, matches: Iterable[Matched]) -> None:
        self._furthest: dict[Kind, list[Matched]] = {}
        self._starts: dict[Kind, list[int]] = {}
        for match in sorted(filter(attrgetter("is_whole"), matches), key=attrgetter("span")):
            furthest = self._furthest.setdefault(match.kind, [])
            reaches_further = not furthest or match.span.end > furthest[-1].span.end
            furthest.append(match if reaches_further else furthest[-1])
            self._starts.setdefault(match.kind, []).append(match.span.start)

    def covers(self, match: Matched) -> bool:
        return any(self._covers(kind, match) for kind in self._furthest if _may_cover(kind, match.kind))

    def _covers(self, kind: Kind, match: Matched) -> bool:
        begun = bisect_right(self._starts[kind], match.span.start)
        if not begun:
            return False
        widest = self._furthest[kind][begun - 1].span
        return match.span.end <= widest.end and (widest != match.span or kind.score > match.kind.score)


def _may_cover(kind: Kind, other: Kind) -> bool:
    return kind.is_certain or (kind.entity == other.entity and kind.score > other.score)
