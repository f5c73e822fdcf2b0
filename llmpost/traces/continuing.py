"""Where a file stops that another writer left: its last whole line, found from the end, whatever the file's size."""

from __future__ import annotations

import os

from llmpost.traces.envelope import MOST_BYTES, Link, unwrapped

_FIRST_LOOK = 1 << 16


def last_line(descriptor: int, chain_key: bytes) -> Link | None:
    """None where the last of the file, as much as one line may have and more, holds no line whole under this key.

    Lines behind it that were cut, or that are none, are left alone: they show to whoever reads the file.
    """
    size = os.fstat(descriptor).st_size
    look = _FIRST_LOOK
    while True:
        start = max(0, size - look)
        lines = _read(descriptor, start, size).split(b"\n")
        for line in reversed(lines[1:] if start else lines):
            envelope = unwrapped(line)
            if envelope is not None and envelope.is_whole(chain_key):
                return envelope.link
        if not start or look > MOST_BYTES:
            return None
        look *= 8


def _read(descriptor: int, start: int, end: int) -> bytes:
    pieces = []
    while start < end and (piece := os.pread(descriptor, end - start, start)):
        pieces.append(piece)
        start += len(piece)
    return b"".join(pieces)
