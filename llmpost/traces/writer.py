"""TraceWriter: records go onto the disk, one line each, chained, in the order in which they were added.

Here threads, forks and interruptions are kept from harming the chain; files and lines are made elsewhere (`course`,
`envelope`). What cannot be written raises: whether an answer goes out without its record is for its giver to decide.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType

from llmpost.contracts.record import Record
from llmpost.errors import TraceError
from llmpost.traces.course import Course, Rotation
from llmpost.traces.envelope import MOST_BYTES
from llmpost.traces.lines import to_line
from llmpost.traces.places import Folder, place_of

_MOST_BYTES = MOST_BYTES - 1024  # less the envelope
_EVERY_WRITER: weakref.WeakSet[TraceWriter] = weakref.WeakSet()


class TraceWriter:
    """Shared by threads. After a fork the child has files of its own.

    >>> with TraceWriter(FOLDER, key=b"from a safe place") as writer:
    ...     writer.add(RECORD)
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        key: bytes = b"",
        fsync: bool = False,
        rotation: Rotation = Rotation(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`path` is a folder, which is made where there is none, or a file whose name ends in ``.jsonl``, which is
        locked for as long as the writer is open; TraceError where that cannot be written."""
        place = place_of(path, fsync)
        self._where = os.fspath(path)
        self._new_course = partial(Course, place, key, rotation, clock)
        self._course = self._new_course()
        self._lock = threading.Lock()
        self._is_closed = False
        self._is_sure = True
        """Whether what the course knows is what the disk has."""
        if isinstance(place, Folder):
            place.check()  # its files are made when there is something to write
        else:
            self._course.open()
        _EVERY_WRITER.add(self)

    def add(self, record: Record) -> None:
        """One line more, on the disk when this returns, or with the system where `fsync` was not asked for.

        TraceError where it could not be written whole; the next record is tried afresh, on a line of its own.
        """
        line = to_line(record)
        if len(line) > _MOST_BYTES:
            hint = "Keep less of its texts."
            raise TraceError(self._where, f"a record of {len(line):,} bytes", f"at most {_MOST_BYTES:,} long", hint)
        with self._lock:
            if self._is_closed:
                raise TraceError(self._where, "a writer that was closed", "open", "Make a new one.")
            if not self._is_sure:
                self._take_new_course()
            self._is_sure = False  # until it is known what the disk has: Ctrl-C may come between the two
            try:
                self._course.add(line)
            except TraceError:
                self._is_sure = True
                raise
            self._is_sure = True

    def close(self) -> None:
        """Say in the file that this was all. Done at the end of a program for whoever forgets it."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            try:
                if self._is_sure:
                    self._course.end()
            finally:
                self._course.close()

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _take_new_course(self) -> None:
        self._course.close()
        self._course = self._new_course()

    def _go_on_as_child(self) -> None:
        """The file, the place in the chain and whoever held the lock stayed with the parent."""
        self._lock, self._is_sure = threading.Lock(), True
        self._take_new_course()


def _go_on_as_children() -> None:
    for writer in list(_EVERY_WRITER):
        writer._go_on_as_child()


def _close_all() -> None:
    for writer in list(_EVERY_WRITER):
        with suppress(TraceError):  # nobody is left to be told
            writer.close()


os.register_at_fork(after_in_child=_go_on_as_children)
atexit.register(_close_all)
