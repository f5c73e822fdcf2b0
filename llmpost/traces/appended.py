"""A file that lines are added to, each in one call, and how a cut line is kept apart from the next.

It knows no chain and no record. A file is opened by whoever knows where it should be; what is in it is never changed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from io import FileIO

from llmpost.errors import TraceError


class AppendedFile:
    """Owns a file opened for appending. Not for several threads at once."""

    __slots__ = ("_file", "_is_cut", "_syncs", "path", "size")

    def __init__(self, path: str, file: FileIO, syncs: bool, is_cut: bool = False) -> None:
        self._file = file
        self.path = path
        self.size = os.fstat(file.fileno()).st_size
        self._syncs = syncs
        self._is_cut = is_cut
        """Whether the last line has no end: the next one begins with that."""

    def append(self, line: bytes) -> None:
        """The whole line, or TraceError. What was written of it in that case stays, and is no part of another line.

        A line that lacks its end alone is there: it counts as written.
        """
        data = b"\n" + line if self._is_cut else line
        try:
            written = self._file.write(data)
        except OSError as error:
            raise unwritable(self.path, error) from None
        self.size += written
        self._is_cut = data[:written][-1:] not in (b"\n", b"") or (self._is_cut and not written)
        if written < len(data) - 1:
            hint = "Make room; what follows goes onto a line of its own."
            raise TraceError(self.path, f"a line of which {written} of {len(data)} bytes fit", "written", hint)

    def settle(self) -> None:
        """Where that was asked for, wait for the disk. TraceError where it cannot be told what is on it."""
        try:
            if self._syncs:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise unwritable(self.path, error) from None

    def close(self) -> None:
        """Whatever the disk says to it; done, too, when nobody knows the file any more."""
        with suppress(OSError, AttributeError):  # there is no file where it was interrupted while it was made
            self._file.close()

    __del__ = close


def unwritable(path: str, error: OSError) -> TraceError:
    """In words; of what was to be written, nothing."""
    given = f"a path that cannot be written ({error.strerror})"
    return TraceError(path, given, "a place for traces", "Make room, or name another folder or .jsonl file.")
