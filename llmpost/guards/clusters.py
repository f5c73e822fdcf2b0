"""Clusters: findings that overlap, directly or by way of others, are decided as one.

Touching is not overlapping. A finding that is only allowed or logged joins nobody: else a classifier that reports its
scores for a whole text would make one cluster of all of it. Knows nothing of what is done about a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from llmpost.contracts.guard import Span
from llmpost.guards.weighed import Weighed


@dataclass(frozen=True, slots=True)
class Cluster:
    """The findings, by place, and the hull of their spans."""

    span: Span
    members: tuple[Weighed, ...]


class Sweep:
    """Goes through a text once and gives out each cluster when it can grow no more.

    Findings come in any order, but none that begins before what is settled already. What is given out is then the same
    whenever they come, and so is the order: that of the text, and no two clusters overlap.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[tuple[Span, tuple[int, float, int, int, str, str, str]], int, Weighed]] = []
        self._count = 0
        self._members: list[Weighed] = []
        self._hull = Span(0, 0)

    @property
    def open_start(self) -> int | None:
        """Where the cluster begins that is not closed yet; None where there is none."""
        return self._hull.start if self._members else None

    def add(self, weighed: Iterable[Weighed]) -> None:
        for one in weighed:
            if one.is_acted_on:
                self._count += 1
                heappush(self._waiting, ((one.finding.span, one.rank), self._count, one))

    def closed(self, settled: int | None) -> Iterator[Cluster]:
        """The clusters that are closed when no finding still to come begins before `settled`; None: at the end."""
        while self._waiting and (settled is None or self._waiting[0][2].finding.span.start < settled):
            one = heappop(self._waiting)[2]
            span = one.finding.span
            if self._members and self._hull.start < span.end and span.start < self._hull.end:
                self._hull = Span(self._hull.start, max(self._hull.end, span.end))
            else:
                yield from self._taken()
                self._hull = span
            self._members.append(one)
        if settled is None or self._hull.end <= settled:
            yield from self._taken()

    def _taken(self) -> Iterator[Cluster]:
        if self._members:
            members, self._members = tuple(self._members), []
            yield Cluster(self._hull, members)


def clusters_of(weighed: Iterable[Weighed]) -> tuple[Cluster, ...]:
    """All clusters of findings that are acted on, in the order of the text; no two of them overlap.

    What comes in another order comes out the same.
    """
    sweep = Sweep()
    sweep.add(weighed)
    return tuple(sweep.closed(None))
