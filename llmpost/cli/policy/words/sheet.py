"""A sheet: headed sections of rows, each a name and what is said of it, set out in a hundred columns.

It knows how wide things are and not what they say.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH = 100
_WIDEST_NAME = 26


@dataclass(frozen=True, slots=True)
class Row:
    """Without a name it is a paragraph; a deeper one belongs to the one above it."""

    name: str
    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    rows: tuple[Row, ...]


def set_out(title: str, sections: Sequence[Section]) -> str:
    """
    >>> print(set_out("calm", [Section("Writing", (Row("temperature", "0.2"), Row("top_p", "0.9")))]))
    calm
    <BLANKLINE>
    WRITING
      temperature   0.2
      top_p         0.9
    """
    lines = [title]
    for section in sections:
        lines += ["", section.heading.upper(), *_lines(section.rows)]
    return "\n".join(lines)


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    """Names of one depth are given one width, so that what is said of them begins in one column."""
    widths: dict[int, int] = {}
    for row in rows:
        widths[row.depth] = min(_WIDEST_NAME, max(widths.get(row.depth, 0), len(row.name)))
    for row in rows:
        indent = " " * (2 + 4 * row.depth)
        lead = f"{indent}{row.name:<{widths[row.depth]}}   " if row.name else indent
        further = " " * (len(indent) + widths[row.depth] + 3) if row.name else indent
        yield from _wrapped(row.text, lead, further)


def _wrapped(text: str, lead: str, further: str) -> list[str]:
    width = max(WIDTH, len(lead) + 20)
    lines = textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=further, break_on_hyphens=False)
    return lines or [lead.rstrip()]
