"""Finder: all matches of labelled languages within their bounds, in a whole text or piece by piece.

Of each tag it gives out the matches that lie in no other of that tag. What has begun, and is not decided within its
reach, is a match too: from its start until it can no more become one. It knows no labels and no views; a guard is made
of it in `guards.regular`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from llmpost.automata.finding.candidates import Candidate
from llmpost.automata.finding.match import Found, Match, Sought
from llmpost.automata.finding.scan import State, Thread
from llmpost.automata.finding.settling import ended, settled
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


@dataclass(frozen=True, slots=True)
class _Place:
    """A state, and the table that its rows are in."""

    table: Table
    state: State


@dataclass(frozen=True, slots=True)
class _Memory:
    place: _Place
    waiting: str
    """The last characters: what stands behind them has a say in what ends before them."""


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
        before = memory or _Memory(_Place(self._table, State()), "")
        text = before.waiting + piece
        end = len(text) if is_end else max(len(text) - LOOK_AHEAD, 0)
        place, final = self._read(before.place, text, end)
        if is_end:
            final += ended(place.table.shelf, self.reach, place.state)
            return Found(None, self._matches(final), place.state.position, ())
        return self._found(_Memory(place, text[end:]), final)

    def _found(self, memory: _Memory, final: Iterable[Candidate]) -> Found:
        """What may end within the characters that wait would end there, too, if they were the last: so it is seen where
        matches to come may begin."""
        text, state = memory.waiting, memory.place.state
        ahead = self._scanned(memory.place, text, 0, len(text)).state
        starts = {one.start for one in ahead.threads} | {one.start for one in ahead.candidates}
        borders = starts.union(*((one.start, one.end) for one in state.candidates))
        settled = min(starts, default=ahead.position)
        return Found(memory, self._matches(final), settled, tuple(sorted(borders)))

    def _read(self, place: _Place, text: str, end: int) -> tuple[_Place, tuple[Candidate, ...]]:
        """Slice by slice: where that leads, and what is final there."""
        final: list[Candidate] = []
        for index in range(0, end, SLICE):
            place = self._scanned(place, text, index, min(index + SLICE, end))
            state, found = settled(place.table.shelf, self.reach, place.state)
            place = _Place(place.table, state)
            final.extend(found)
        return place, tuple(final)

    def _matches(self, final: Iterable[Candidate]) -> tuple[Match, ...]:
        tags = self._plan.tags
        matches = (Match(tags[tag], start, end, is_undecided) for tag, start, end, is_undecided in final)
        return tuple(sorted(matches, key=lambda match: (match.start, match.end, match.tag)))

    def _scanned(self, place: _Place, text: str, index: int, end: int) -> _Place:
        """Read on, and learn on the way what is missing."""
        renewed_at = UNKNOWN
        while True:
            table = place.table
            state, index, missing = self._tools.scan(table.shelf, self.reach, place.state, text, index, end)
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
