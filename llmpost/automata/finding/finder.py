"""Finder: all matches of labelled languages within their bounds, in a whole text or piece by piece.

Of each tag it gives out the matches that lie in no other of that tag. What has begun, and is not decided within its
reach, is a match too: from its start until it can no more become one. It knows no labels and no views; a guard is made
of it in `guards.regular`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from llmpost.automata.finding.candidates import Candidate
from llmpost.automata.finding.match import Found, Match, Sought
from llmpost.automata.finding.scan import State, Thread
from llmpost.automata.finding.settling import ended, first_young, settled
from llmpost.automata.finding.table import UNKNOWN, Plan, Table
from llmpost.automata.finding.tools import Tools, best_tools

LOOK_AHEAD = 2
"""So many characters behind a match have a say in whether it ends there."""
SLICE = 1 << 16
"""Characters: no longer does a scan go on without other threads running, and without giving out what is final."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A table that has learnt more rows, or terms of more bytes, is begun afresh."""

    num_rows: int = 1 << 15
    algebra_bytes: int = 64 << 20


class _Place(NamedTuple):
    """A state, and the table that its rows are in."""

    table: Table
    state: State


class _Passage(NamedTuple):
    """A part of the text."""

    text: str
    start: int

    def between(self, start: int, end: int) -> str:
        return self.text[start - self.start : end - self.start]

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class _Memory(NamedTuple):
    place: _Place
    passage: _Passage
    """What may turn out to be part of a match that has something to pass; and the last characters, which wait: what
    stands behind them has a say in what ends before them."""


class Finder:
    """Shared by all who search, and never changed in meaning by them.

    What is no match after `reach` characters, and may still become one, is undecided.

    >>> from llmpost.automata.entities.table import entity_named
    >>> finder = Finder([Sought(form, 7) for form in entity_named("US_SSN").forms], reach=20)
    >>> finder.find("Her number is 078-05-1120.")
    (Match(tag=7, start=14, end=25, is_undecided=False),)
    """

    def __init__(
        self, sought: Sequence[Sought], reach: int, limits: Limits | None = None, tools: Tools | None = None
    ) -> None:
        self.reach = reach
        self._limits = limits or Limits()
        self._tools = tools or best_tools()
        self._plan = Plan(sought)
        self._table = Table.read(self._plan, self._tools.make_algebra())
        self._lock = Lock()

    def find(self, text: str) -> tuple[Match, ...]:
        """All of a whole text, in the order of their places."""
        return self.follow(None, text, True).matches

    def follow(self, memory: _Memory | None, piece: str, is_end: bool) -> Found:
        """What the next piece settles; `memory` is None at first. With `is_end` everything is settled."""
        place, (known, start) = memory or _Memory(_Place(self._table, State()), _Passage("", 0))
        passage = _Passage(known + piece, start)
        end = passage.end if is_end else max(passage.end - LOOK_AHEAD, place.state.position)
        place, final = self._read(place, passage, end)
        if is_end:
            final += ended(place.table.shelf, self.reach, place.state)
            return Found(None, self._matches(final), end)
        return self._found(place, passage, final)

    def _found(self, place: _Place, passage: _Passage, final: Iterable[Candidate]) -> Found:
        """What may end within the characters that wait would end there, too, if they were the last: so it is seen where
        matches to come may begin."""
        state = place.state
        ahead = self._scanned(place, passage, passage.end).state
        starts = {one.start for one in ahead.threads} | {one.start for one in ahead.candidates}
        borders = starts.union(*((one.start, one.end) for one in state.candidates))
        kept = first_young(state, self.reach) if self._plan.has_checks else state.position
        left = _Passage(passage.between(kept, passage.end), kept)
        settled = min(starts, default=passage.end)
        return Found(_Memory(place, left), self._matches(final), settled, tuple(sorted(borders)))

    def _read(self, place: _Place, passage: _Passage, end: int) -> tuple[_Place, tuple[Candidate, ...]]:
        """Slice by slice: where that leads, and what is final there."""

        def passes(one: Candidate) -> bool:
            holds = self._plan.languages[one.to_check].holds
            return holds is None or holds(passage.between(one.start, one.end))

        final: list[Candidate] = []
        while place.state.position < end:
            place = self._scanned(place, passage, min(place.state.position + SLICE, end))
            state, found = settled(place.table.shelf, self.reach, place.state, passes)
            place = _Place(place.table, state)
            final.extend(found)
        return place, tuple(final)

    def _matches(self, final: Iterable[Candidate]) -> tuple[Match, ...]:
        tags = self._plan.tags
        matches = (Match(tags[one.tag], one.start, one.end, one.is_undecided) for one in final)
        return tuple(sorted(matches, key=lambda match: (match.start, match.end, match.tag)))

    def _scanned(self, place: _Place, passage: _Passage, end: int) -> _Place:
        """Read on, and learn on the way what is missing."""
        text, begin = passage
        renewed_at = UNKNOWN
        while True:
            table, state = place
            index = state.position - begin
            state, index, missing = self._tools.scan(table.shelf, self.reach, state, text, index, end - begin)
            place = _Place(table, state)
            if missing == UNKNOWN:
                return place
            with self._lock:
                # One character may need more rows than there is room for: they are made all the same.
                if index != renewed_at and self._is_full(table):
                    place, renewed_at = self._renewed(place), index
                else:
                    table.learn(missing)

    def _is_full(self, table: Table) -> bool:
        """Whoever is in the current table leaves it when its algebra is full, too; others have left already."""
        is_over = table is self._table and table.learnt_bytes >= self._limits.algebra_bytes
        return is_over or table.num_learnt >= self._limits.num_rows

    def _renewed(self, place: _Place) -> _Place:
        """The same state in another table. Threads cannot leave their algebra; without any it goes on in the newest."""
        old = place.table
        if old is self._table:
            is_over = old.learnt_bytes >= self._limits.algebra_bytes
            self._table = Table.read(self._plan, self._tools.make_algebra()) if is_over else old.afresh()
        state, is_free = place.state, not place.state.threads
        table = self._table if is_free or self._table.algebra is old.algebra else old.afresh()
        threads = tuple(Thread(start, table.row(old.keys[row])) for start, row in state.threads)
        return _Place(table, state._replace(threads=threads))
