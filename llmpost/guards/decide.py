"""Decide: what is done about each cluster of findings. Pure: the same clusters, the same decisions.

A cluster is decided alone, by its strongest action; what is done to the text is one thing for the whole of it. A stream
is decided cluster by cluster up to the first that ends it; an answer that is judged as a whole can also be replaced as
a whole. It writes nothing: `apply` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llmpost.contracts.action import CHANGES_SPAN, ENDS_TEXT, Action
from llmpost.contracts.guard import Span
from llmpost.guards.clusters import Cluster
from llmpost.guards.weighed import Weighed


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about the characters of `span`."""

    span: Span
    best: Weighed
    """The finding that the whole is done for, and named after."""
    members: tuple[Weighed, ...]

    @property
    def action(self) -> Action:
        return self.best.action

    @property
    def changes_span(self) -> bool:
        return self.action.kind in CHANGES_SPAN

    @property
    def ends_text(self) -> bool:
        return self.action.kind in ENDS_TEXT

    @property
    def replaces_answer(self) -> bool:
        """Of an answer judged as a whole, nothing is shown."""
        return self.ends_text and self.action.kind != "truncate"


def decide(cluster: Cluster) -> Decision:
    return Decision(cluster.span, min(cluster.members, key=lambda one: one.rank), cluster.members)


def decide_stream(clusters: Iterable[Cluster]) -> tuple[Decision, ...]:
    """One after the other up to the first that ends the text, which is the last: what is behind it is not there."""
    taken: list[Decision] = []
    for cluster in clusters:
        taken.append(decide(cluster))
        if taken[-1].ends_text:
            break
    return tuple(taken)


def decide_answer(clusters: Iterable[Cluster]) -> tuple[Decision, ...]:
    """As in a stream, but what replaces the answer replaces all of it: the strongest does that, the first of equals,
    and stands alone. What a truncation cut off is no part of the answer."""
    taken: list[Decision] = []
    for cluster in clusters:
        taken.append(decide(cluster))
        if taken[-1].action.kind == "truncate":
            break
    replacing = [one for one in taken if one.replaces_answer]
    return (max(replacing, key=lambda one: one.action.strength),) if replacing else tuple(taken)
