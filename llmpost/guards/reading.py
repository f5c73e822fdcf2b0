"""Reading: a finder over a text as a view shows it, or as it is; what it finds is where it stood in the given text.

Of a view's places it keeps those that a match still to come may begin or end at, and no others, so its memory does not
grow with the text. Knows no labels; `regular` makes findings of its matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from llmpost.automata.finding.finder import LOOK_AHEAD, Finder
from llmpost.automata.finding.match import Match
from llmpost.guards.view import Seen, View


class Read(NamedTuple):
    """What one more piece has brought. All places are the given text's."""

    memory: Any
    matches: tuple[Match, ...]
    settled: int
    starts: frozenset[int]
    """A match still to come begins at one of these, or from `read` on."""
    read: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One of several ways to look at a text."""

    finder: Finder
    view: View | None = None

    @property
    def reach(self) -> int:
        characters = self.finder.reach + LOOK_AHEAD
        return characters if self.view is None else characters * self.view.stretch + self.view.reach

    def follow(self, memory: Any, piece: str, is_end: bool) -> Read:
        """`memory` is None at first."""
        if self.view is None:
            return self._follow_plain(memory or _Plain(None, 0), piece, is_end)
        return self._follow_view(self.view, memory or _Viewed(None, None, 0, {}, {}), piece, is_end)

    def _follow_plain(self, memory: _Plain, piece: str, is_end: bool) -> Read:
        found = self.finder.follow(memory.finder, piece, is_end)
        read = memory.read + len(piece)
        return Read(_Plain(found.memory, read), found.matches, found.settled, frozenset(found.borders), read)

    def _follow_view(self, view: View, memory: _Viewed, piece: str, is_end: bool) -> Read:
        seen = view.follow(memory.view, piece, is_end)
        found = self.finder.follow(memory.finder, seen.text, is_end)
        places = _Places(memory, seen)
        left = places.kept(found.borders, found.memory)
        matches = tuple(
            Match(tag, places.start(start), places.end(end), is_undecided)
            for tag, start, end, is_undecided in found.matches
        )
        settled = places.start(found.settled) if found.settled < left.shown else seen.read
        return Read(left, matches, settled, frozenset(left.starts.values()), seen.read)


class _Plain(NamedTuple):
    finder: Any
    read: int


class _Viewed(NamedTuple):
    view: Any
    finder: Any
    shown: int
    """So many characters has the view shown."""
    starts: Mapping[int, int]
    """Where some of them begin in the given text."""
    ends: Mapping[int, int]
    """And where the ones before these places end."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Of what a view has shown: kept from before, or new."""

    memory: _Viewed
    seen: Seen

    def start(self, place: int) -> int:
        """Where the character at a place begins."""
        shown = self.memory.shown
        return self.memory.starts[place] if place < shown else self.seen.starts[place - shown]

    def end(self, place: int) -> int:
        """Where the character before a place ends."""
        shown = self.memory.shown
        return self.memory.ends[place] if place <= shown else self.seen.ends[place - shown - 1]

    def kept(self, borders: Iterable[int], finder: Any) -> _Viewed:
        """Of the borders, and of the last places, which may become some."""
        shown = self.memory.shown + len(self.seen.text)
        places = {*borders, *range(max(shown - LOOK_AHEAD, 0), shown + 1)}
        starts = {place: self.start(place) for place in places if place < shown}
        ends = {place: self.end(place) for place in places if place > 0}
        return _Viewed(self.seen.memory, finder, shown, starts, ends)
