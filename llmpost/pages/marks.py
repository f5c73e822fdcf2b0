"""Marks: what is said of a part of a text, and a text cut where marks begin and end.

Marks may overlap, lie in each other and be empty, and come in any order. It knows not how a piece is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from llmpost.contracts.guard import Span
from llmpost.pages.tones import STRENGTH, Tone


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of a span; `number` is what the reader finds it by elsewhere."""

    span: Span
    label: str
    tone: Tone
    number: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text over which nothing changes."""

    start: int
    end: int
    over: Mark | None = None
    """Of the marks over it the one in the strongest tone, the first of several."""
    begins: tuple[Mark, ...] = ()
    """Those that begin where it does, by number; of an empty mark the piece is empty where the text has ended."""


def pieces(length: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The whole of a text of so many characters, in order, without a gap. Marks are cut where it ends."""
    coming = sorted(marks, key=lambda mark: (mark.span.start, mark.number), reverse=True)
    borders = {0, length, *(_within(place, length) for mark in marks for place in (mark.span.start, mark.span.end))}
    open_marks: list[tuple[int, int, int, Mark]] = []
    ends = sorted(borders)
    for start, end in zip(ends, [*ends[1:], length], strict=True):
        begins = []
        while coming and coming[-1].span.start <= start:
            mark = coming.pop()
            begins.append(mark)
            heappush(open_marks, (-STRENGTH[mark.tone], mark.number, len(coming), mark))
        while open_marks and open_marks[0][3].span.end <= start:
            heappop(open_marks)
        if end > start or begins:
            yield Piece(start, end, open_marks[0][3] if open_marks and end > start else None, tuple(begins))
    if coming:
        yield Piece(length, length, begins=tuple(reversed(coming)))


def begun(marks: Sequence[Mark], length: int, shown: int) -> Sequence[Mark]:
    """Those that begin in what is shown of a text: all, where all of it is."""
    return marks if length <= shown else [mark for mark in marks if mark.span.start < shown]


def _within(place: int, length: int) -> int:
    return min(max(place, 0), length)
