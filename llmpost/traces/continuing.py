"""Where a file stops that another writer left: its last whole line, found from the end, whatever the file's size."""

from __future__ import annotations

import os
from collections.abc import Iterator

from llmpost.traces.envelope import BEGINNING, MOST_BYTES, Link, is_begun, unwrapped

_FIRST_LOOK = 1 << 16
_LAST_LOOK = MOST_BYTES + _FIRST_LOOK
_MOST_LINES = 1000
"""That are looked at: a trace has a cut line at its end for each crash, and whole ones between them."""


def last_line(descriptor: int, chain_key: bytes) -> Link | None:
    """The beginning, where there is nothing but a header that was cut; None where the file's end is no trace, or one
    under another key.

    Lines behind it that were cut, or that are none, are left alone: they show to whoever reads the file.
    """
    size = os.fstat(descriptor).st_size
    look = _FIRST_LOOK
    while True:
        start = max(0, size - look)
        is_all_cut = start == 0
        for line in _from_the_end(_read(descriptor, start, size), is_all_there=start == 0):
            envelope = unwrapped(line)
            if envelope is not None and envelope.is_whole(chain_key):
                return envelope.link
            is_all_cut &= envelope is None and is_begun(line)
        if start == 0 or look == _LAST_LOOK:
            return BEGINNING if is_all_cut else None
        look = min(look * 8, _LAST_LOOK)


def _from_the_end(data: bytes, is_all_there: bool) -> Iterator[bytes]:
    """The last lines, the last one first; of the first one in sight only the end may be there."""
    end = len(data)
    for _ in range(_MOST_LINES):
        start = data.rfind(b"\n", 0, end)
        if start >= 0 or is_all_there:
            yield data[start + 1 : end]
        if start < 0:
            return
        end = start


def _read(descriptor: int, start: int, end: int) -> bytes:
    pieces = []
    while start < end and (piece := os.pread(descriptor, end - start, start)):
        pieces.append(piece)
        start += len(piece)
    return b"".join(pieces)
