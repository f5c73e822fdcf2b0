"""Segments: a trace file in parts that begin and end between two lines, so that several processes can share it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from llmpost.traces.envelope import Link, unwrapped
from llmpost.traces.scanning import opened, pieces, skip_line

_MOST_LINES = 1000
"""That are looked at for one of a trace."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a file, between two lines. Plain data, to be handed to other processes."""

    path: str
    start: int = 0
    end: int | None = None
    """None for all there is."""
    after: Link | None = None
    """The line before it, where it begins in the middle; None where that is not known."""


def segments(path: str | os.PathLike[str], count: int) -> list[Segment]:
    """At most so many, of about the same size, which together are the file as it is now; OSError where it is none."""
    name = os.fspath(path)
    with opened(name) as file:
        size = os.fstat(file.fileno()).st_size
        borders = [_border(file, size * index // count) for index in range(1, count)]
    after = dict(borders)
    starts = [0, *sorted(offset for offset in after if 0 < offset < size)]
    return [Segment(name, start, end, after.get(start)) for start, end in zip(starts, [*starts[1:], size], strict=True)]


def _border(file: BinaryIO, offset: int) -> tuple[int, Link | None]:
    """Behind the first line that begins after the offset and is one of a trace, and that line."""
    file.seek(offset)
    skip_line(file)
    end = file.tell()
    for piece in islice(pieces(file, end, None), _MOST_LINES):
        end = piece.end
        envelope = unwrapped(piece.data or b"")
        if envelope is not None:
            return end, envelope.link
    return end, None
