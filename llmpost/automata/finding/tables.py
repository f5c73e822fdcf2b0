"""Tables: the one that all new scans of a finder begin with, what scans teach it, and how it is begun afresh when full.

A scan under way goes on in the table that it knows until that is full, too; its threads move to the next one with it.
Knows no text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from llmpost.automata.algebra import Algebra
from llmpost.automata.finding.scan import State, Thread
from llmpost.automata.finding.table import Plan, Table


@dataclass(frozen=True, slots=True)
class Limits:
    """A table that has learnt more rows, or terms of more bytes, is begun afresh."""

    num_rows: int = 1 << 15
    algebra_bytes: int = 64 << 20


class Place(NamedTuple):
    """A state, and the table that its rows are in."""

    table: Table
    state: State


class Tables:
    """Of one finder. Scans of several threads may teach them at once."""

    def __init__(self, plan: Plan, limits: Limits, make_algebra: Callable[[], Algebra]) -> None:
        self._plan = plan
        self._limits = limits
        self._make_algebra = make_algebra
        self._lock = Lock()
        self._current = Table.read(plan, make_algebra())

    def begin(self) -> Place:
        """Of a text."""
        return Place(self._current, State())

    def teach(self, place: Place, missing: int, *, may_move: bool) -> Place:
        """The same state, and the step that it misses is known; or it is in another table, where that can be asked
        again. A scan that has not got on since it moved has to stay: one character may need more rows than there is
        room for."""
        with self._lock:
            if may_move and self._is_full(place.table):
                return self._moved(place)
            place.table.learn(missing)
            return place

    def _is_full(self, table: Table) -> bool:
        """Who is in the current table leaves it when its algebra is full, too; in others they have to live with it."""
        return table.num_learnt >= self._limits.num_rows or (table is self._current and self._is_over(table))

    def _is_over(self, table: Table) -> bool:
        return table.learnt_bytes >= self._limits.algebra_bytes

    def _moved(self, place: Place) -> Place:
        """Threads cannot leave their algebra; a state without any goes on in the newest."""
        old, state = place
        if old is self._current:
            self._current = Table.read(self._plan, self._make_algebra()) if self._is_over(old) else old.afresh()
        is_free = not state.threads or self._current.algebra is old.algebra
        table = self._current if is_free else old.afresh()
        threads = tuple(Thread(start, table.row(old.keys[row])) for start, row in state.threads)
        return Place(table, state._replace(threads=threads))
