"""Parts: files cut at the ends of lines, at places that depend on nothing but where lines end.

A file that has grown since is cut as it was, which is what lets a replay go on another day, and any number of processes
do the same work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llmpost.traces import Segment
from llmpost.traces.scanning import opened, skip_line

PART_BYTES = 2 << 20  # a thousand records or so


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a file, of which at most so many records are looked at."""

    segment: Segment
    num_bytes: int
    limit: int | None = None


def parts_of(path: str, size: int, limit: int | None = None, part_bytes: int = PART_BYTES) -> list[Part]:
    """All of the file's first `size` bytes; one part where it cannot be read, which its reader will say."""
    try:
        borders = list(_borders(path, size, part_bytes))
    except OSError:
        borders = []
    starts, ends = [0, *borders], [*borders, size]
    return [Part(Segment(path, start, end), end - start, limit) for start, end in zip(starts, ends, strict=True)]


def _borders(path: str, size: int, part_bytes: int) -> Iterator[int]:
    """Behind the lines that stand at multiples of the size of a part."""
    border = 0
    with opened(path) as file:
        for offset in range(part_bytes, size, part_bytes):
            if offset < border:
                continue  # a line may be longer than a part
            file.seek(offset)
            skip_line(file)
            border = file.tell()
            if border < size:
                yield border
