"""A file's lines as bytes, none longer than may be read. It knows no envelopes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from llmpost.traces.envelope import MOST_BYTES

_BUFFER = 1 << 18


class Piece(NamedTuple):
    """A line without its end."""

    start: int
    end: int
    """Where the next one starts."""
    data: bytes | None
    """None where it is too long."""
    is_ended: bool


def opened(path: str) -> BinaryIO:
    """For reading; OSError where it is no plain file. A pipe is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "no plain file")
    return os.fdopen(descriptor, "rb", _BUFFER)


def pieces(file: BinaryIO, start: int, end: int | None) -> Iterator[Piece]:
    """The lines that begin from `start` on and before `end`."""
    file.seek(start)
    while (end is None or start < end) and (data := file.readline(MOST_BYTES)):
        is_ended = data.endswith(b"\n")
        if is_ended or len(data) < MOST_BYTES:
            piece = Piece(start, start + len(data), data.removesuffix(b"\n"), is_ended)
        else:
            is_ended = skip_line(file)
            piece = Piece(start, file.tell(), None, is_ended)
        yield piece
        start = piece.end


def skip_line(file: BinaryIO) -> bool:
    """Go behind the end of the line; whether it has one."""
    while data := file.readline(_BUFFER):
        if data.endswith(b"\n"):
            return True
    return False
