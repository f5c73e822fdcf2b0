"""A table on a terminal: columns as wide as what is in them, as far as there is room."""

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
    wanted = [max(width(row[place].text) for row in [titles, *rows]) for place in range(len(headings))]
    *most, _ = (heading.most for heading in headings)
    widths = _fitted([min(pair) for pair in zip(wanted, [*most, columns], strict=True)], columns)
    for row in [titles, *rows]:
        yield tuple(_cells(row, headings, widths))


def _fitted(widths: list[int], columns: int) -> list[int]:
    """The widest give way, as long as something can be read in them."""
    while sum(widths) + _GAP * (len(widths) - 1) > columns and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _cells(row: Sequence[Run], headings: Sequence[Heading], widths: Sequence[int]) -> Iterator[Run]:
    """The last one is not filled up: nothing stands behind it."""
    for place, (run, heading, own) in enumerate(zip(row, headings, widths, strict=True)):
        text = cut(run.text, own)
        gap, room = Run(" " * _GAP * (place > 0)), Run(" " * (own - width(text)))
        is_last = place == len(row) - 1
        yield from (
            (gap, room, Run(text, run.look)) if heading.is_right else (gap, Run(text, run.look), *[room][is_last:])
        )
