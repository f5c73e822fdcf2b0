"""Scan: a text is read through a table, from state to state. The definition, and the oracle of its compiled twin.

A thread is a place where a match may have begun, and the row that a match from there would be in. Threads that get to
one row are one from there on, and the first start stays: what the others may still become lies in what it becomes. So
there are about as many threads as there are rows to be in at once, however long the text. Knows neither algebra nor
memory; `finder` says what is final.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from llmpost.automata.finding.candidates import NOTHING, Candidate, Candidates
from llmpost.automata.finding.surroundings import ASCII
from llmpost.automata.finding.table import BYTES, DEAD, UNKNOWN, Shelf

END = 0
"""The class of what stands beyond the ends of a text."""


class Thread(NamedTuple):
    start: int
    row: int


class State(NamedTuple):
    """Between two characters. `near` and `far` are the classes of the last one and the one before."""

    position: int = 0
    near: int = END
    far: int = END
    threads: tuple[Thread, ...] = ()
    """By their starts."""
    candidates: tuple[Candidate, ...] = ()
    """By their ends; of one tag none lies in another."""


class Advance(NamedTuple):
    state: State
    at: int
    """So far was the text read."""
    missing: int
    """The step that has to be learnt before it can be read further; UNKNOWN where it was read to the end."""


def scan(shelf: Shelf, reach: int, state: State, text: str, index: int, end: int) -> Advance:
    """Read the characters of the text from index to end. What stands behind them in the text bounds matches, too."""
    position, near, far, threads, found = state
    steps, starts, ends_at, num_classes = shelf.steps, shelf.starts, shelf.ends_at, shelf.classes.number
    candidates = Candidates(found)
    for at in range(index, end):
        code = ord(text[at])
        begun = starts[near * num_classes + far]
        if begun and code < ASCII and steps[begun * BYTES + code] == DEAD:
            begun = DEAD  # as a rule
        before = (*threads, Thread(position, begun)) if begun else threads
        behind = steps[before[0].row * BYTES + code] if len(before) == 1 and code < ASCII else DEAD
        if behind > DEAD and ends_at[behind] == ends_at[behind + 1] and position - before[0].start < reach:
            threads = (Thread(before[0].start, behind),)  # inside a word
        elif before:
            rows = [row for _, row in before]
            for byte in text[at].encode("utf-8", "surrogatepass"):
                places = [row * BYTES + byte for row in rows]
                rows = [steps[place] for place in places]
                if UNKNOWN in rows:
                    left = State(position, near, far, threads, candidates.left())
                    return Advance(left, at, places[rows.index(UNKNOWN)])
            threads = _Step(shelf, reach, position + 1, text, at + 1).threads(before, rows, candidates)
        near, far = class_of(shelf, text, at), near
        position += 1
    return Advance(State(position, near, far, threads, candidates.left()), end, UNKNOWN)


def class_of(shelf: Shelf, text: str, index: int) -> int:
    """Of a character of the text, or of its end."""
    if index >= len(text):
        return END
    code, classes = ord(text[index]), shelf.classes
    return classes.ascii[code] if code < ASCII else classes.behind[bisect_right(classes.edges, code) - 1]


class _Step(NamedTuple):
    """Behind one character."""

    shelf: Shelf
    reach: int
    position: int
    text: str
    at: int
    """The place of the character that comes next."""

    def threads(self, before: Sequence[Thread], rows: Sequence[int], candidates: Candidates) -> tuple[Thread, ...]:
        """Those that go on. The oldest comes first: what it becomes has what the others become inside."""
        live: dict[int, Thread] = {}
        ends_at = self.shelf.ends_at
        for (start, left), row in zip(before, rows, strict=True):
            if row != left and self.position - 1 - start > self.reach:
                self._end_undecided(Thread(start, left), row, candidates)
            if row != DEAD and row not in live:
                live[row] = Thread(start, row)
                if ends_at[row] < ends_at[row + 1] and self.position - start <= self.reach:
                    self._accept(live[row], candidates)
        return tuple(live.values())

    def _end_undecided(self, thread: Thread, row: int, candidates: Candidates) -> None:
        tags = tags_of(self.shelf, row)
        for tag in tags_of(self.shelf, thread.row):
            if tag not in tags:
                candidates.add(Candidate(tag, thread.start, self.position - 1, True))

    def _accept(self, thread: Thread, candidates: Candidates) -> None:
        shelf, text, at = self.shelf, self.text, self.at
        num_classes = shelf.classes.number
        bounding = class_of(shelf, text, at) * num_classes + class_of(shelf, text, at + 1)
        for one in shelf.ends[shelf.ends_at[thread.row] : shelf.ends_at[thread.row + 1]]:
            if shelf.permits[one * num_classes**2 + bounding]:
                to_check = one if shelf.checks[one] else NOTHING
                candidates.add(Candidate(shelf.tag_of[one], thread.start, self.position, False, to_check))


def tags_of(shelf: Shelf, row: int) -> array[int]:
    return shelf.tags[shelf.tags_at[row] : shelf.tags_at[row + 1]]
