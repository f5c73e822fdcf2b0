"""TraceWriter: records go onto the disk, one line each, chained, in the order in which they were added.

It knows when a file is opened, left for another, and closed; where files are and what lines look like is known
elsewhere (`places`, `envelope`). What cannot be written raises: whether an answer goes out without its record is for
whoever gives it to decide.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType

from llmpost.contracts.record import Record
from llmpost.errors import TraceError
from llmpost.traces.appended import AppendedFile
from llmpost.traces.envelope import BEGINNING, MOST_BYTES, Kind, Link, wrapped
from llmpost.traces.header import End, Header, written
from llmpost.traces.keys import derived, key_name
from llmpost.traces.lines import to_line
from llmpost.traces.places import Folder, new_writer, place_of

_ROOM_FOR_ENVELOPE = 1024


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a writer leaves a file of a folder for the next. No file is ever removed."""

    most_bytes: int = 256 << 20
    """A line that would not fit goes into the next file; a file has one record at least."""
    most_seconds: float | None = None
    """Since the file was begun; looked at when a record is added."""


class TraceWriter:
    """Shared by threads. After a fork each process has files of its own.

    >>> TraceWriter("a/folder", key=b"from a safe place")  # doctest: +SKIP
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
        """`path` is a folder, or a file whose name ends in ``.jsonl``; TraceError where it cannot be written."""
        self._place = place_of(path, fsync)
        self._key = key
        self._chain_key = derived(key, "chain")
        self._rotation = rotation
        self._clock = clock
        self._is_closed = False
        self._begin_anew()
        if isinstance(self._place, Folder):
            self._place.check()
        else:
            self._open()
        _WRITERS.add(self)

    def add(self, record: Record) -> None:
        """One line more. TraceError where it could not be written whole; then the next one is tried afresh."""
        body = to_line(record)
        if len(body) > MOST_BYTES - _ROOM_FOR_ENVELOPE:
            given = f"a record of {len(body):,} bytes"
            raise TraceError(str(self._place.path), given, f"at most {MOST_BYTES:,}", "Keep less: store: digest, say.")
        with self._lock:
            if self._is_closed:
                raise TraceError(str(self._place.path), "a writer that was closed", "open", "Make a new one.")
            try:
                self._make_ready(len(body))
                self._write("record", body)
            except TraceError:
                raise
            except BaseException:  # Ctrl-C between the disk and our memory of it: what is there is found out anew
                self._leave()
                raise

    def close(self) -> None:
        """Say that this was all. A writer that was closed adds nothing more."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            try:
                if self._file is not None and self._is_headed:
                    self._write("end", written(End(self._clock())))
            finally:
                self._leave()

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()
        self._file: AppendedFile | None = None
        self._link: Link = BEGINNING
        self._is_headed = False
        self._writer = ""
        self._part = 0
        self._begun_at = 0.0

    def _leave(self) -> None:
        """Forget the file; the next record goes into a new one, or behind what is there."""
        lock, file = self._lock, self._file
        self._begin_anew()
        self._lock = lock
        if file is not None:
            file.close()

    def _after_fork(self) -> None:
        """In the child: the file, the place in the chain and whoever held the lock are the parent's."""
        file = self._file
        self._begin_anew()
        if file is not None:
            file.close()

    def _make_ready(self, num_bytes: int) -> None:
        if self._file is None:
            self._open()
        elif self._is_full(num_bytes):
            self._rotate()
        if not self._is_headed:
            version_ = version("llmpost")
            header = Header(self._writer, self._clock(), os.getpid(), version_, key_name(self._key))
            self._write("header", written(header))
            self._is_headed = True
            self._num_beginning = self._link.number

    def _open(self) -> None:
        self._writer = new_writer(self._clock)
        self._begun_at = self._clock()
        if isinstance(self._place, Folder):
            self._part = 1
            self._file = self._place.open(self._writer, self._part)
        else:
            self._file, self._link = self._place.open(self._chain_key)

    def _is_full(self, num_bytes: int) -> bool:
        if not isinstance(self._place, Folder) or not self._is_headed or self._link.number == self._num_beginning:
            return False
        assert self._file is not None
        most_seconds = self._rotation.most_seconds
        is_old = most_seconds is not None and self._clock() - self._begun_at >= most_seconds
        return is_old or self._file.size + num_bytes + _ROOM_FOR_ENVELOPE > self._rotation.most_bytes

    def _rotate(self) -> None:
        """The next file is there before this one says that it goes on."""
        assert self._file is not None
        assert isinstance(self._place, Folder)
        following = self._place.open(self._writer, self._part + 1)
        try:
            self._write("end", written(End(self._clock(), goes_on=True)))
        except BaseException:
            following.close()
            Path(following.path).unlink()
            raise
        self._file.close()
        self._file, self._part, self._is_headed = following, self._part + 1, False
        self._begun_at = self._clock()

    def _write(self, kind: Kind, body: bytes) -> None:
        assert self._file is not None
        line, link = wrapped(kind, body, self._link, self._chain_key)
        self._file.append(line)
        self._link = link


_WRITERS: weakref.WeakSet[TraceWriter] = weakref.WeakSet()


def _after_fork() -> None:
    for writer in list(_WRITERS):
        writer._after_fork()


def _close_all() -> None:
    for writer in list(_WRITERS):
        writer.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_close_all)
