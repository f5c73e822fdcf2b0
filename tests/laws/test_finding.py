"""A finder finds what brute force finds, however the text is cut, the table is kept, and whichever twin scans."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from finding_oracle import matches_of, sought, texts
from hypothesis import given
from hypothesis import strategies as st

from llmpost.automata.entities.bounds import OPEN
from llmpost.automata.entities.table import ENTITIES
from llmpost.automata.entities.written import written
from llmpost.automata.finding.finder import Finder, Limits
from llmpost.automata.finding.match import Sought
from llmpost.automata.finding.scan import Advance, State, scan
from llmpost.automata.finding.table import Shelf
from llmpost.automata.finding.tools import PLAIN, Tools, best_tools

TOOLS = pytest.mark.parametrize(
    "tools", dict.fromkeys([PLAIN, best_tools()]), ids=lambda one: "plain" if one is PLAIN else "compiled"
)


@TOOLS
@given(sought=sought, text=texts, reach=st.integers(0, 12))
def test_it_finds_what_brute_force_finds(tools: Tools, sought: Sequence[Sought], text: str, reach: int) -> None:
    """Of random languages within random bounds, in random texts, for any reach."""
    assert Finder(sought, reach, tools=tools).find(text) == matches_of(sought, reach, text)


def cut(text: str, places: Sequence[int]) -> list[str]:
    """At these places, in order; beyond the end there are empty pieces."""
    edges = [0, *sorted(places), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


@TOOLS
@given(sought=sought, text=texts, reach=st.integers(0, 12), places=st.lists(st.integers(0, 14), max_size=6))
def test_any_pieces_make_the_whole(
    tools: Tools, sought: Sequence[Sought], text: str, reach: int, places: list[int]
) -> None:
    """However a text is cut, the same is found; nothing that comes begins before what was settled, and that never goes
    back."""
    finder, memory, found, settled = Finder(sought, reach, tools=tools), None, [], 0
    pieces = cut(text, places)
    for number, piece in enumerate(pieces, 1):
        step = finder.follow(memory, piece, number == len(pieces))
        assert all(match.start >= settled for match in step.matches)
        assert step.settled >= settled
        memory, settled = step.memory, step.settled
        found += step.matches
    assert settled == len(text)
    assert sorted(found) == sorted(matches_of(sought, reach, text))


@TOOLS
@given(sought=sought, lines=st.lists(texts, max_size=3), num_rows=st.integers(0, 6), algebra_bytes=st.integers(0, 3000))
def test_a_small_table_finds_the_same(
    tools: Tools, sought: Sequence[Sought], lines: list[str], num_rows: int, algebra_bytes: int
) -> None:
    """A table that is begun afresh all the time, and an algebra that is, change nothing, also for a text under way."""
    small = Finder(sought, 6, Limits(num_rows, algebra_bytes), tools)
    first = small.follow(None, "a1b", False)
    for line in lines:
        assert small.find(line) == matches_of(sought, 6, line)
    second = small.follow(first.memory, "ab.a1", True)
    assert sorted(first.matches + second.matches) == sorted(matches_of(sought, 6, "a1bab.a1"))


@given(sought=sought, text=texts, reach=st.integers(0, 12), places=st.lists(st.integers(0, 14), max_size=3))
def test_twins_agree_on_every_step(sought: Sequence[Sought], text: str, reach: int, places: list[int]) -> None:
    """From each state, over each table, the compiled scan gets to what the plain one gets to, and misses what it
    misses."""
    best = best_tools()

    def both(*asked: Any) -> Advance:
        advance = scan(*asked)
        assert best.scan(*asked) == advance
        return advance

    finder, memory = Finder(sought, reach, Limits(num_rows=20), Tools(best.make_algebra, both)), None
    for piece in cut(text, places):
        memory = finder.follow(memory, piece, False).memory
    finder.follow(memory, "", True)


def test_threads_share_a_finder() -> None:
    """Several threads that search with one finder, while its table is begun afresh again and again, find what one
    finds."""
    sought = [Sought(form, tag) for tag, entity in enumerate(ENTITIES) for form in entity.forms]
    texts = [f"it is {example}, or {entity.near_misses[0]}" for entity in ENTITIES for example in entity.examples[:1]]
    expected = [Finder(sought, 300).find(text) for text in texts]
    shared = Finder(sought, 300, Limits(num_rows=50))
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda _: [shared.find(text) for text in texts], range(4)):
            assert found == expected


class Counted(list[int]):
    """Steps of a table, and how many were taken."""

    taken = 0

    def __getitem__(self, place: Any) -> Any:
        self.taken += 1
        return super().__getitem__(place)


@pytest.mark.parametrize("pattern", ["a+", "(a|aa)+", "(a+)+b", "a*a*a*b", "(.a)*.b", "a.*b|a", "(a|b|ab)*c"])
def test_work_is_linear(pattern: str) -> None:
    """In a long text of one character, each costs as many steps as in a short one, and no more than six."""
    taken = dict.fromkeys((500, 5000), 0)

    def counting(shelf: Shelf, reach: int, state: State, text: str, index: int, end: int) -> Advance:
        steps = Counted(shelf.steps)
        advance = scan(shelf._replace(steps=steps), reach, state, text, index, end)  # type: ignore[arg-type]
        taken[len(text)] += steps.taken
        return advance

    finder = Finder([Sought(written(pattern, OPEN), 0)], 100, tools=Tools(PLAIN.make_algebra, counting))
    for length in taken:
        assert finder.find("a" * length) == finder.find("a" * length)
    assert taken[5000] <= min(10 * taken[500] + 100, 12 * 5000)
