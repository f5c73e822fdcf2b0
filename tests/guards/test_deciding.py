"""What is done about findings: tables of rules, tiers and clusters, each with its outcome."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from hostile_guards import Fixed, rule

from llmpost.contracts.action import Action, ActionKind
from llmpost.contracts.guard import Finding, Span
from llmpost.guards.apply import Plain, apply
from llmpost.guards.clusters import clusters_of
from llmpost.guards.decide import decide_answer, decide_stream
from llmpost.guards.rule import ANY, Tier
from llmpost.guards.tools import Tools
from llmpost.guards.weighed import Weighed, weigh

TIERS = MappingProxyType({
    "hate": (Tier(0.4, Action("review")), Tier(0.8, Action("block"))),
    ANY: (Tier(0.6, Action("log")), Tier(0.95, Action("refuse"))),
})  # fmt: skip


def finding(start: int, end: int, label: str = "A", score: float = 1.0, guard: str = "g") -> Finding:
    return Finding(guard, label, Span(start, end), score)


def weighed(start: int, end: int, action: ActionKind, **more: Any) -> Weighed:
    return weigh(finding(start, end, **more), rule(Fixed(()), action))


def test_an_action_by_label_comes_before_the_rules_own() -> None:
    """Every other label has the rule's action."""
    one = rule(Fixed(()), "redact", actions={"A": Action("block")})
    assert [weigh(finding(0, 1, label), one).action.kind for label in "AB"] == ["block", "redact"]


@pytest.mark.parametrize(
    ("label", "score", "kind"),
    [
        ("hate", 0.39, "allow"), ("hate", 0.4, "review"), ("hate", 0.79, "review"), ("hate", 0.8, "block"),
        ("hate", 1.0, "block"), ("other", 0.59, "allow"), ("other", 0.6, "log"), ("other", 0.95, "refuse"),
    ],
)  # fmt: skip
def test_tiers(label: str, score: float, kind: str) -> None:
    """From each threshold up its action; of those of a label and those of any category the stronger."""
    one = rule(Fixed(()), "redact", tiers=TIERS)
    assert weigh(finding(0, 1, label, score), one).action.kind == kind


def test_a_label_without_tiers_keeps_its_action_where_any_has_none() -> None:
    """Tiers of one label say nothing about the others."""
    one = rule(Fixed(()), "redact", tiers=MappingProxyType({"hate": TIERS["hate"]}))
    assert weigh(finding(0, 1, "other", 0.99), one).action.kind == "redact"


def test_a_place_without_characters_cannot_be_changed() -> None:
    """It is logged: a mark where nothing was would be no replacement. It can end the text all the same."""
    assert weighed(3, 3, "redact").action.kind == "log"
    assert weighed(3, 3, "block").action.kind == "block"


@pytest.mark.parametrize(
    ("spans", "hulls"),
    [
        ([], []),
        ([(0, 2), (2, 4)], [(0, 2), (2, 4)]),
        ([(0, 3), (2, 4)], [(0, 4)]),
        ([(0, 9), (2, 4), (8, 12), (12, 13)], [(0, 12), (12, 13)]),
        ([(5, 6), (0, 1)], [(0, 1), (5, 6)]),
        ([(0, 4), (2, 2), (4, 4), (0, 0)], [(0, 0), (0, 4), (4, 4)]),
    ],
)
def test_clusters(spans: list[tuple[int, int]], hulls: list[tuple[int, int]]) -> None:
    """What overlaps is one, touching is not overlapping, and a place between characters is inside or it is not."""
    found = clusters_of(weighed(*span, "block") for span in spans)
    assert [(one.span.start, one.span.end) for one in found] == hulls


def test_what_is_not_acted_on_joins_nobody() -> None:
    """A classifier's score for the whole text, only logged, leaves what is in it apart."""
    found = clusters_of(
        [weighed(0, 20, "log"), weighed(0, 20, "allow"), weighed(1, 2, "redact"), weighed(4, 5, "mask")]
    )
    assert [(one.span.start, one.span.end) for one in found] == [(1, 2), (4, 5)]


@pytest.mark.parametrize(
    ("members", "best"),
    [
        ([weighed(0, 9, "mask"), weighed(1, 2, "redact")], 1),
        ([weighed(0, 9, "redact", score=0.5), weighed(1, 2, "redact", score=0.9)], 1),
        ([weighed(0, 3, "redact"), weighed(1, 9, "redact")], 1),
        ([weighed(2, 4, "redact"), weighed(1, 3, "redact")], 1),
        ([weighed(0, 3, "redact", guard="z"), weighed(0, 3, "redact", guard="b")], 1),
        ([weighed(0, 3, "redact", label="Z"), weighed(0, 3, "redact", label="B")], 1),
    ],
)
def test_the_best_of_a_cluster(members: list[Weighed], best: int) -> None:
    """By strength of action, score, length, place and name, in this order."""
    (cluster,) = clusters_of(members)
    assert decide_answer([cluster])[0].best == members[best]


TEXT = "0123456789"


@pytest.mark.parametrize(
    ("members", "streamed", "whole"),
    [
        ([weighed(2, 4, "redact"), weighed(6, 7, "redact")], "01[A]45[A]789", "01[A]45[A]789"),
        ([weighed(2, 4, "redact"), weighed(3, 7, "mask")], "01[A]789", "01[A]789"),
        ([weighed(2, 4, "redact"), weighed(6, 7, "truncate")], "01[A]45", "01[A]45"),
        ([weighed(2, 4, "redact"), weighed(3, 7, "truncate")], "01", "01"),
        ([weighed(2, 4, "truncate"), weighed(6, 7, "block")], "01", "01"),
        ([weighed(2, 4, "redact"), weighed(6, 7, "block")], "01[A]45", ""),
        ([weighed(2, 4, "block"), weighed(6, 7, "truncate")], "01", ""),
    ],
)
def test_what_is_left(members: list[Weighed], streamed: str, whole: str) -> None:
    """A stream ends where its first end begins; an answer judged as a whole is replaced as a whole."""
    clusters = clusters_of(members)
    in_stream = apply(Plain(TEXT), decide_stream(clusters), Tools())
    in_one = apply(Plain(TEXT), decide_answer(clusters), Tools())
    assert in_stream.text == streamed
    is_replaced = in_one.ended_by is not None and in_one.ended_by.replaces_answer
    assert ("" if is_replaced else in_one.text) == whole


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [(["refuse", "block"], "block"), (["block", "refuse"], "block"), (["retry", "review"], "retry")],
)
def test_the_strongest_replaces_the_answer(kinds: list[ActionKind], kind: str) -> None:
    """Wherever it stands."""
    clusters = clusters_of(weighed(at, at + 1, each) for at, each in enumerate(kinds))
    assert [one.action.kind for one in decide_answer(clusters)] == [kind]


def test_a_long_chain_is_one_cluster() -> None:
    """Ten thousand findings, each of which overlaps only the next."""
    chain = [weighed(at, at + 2, "redact") for at in range(10_000)]
    (cluster,) = clusters_of(chain)
    assert (cluster.span, len(cluster.members)) == (Span(0, 10_001), 10_000)
