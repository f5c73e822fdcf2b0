"""A guard of regular languages: labels, views led back to the given text, and pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from llmpost.automata.entities.bounds import OPEN, WORD
from llmpost.automata.entities.table import entity_named
from llmpost.automata.entities.written import written
from llmpost.automata.finding.finder import Finder
from llmpost.automata.finding.match import Sought
from llmpost.contracts.guard import Finding, FollowingGuard, GuardContext, Span
from llmpost.guards.reading import Reading
from llmpost.guards.regular import UNDECIDED, Label, RegularGuard
from llmpost.guards.view import Seen

ANYWHERE = GuardContext()


@dataclass(frozen=True)
class Shorthand:
    """A view that leaves out hyphens, shows ``%x`` as ``xx``, and waits for what follows a per cent sign."""

    name: str = "shorthand"
    reach: int = 1
    stretch: int = 10

    def follow(self, memory: Any, piece: str, is_end: bool) -> Seen:
        waiting, begin = memory or ("", 0)
        text, shown, at = waiting + piece, [], 0
        while at < len(text):
            if text[at] == "%" and at + 1 == len(text) and not is_end:
                break
            is_short = text[at] == "%" and at + 1 < len(text)
            end = at + (2 if is_short else 1)
            shown += [(one, begin + at, begin + end) for one in text[end - 1 : end] * (1 + is_short) if one != "-"]
            at = end
        seen, starts, ends = zip(*shown, strict=True) if shown else ((), (), ())
        return Seen((text[at:], begin + at), "".join(seen), starts, ends, begin + at)


def guard_of(*patterns: str, views: Sequence[Shorthand | None] = (None,), reach: int = 8, **how: Any) -> RegularGuard:
    finder = Finder([Sought(written(pattern, WORD), tag) for tag, pattern in enumerate(patterns)], reach)
    labels = {tag: Label(pattern.upper(), 0.5 + tag / 10, "it looks like one") for tag, pattern in enumerate(patterns)}
    return RegularGuard("regular", labels, tuple(Reading(finder, view) for view in views), **how)


def spans(guard: RegularGuard, text: str) -> list[tuple[int, int]]:
    return [(found.span.start, found.span.end) for found in guard.inspect(text, ANYWHERE)]


def test_a_finding_says_what_its_tag_stands_for() -> None:
    """Label, score and reason are its tag's; it is the guard's."""
    guard = guard_of("ab", "cd")
    assert isinstance(guard, FollowingGuard)
    assert guard.inspect("ab or cd", ANYWHERE) == (
        Finding("regular", "AB", Span(0, 2), 0.5, "it looks like one"),
        Finding("regular", "CD", Span(6, 8), 0.6, "it looks like one"),
    )


def test_what_is_undecided_is_found_or_allowed() -> None:
    """A run that is the beginning of a match for longer than the reach is a finding, with a reason of its own, until it
    can be none; where that is allowed it is nothing."""
    text = "no " + "a" * 20 + "c ab"
    found = guard_of("a+b").inspect(text, ANYWHERE)
    assert [(one.span, one.reason == UNDECIDED) for one in found] == [(Span(3, 23), True), (Span(25, 27), False)]
    assert spans(guard_of("a+b", on_undecided="allow"), text) == [(25, 27)]


def test_a_view_leads_back_to_the_given_text() -> None:
    """What is found in a view covers all that its characters stood for, from the first one to the last; what both
    readings find is given once."""
    assert spans(guard_of("axxb", views=[Shorthand()]), "so: a%xb.") == [(4, 8)]
    assert spans(guard_of("axxb", views=[Shorthand()]), "so: -a-x-%x") == []
    assert spans(guard_of("ax", views=[Shorthand()]), "so: -a--x-") == [(5, 9)]
    assert spans(guard_of("ab", "xx", views=[None, Shorthand()]), "ab a-b %x") == [(0, 2), (3, 6), (7, 9)]


def test_what_two_readings_have_at_different_times_is_given_once() -> None:
    """A view that leaves out what follows a match sees later than others that it has ended: by then it was given."""
    guard, memory, found = guard_of("ab", views=[None, Shorthand()]), None, []
    for character in "so ab ----- ab":
        progress = guard.follow(memory, character, ANYWHERE, False)
        memory = progress.memory
        found += progress.findings
    found += guard.follow(memory, "", ANYWHERE, True).findings
    assert [finding.span for finding in found] == [Span(3, 5), Span(12, 14)]


@given(
    text=st.text("ab-%x ", max_size=24),
    places=st.lists(st.integers(0, 24), max_size=8),
    patterns=st.lists(st.sampled_from(["a+b", "xx", "ax*", "b.?b", "x{3}", "a{5,}x"]), min_size=1, max_size=3),
    views=st.sampled_from([[None], [Shorthand()], [None, Shorthand()], [Shorthand(), Shorthand()]]),
)
def test_pieces_find_what_the_whole_has(
    text: str, places: list[int], patterns: list[str], views: Sequence[Shorthand | None]
) -> None:
    """However a text is cut, each finding is given once, none begins before what was settled, and all of them together
    are those of the whole."""
    guard = guard_of(*patterns, views=views, reach=4)
    memory, found, settled = None, [], 0
    edges = [0, *sorted(places), len(text)]
    for number, (start, end) in enumerate(pairwise(edges), 2):
        progress = guard.follow(memory, text[start:end], ANYWHERE, number == len(edges))
        assert all(finding.span.start >= settled for finding in progress.findings)
        assert progress.settled >= settled
        memory, settled = progress.memory, progress.settled
        found += progress.findings
    whole = list(guard.inspect(text, ANYWHERE))
    assert sorted(found, key=repr) == sorted(whole, key=repr)
    assert len(set(whole)) == len(whole)


@given(text=st.text("ab-%x ", max_size=60))
def test_the_reach_is_honest(text: str) -> None:
    """Where nothing stays undecided, no more than the declared reach is ever open."""
    guard = guard_of("ab", "xxx", "bx?a", views=[None, Shorthand()], reach=4)
    memory = None
    for number, character in enumerate(text, 1):
        progress = guard.follow(memory, character, ANYWHERE, False)
        assert progress.settled >= number - guard.reach
        memory = progress.memory


def test_memory_does_not_grow() -> None:
    """After a long run that stays undecided, in a view that rewrites all of it, as much is remembered as after a short
    one."""
    finder = Finder([Sought(written("a+b", OPEN), 0), *(Sought(form, 1) for form in entity_named("US_SSN").forms)], 8)
    guard = RegularGuard("regular", {0: Label("RUN"), 1: Label("SSN")}, (Reading(finder), Reading(finder, Shorthand())))
    sizes = set()
    for times in (30, 3000):
        memory = None
        for _ in range(times):
            memory = guard.follow(memory, "%a-", ANYWHERE, False).memory
        sizes.add(sum(len(one.starts) + len(one.ends) for one in memory.readings[1:]) + len(memory.given))
    assert len(sizes) == 1
