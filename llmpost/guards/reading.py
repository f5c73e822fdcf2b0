"""Reading: a finder over a text as a view shows it, or as it is; what it finds is where it stood in the given text.

Of a view's places it keeps those that a match still to come may begin or end at, and no others, so its memory does not
grow with the text. As long as a view shows the text itself, it has what the plain reading has, and searches nothing.
Knows no labels; `regular` makes findings of its matches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from llmpost.automata.finding.finder import LOOK_AHEAD, Finder
from llmpost.automata.finding.match import Found, Match
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

    def follow(self, memory: Any, piece: str, is_end: bool, plain: Read | None = None) -> Read:
        """`memory` is None at first; `plain` is what this piece has brought to the finder in the text as it is."""
        if self.view is None:
            return self._follow_plain(memory or _Plain(None, 0), piece, is_end)
        viewed: _Viewed = memory or _Viewed(None, None, 0, _SAME, _SAME, "")
        seen = self.view.follow(viewed.view, piece, is_end)
        if plain is None:
            return self._follow_view(viewed, seen, is_end, None)
        waiting = _left_waiting(viewed, seen, piece)
        if waiting == "":
            left = _Viewed(seen.memory, plain.memory.finder, plain.read, _SAME, _SAME, "")
            return Read(left, (), plain.settled, plain.starts, plain.read)
        read = self._follow_view(viewed, seen, is_end, waiting)
        return read if waiting is not None else _joined(read, plain)

    def _follow_plain(self, memory: _Plain, piece: str, is_end: bool) -> Read:
        found = self.finder.follow(memory.finder, piece, is_end)
        read = memory.read + len(piece)
        return Read(_Plain(found.memory, read), found.matches, found.settled, frozenset(found.borders), read)

    def _follow_view(self, memory: _Viewed, seen: Seen, is_end: bool, waiting: str | None) -> Read:
        found = self.finder.follow(memory.finder, seen.text, is_end)
        places = _Places(memory, seen)
        left = places.kept(found, waiting)
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
    waiting: str | None = None
    """Of a view that has shown the text itself so far, the rest of what it was given; None: it has shown another."""


class _Same(dict[int, int]):
    """Every place is where it was."""

    def __missing__(self, place: int) -> int:
        return place


_SAME = _Same()


def _joined(read: Read, plain: Read) -> Read:
    """Where a view has shown something else, and what it has led to is what the plain reading is at: from here on it
    goes along with that again."""
    left: _Viewed = read.memory
    is_there = left.shown == read.read == plain.read and left.finder == plain.memory.finder
    is_same = is_there and all(place == where for place, where in (*left.starts.items(), *left.ends.items()))
    return read._replace(memory=left._replace(waiting="")) if is_same else read


def _left_waiting(memory: _Viewed, seen: Seen, piece: str) -> str | None:
    """What the view has not shown of the text, if it shows nothing else."""
    if memory.waiting is None:
        return None
    given, length = memory.waiting + piece, len(seen.text)
    is_same = seen.read == memory.shown + length and isinstance(seen.starts, range) and given.startswith(seen.text)
    return given[length:] if is_same else None


class _Places(NamedTuple):
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

    def kept(self, found: Found, waiting: str | None) -> _Viewed:
        """Of the borders, and of the last places, which may become some."""
        shown = self.memory.shown + len(self.seen.text)
        places = (*range(max(shown - LOOK_AHEAD, 0), shown), *found.borders)
        starts = {place: self.start(place) for place in places}
        ends = {place: self.end(place) for place in (*places, shown) if place > 0}
        return _Viewed(self.seen.memory, found.memory, shown, starts, ends, waiting)
