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
    starts, num_classes = shelf.starts, shelf.classes.number
    candidates = Candidates(found)
    missing = UNKNOWN
    while index < end and missing == UNKNOWN:
        begun = starts[near * num_classes + far]
        before = (*threads, Thread(position, begun)) if begun else threads
        if before:
            rows, missing = _stepped(shelf.steps, before, text[index])
            if missing != UNKNOWN:
                break
            bounding = class_of(shelf, text, index + 1) * num_classes + class_of(shelf, text, index + 2)
            threads = _Step(shelf, reach, position + 1, bounding).threads(before, rows, candidates)
        near, far = class_of(shelf, text, index), near
        position += 1
        index += 1
    return Advance(State(position, near, far, threads, candidates.left()), index, missing)


def class_of(shelf: Shelf, text: str, index: int) -> int:
    """Of a character of the text, or of its end."""
    if index >= len(text):
        return END
    code, classes = ord(text[index]), shelf.classes
    return classes.ascii[code] if code < ASCII else classes.behind[bisect_right(classes.edges, code) - 1]


def _stepped(steps: array[int], threads: Sequence[Thread], character: str) -> tuple[list[int], int]:
    """The row of each thread behind a character; and a step that is unknown, if one is."""
    octets = character.encode("utf-8", "surrogatepass")
    rows: list[int] = []
    for _, row in threads:
        for byte in octets:
            behind = steps[row * BYTES + byte]
            if behind == UNKNOWN:
                return rows, row * BYTES + byte
            row = behind
        rows.append(row)
    return rows, UNKNOWN


class _Step(NamedTuple):
    """Behind one character."""

    shelf: Shelf
    reach: int
    position: int
    bounding: int
    """The classes of the next two characters, as the shelf's permits have them."""

    def threads(self, before: Sequence[Thread], rows: Sequence[int], candidates: Candidates) -> tuple[Thread, ...]:
        """Those that go on. The oldest comes first: what it becomes has what the others become inside."""
        live: dict[int, Thread] = {}
        for (start, left), row in zip(before, rows, strict=True):
            if row != left and self.position - 1 - start > self.reach:
                self._end_undecided(Thread(start, left), row, candidates)
            if row != DEAD and row not in live:
                live[row] = Thread(start, row)
                if self.position - start <= self.reach:
                    self._accept(live[row], candidates)
        return tuple(live.values())

    def _end_undecided(self, thread: Thread, row: int, candidates: Candidates) -> None:
        tags = tags_of(self.shelf, row)
        for tag in tags_of(self.shelf, thread.row):
            if tag not in tags:
                candidates.add(Candidate(tag, thread.start, self.position - 1, True))

    def _accept(self, thread: Thread, candidates: Candidates) -> None:
        shelf = self.shelf
        for one in shelf.ends[shelf.ends_at[thread.row] : shelf.ends_at[thread.row + 1]]:
            if shelf.permits[one * shelf.classes.number**2 + self.bounding]:
                to_check = one if shelf.checks[one] else NOTHING
                candidates.add(Candidate(shelf.tag_of[one], thread.start, self.position, False, to_check))


def tags_of(shelf: Shelf, row: int) -> array[int]:
    return shelf.tags[shelf.tags_at[row] : shelf.tags_at[row + 1]]
