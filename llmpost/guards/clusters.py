"""Clusters: findings that overlap, directly or by way of others, are decided as one.

Touching is not overlapping. A finding that is only allowed or logged joins nobody: else a classifier that reports its
scores for a whole text would make one cluster of all of it. Knows nothing of what is done about a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llmpost.contracts.guard import Span
from llmpost.guards.weighed import Weighed


@dataclass(frozen=True, slots=True)
class Cluster:
    """The findings, by place, and the hull of their spans."""

    span: Span
    members: tuple[Weighed, ...]


def clusters_of(weighed: Iterable[Weighed]) -> tuple[Cluster, ...]:
    """All clusters of findings that are acted on, in the order of the text; no two of them overlap.

    What comes in another order comes out the same.
    """
    clusters: list[Cluster] = []
    members: list[Weighed] = []
    hull = Span(0, 0)
    for one in sorted((one for one in weighed if one.is_acted_on), key=_place):
        span = one.finding.span
        if members and hull.start < span.end and span.start < hull.end:
            hull = Span(hull.start, max(hull.end, span.end))
        else:
            if members:
                clusters.append(Cluster(hull, tuple(members)))
            members, hull = [], span
        members.append(one)
    if members:
        clusters.append(Cluster(hull, tuple(members)))
    return tuple(clusters)


def _place(one: Weighed) -> tuple[Span, tuple[int, float, int, int, str, str, str]]:
    return one.finding.span, one.rank
