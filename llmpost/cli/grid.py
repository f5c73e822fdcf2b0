"""A table on a terminal: columns as wide as what is in them, the last one as wide as there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llmpost.cli.cells import cut, width
from llmpost.cli.ink import Line, Run

_GAP = 2
_LEAST = 8


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a column: what stands over it, at which side its cells stand, and how wide it may be."""

    title: str
    is_right: bool = False
    most: int = 28


def grid(headings: Sequence[Heading], rows: Sequence[Sequence[Run]], columns: int) -> Iterator[Line]:
    """A line for the headings and one for each row, none wider than so many columns where that can be."""
    titles = [Run(heading.title, "soft") for heading in headings]
    widths = [
        min(max(width(row[place].text) for row in [titles, *rows]), heading.most)
        for place, heading in enumerate(headings)
    ]
    before = sum(widths[:-1]) + _GAP * (len(widths) - 1)
    longest = max(width(row[-1].text) for row in [titles, *rows])
    widths[-1] = min(longest, max(columns - before, _LEAST))
    for row in [titles, *rows]:
        yield tuple(_cells(row, headings, widths))


def _cells(row: Sequence[Run], headings: Sequence[Heading], widths: Sequence[int]) -> Iterator[Run]:
    """The last one is not filled up: nothing stands behind it."""
    for place, (run, heading, own) in enumerate(zip(row, headings, widths, strict=True)):
        text = cut(run.text, own)
        gap, room = Run(" " * _GAP * (place > 0)), Run(" " * (own - width(text)))
        is_last = place == len(row) - 1
        yield from (
            (gap, room, Run(text, run.look)) if heading.is_right else (gap, Run(text, run.look), *[room][is_last:])
        )
