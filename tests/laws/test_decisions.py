"""Laws of deciding: what becomes of a text depends on what was found and on nothing else."""

from __future__ import annotations

from itertools import pairwise

from cluster_oracle import CHANGES, characters_left, components, hull, strongest, texts_with_findings
from hypothesis import given
from hypothesis import strategies as st

from llmpost.contracts.guard import Span
from llmpost.guards.apply import Change, Plain, apply
from llmpost.guards.clusters import clusters_of
from llmpost.guards.decide import decide, decide_answer, decide_stream
from llmpost.guards.tools import Tools
from llmpost.guards.weighed import Weighed

TOOLS = Tools(key=b"key")


@given(texts_with_findings())
def test_clusters_are_what_overlap_connects(given: tuple[str, list[Weighed]]) -> None:
    """Clusters are the connected components of all pairs, and come in the order of the text."""
    _, weighed = given
    clusters = clusters_of(weighed)
    expected = sorted(((hull(group), sorted(group, key=repr)) for group in components(weighed)), key=repr)
    assert sorted(((one.span, sorted(one.members, key=repr)) for one in clusters), key=repr) == expected
    assert [one.span for one in clusters] == sorted(one.span for one in clusters)
    assert all(one.span.end <= other.span.start for one, other in pairwise(clusters))


@given(texts_with_findings(), st.randoms(use_true_random=False))
def test_the_order_of_findings_is_nothing(given: tuple[str, list[Weighed]], random: object) -> None:
    """Guards may answer in any order: decisions are the same."""
    _, weighed = given
    shuffled = list(weighed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide_answer(clusters_of(shuffled)) == decide_answer(clusters_of(weighed))


@given(texts_with_findings())
def test_a_cluster_is_decided_by_its_strongest(given: tuple[str, list[Weighed]]) -> None:
    """Nobody in it has a stronger action than the one that is taken."""
    for cluster in clusters_of(given[1]):
        assert decide(cluster).action.kind == strongest(list(cluster.members)).kind


@given(texts_with_findings())
def test_a_stream_leaves_what_the_definition_says(given: tuple[str, list[Weighed]]) -> None:
    """Of the given characters those stay that no cluster has, up to the first cluster that ends the text."""
    text, weighed = given
    applied = apply(Plain(text), decide_stream(clusters_of(weighed)), TOOLS)
    assert "".join(one for one in applied.text if one in text) == characters_left(text, weighed)


@given(texts_with_findings())
def test_nothing_that_was_acted_on_is_left(given: tuple[str, list[Weighed]]) -> None:
    """Every character is another one here: none of those in an acted-on span is in what comes out."""
    text, weighed = given
    flagged = {text[at] for group in components(weighed) for at in range(hull(group).start, hull(group).end)}
    for decisions in (decide_stream(clusters_of(weighed)), decide_answer(clusters_of(weighed))):
        applied = apply(Plain(text), decisions, TOOLS)
        if applied.ended_by is None or not applied.ended_by.replaces_answer:
            assert not flagged & set(applied.text)


@given(texts_with_findings())
def test_cluster_by_cluster_is_all_at_once(given: tuple[str, list[Weighed]]) -> None:
    """A stream that settles one cluster after the other says what the whole says, and so do its changes."""
    text, weighed = given
    clusters = clusters_of(weighed)
    whole = apply(Plain(text), decide_stream(clusters), TOOLS)
    parts: list[str] = []
    changes: list[Change] = []
    at = 0
    for cluster in clusters:
        piece = Plain(text[at : cluster.span.end], at)
        applied = apply(piece, [decide(cluster)], TOOLS, sum(map(len, parts)))
        parts.append(applied.text)
        changes += applied.changes
        at = cluster.span.end
        if applied.ended_by is not None:
            break
    else:
        parts.append(text[at:])
    assert "".join(parts) == whole.text
    assert [_beginning(change) for change in changes] == [_beginning(change) for change in whole.changes]


@given(texts_with_findings(CHANGES))
def test_streamed_is_unstreamed_where_nothing_ends(given: tuple[str, list[Weighed]]) -> None:
    """Only an end makes a difference between the two."""
    clusters = clusters_of(given[1])
    assert decide_stream(clusters) == decide_answer(clusters)


@given(texts_with_findings(CHANGES))
def test_changes_tell_where(given: tuple[str, list[Weighed]]) -> None:
    """Between two changes the text is the same before and after, and no replacement is empty."""
    text, weighed = given
    applied = apply(Plain(text), decide_answer(clusters_of(weighed)), TOOLS)
    before, after = 0, 0
    for change in applied.changes:
        assert text[before : change.before.start] == applied.text[after : change.after.start]
        assert change.after.start < change.after.end
        before, after = change.before.end, change.after.end
    assert text[before:] == applied.text[after:]


def _beginning(change: Change) -> tuple[int, Span, str]:
    """Of a change that ends the text: how far the text went on behind it is known to the whole alone."""
    return change.before.start, change.after, change.action
