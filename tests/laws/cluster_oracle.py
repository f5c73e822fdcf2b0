"""What becomes of a text, from the definitions: pairs that overlap, joined until nothing changes; and random findings.

Slow and obvious: every pair is looked at, and every character is asked what is done about it.
"""

from __future__ import annotations

from types import MappingProxyType

from hostile_guards import Fixed
from hypothesis import strategies as st

from llmpost.contracts.action import ENDS_TEXT, KINDS, Action
from llmpost.contracts.guard import Finding, Span
from llmpost.guards.rule import ANY, Rule, Tier
from llmpost.guards.weighed import Weighed, weigh

SCORES = st.sampled_from([0.2, 0.5, 0.9])
ACTIONS = st.sampled_from(KINDS).map(Action)
CHANGES = st.sampled_from(["allow", "log", "redact", "pseudonymise", "hash"]).map(Action)  # type: ignore[arg-type]


def overlap(one: Span, other: Span) -> bool:
    """Some point that is no border of either is in both."""
    return max(one.start, other.start) < min(one.end, other.end) or (
        one.start < other.start == other.end < one.end or other.start < one.start == one.end < other.end
    )


def components(weighed: list[Weighed]) -> list[list[Weighed]]:
    """What is acted on, connected by overlap."""
    groups = [[one] for one in weighed if one.action.kind not in ("allow", "log")]
    while True:
        pair = next(
            (
                (a, b)
                for a in range(len(groups))
                for b in range(a)
                if any(overlap(x.finding.span, y.finding.span) for x in groups[a] for y in groups[b])
            ),
            None,
        )
        if pair is None:
            return groups
        groups[pair[1]] += groups.pop(pair[0])


def hull(group: list[Weighed]) -> Span:
    return Span(min(one.finding.span.start for one in group), max(one.finding.span.end for one in group))


def strongest(group: list[Weighed]) -> Action:
    return max((one.action for one in group), key=lambda action: KINDS.index(action.kind))


def characters_left(text: str, weighed: list[Weighed]) -> str:
    """Those that no cluster has, up to the first cluster that ends the text."""
    groups = components(weighed)
    ends = [hull(group).start for group in groups if strongest(group).kind in ENDS_TEXT]
    taken = {at for group in groups for at in range(hull(group).start, hull(group).end)}
    return "".join(text[at] for at in range(min(ends, default=len(text))) if at not in taken)


@st.composite
def rules(draw: st.DrawFn, name: str, actions: st.SearchStrategy[Action]) -> Rule:
    by_label = draw(st.dictionaries(st.sampled_from("AB"), actions, max_size=2))
    tiers = draw(st.dictionaries(st.sampled_from(["A", ANY]), st.lists(actions, min_size=1, max_size=2), max_size=2))
    return Rule(
        Fixed((), name),
        draw(actions),
        MappingProxyType(by_label),
        MappingProxyType({
            label: tuple(Tier(threshold, action) for threshold, action in zip((0.4, 0.8), each, strict=False))
            for label, each in tiers.items()
        }),
    )  # fmt: skip


@st.composite
def texts_with_findings(draw: st.DrawFn, actions: st.SearchStrategy[Action] = ACTIONS) -> tuple[str, list[Weighed]]:
    """A text in which every character is another one, and what some rules say about places in it."""
    length = draw(st.integers(0, 24))
    some = [draw(rules(f"guard{number}", actions)) for number in range(draw(st.integers(1, 3)))]
    weighed = []
    for _ in range(draw(st.integers(0, 8))):
        places = sorted(draw(st.tuples(st.integers(0, length), st.integers(0, length))))
        rule = draw(st.sampled_from(some))
        label = draw(st.sampled_from("ABC"))
        weighed.append(weigh(Finding(rule.guard.name, label, Span(*places), draw(SCORES)), rule))
    return "".join(chr(0x4E00 + number) for number in range(length)), weighed
