"""Finder: all matches of labelled languages within their bounds, in a whole text or piece by piece.

Of each tag it gives out the matches that lie in no other of that tag. What has begun, and is not decided within its
reach, is a match too: from its start until it can no more become one. It knows no labels and no views; a guard is made
of it in `guards.regular`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llmpost.automata.finding.candidates import Candidate
from llmpost.automata.finding.match import Found, Match, Sought
from llmpost.automata.finding.settling import ended, first_young, settled
from llmpost.automata.finding.table import UNKNOWN, Plan
from llmpost.automata.finding.tables import Limits, Place, Tables
from llmpost.automata.finding.tools import Tools, best_tools

LOOK_AHEAD = 2
"""So many characters behind a match have a say in whether it ends there."""
SLICE = 1 << 16
"""Characters: no longer does a scan go on without other threads running, and without giving out what is final."""


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
    place: Place
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
        chosen = tools or best_tools()
        self.reach = reach
        self._scan = chosen.scan
        self._plan = Plan(sought)
        self._tables = Tables(self._plan, limits or Limits(), chosen.make_algebra)

    def find(self, text: str) -> tuple[Match, ...]:
        """All of a whole text, in the order of their places."""
        return self.follow(None, text, True).matches

    def follow(self, memory: _Memory | None, piece: str, is_end: bool) -> Found:
        """What the next piece settles; `memory` is None at first. With `is_end` everything is settled."""
        place, (known, start) = memory or _Memory(self._tables.begin(), _Passage("", 0))
        passage = _Passage(known + piece, start)
        end = passage.end if is_end else max(passage.end - LOOK_AHEAD, place.state.position)
        place, final = self._read(place, passage, end)
        if is_end:
            final.extend(ended(place.table.shelf, self.reach, place.state))
            return Found(None, self._matches(final), end)
        return self._found(place, passage, final)

    def _found(self, place: Place, passage: _Passage, final: Sequence[Candidate]) -> Found:
        """What may end within the characters that wait would end there, too, if they were the last: so it is seen where
        matches to come may begin."""
        state = place.state
        ahead = self._ahead(place, passage).state
        starts = {one.start for one in ahead.threads} | {one.start for one in ahead.candidates}
        borders = starts.union(*((one.start, one.end) for one in state.candidates))
        kept = first_young(state, self.reach) if self._plan.has_checks else state.position
        left = _Passage(passage.text[kept - passage.start :], kept)
        settled = min(starts, default=passage.end)
        return Found(_Memory(place, left), self._matches(final), settled, tuple(sorted(borders)))

    def _ahead(self, place: Place, passage: _Passage) -> Place:
        while place.state.position < passage.end:
            place = self._advanced(place, passage, passage.end)
        return place

    def _read(self, place: Place, passage: _Passage, end: int) -> tuple[Place, list[Candidate]]:
        """Where that leads, and what is final there."""

        def passes(one: Candidate) -> bool:
            holds = self._plan.languages[one.to_check].holds
            return holds is None or holds(passage.between(one.start, one.end))

        final: list[Candidate] = []
        while place.state.position < end:
            table, state = self._advanced(place, passage, min(place.state.position + SLICE, end))
            if state.candidates:
                state, found = settled(table.shelf, self.reach, state, passes)
                final.extend(found)
            place = Place(table, state)
        return place, final

    def _advanced(self, place: Place, passage: _Passage, end: int) -> Place:
        """Up to there, or to a step that had to be learnt first."""
        (table, before), (text, start) = place, passage
        index = before.position - start
        state, at, missing = self._scan(table.shelf, self.reach, before, text, index, end - start)
        place = Place(table, state)
        return place if missing == UNKNOWN else self._tables.teach(place, missing, may_move=at > index)

    def _matches(self, final: Sequence[Candidate]) -> tuple[Match, ...]:
        if not final:  # nearly always
            return ()
        tags = self._plan.tags
        matches = (Match(tags[one.tag], one.start, one.end, one.is_undecided) for one in final)
        return tuple(sorted(matches, key=lambda match: (match.start, match.end, match.tag)))
