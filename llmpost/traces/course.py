"""Course: one writer's way through its files: opened when there is something to write, headed, left when they are full.

It knows the chain and when a file is over. Threads, forks and what a record looks like are its owner's business.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from llmpost.traces.appended import AppendedFile
from llmpost.traces.envelope import BEGINNING, Kind, Link, wrapped
from llmpost.traces.header import End, Header, written
from llmpost.traces.keys import derived, key_name
from llmpost.traces.places import Folder, Place, new_writer

_ENVELOPE_BYTES = 256
_version = cache(version)  # read from the disk


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a writer leaves a file of a folder for the next. No file is ever removed."""

    most_bytes: int = 256 << 20
    """A line that would not fit goes into the next file; a file has one record at least."""
    most_seconds: float | None = None
    """Since the file was begun; looked at when a record is added."""


@dataclass(slots=True)
class Course:
    """Not for several threads at once. A line that could not be written whole has no place in the chain."""

    place: Place
    key: bytes
    rotation: Rotation
    clock: Callable[[], float]
    file: AppendedFile | None = None
    link: Link = BEGINNING
    num_records: int = 0
    """In this file."""
    part: int = 0
    begun_at: float = 0.0
    is_headed: bool = False
    writer: str = ""
    chain_key: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.chain_key = derived(self.key, "chain")

    def open(self) -> AppendedFile:
        """The file to write to now; TraceError where there is none to be had."""
        if self.file is None:
            self.writer = new_writer(self.clock)
            if isinstance(self.place, Folder):
                self._begin(self.place.open(self.writer, 1))
            else:
                file, self.link = self.place.open(self.chain_key)
                self._begin(file)
        assert self.file is not None
        return self.file

    def add(self, record: bytes) -> None:
        """TraceError where it could not be written whole."""
        file = self.open()
        if isinstance(self.place, Folder) and self._is_over(file, len(record)):
            file = self._next_file(file, self.place)
        if not self.is_headed:
            header = Header(self.writer, self.clock(), os.getpid(), _version("llmpost"), key_name(self.key))
            self._write(file, "header", written(header))
            self.is_headed = True
        self._write(file, "record", record)
        self.num_records += 1

    def end(self) -> None:
        """Say that this was all."""
        if self.file is not None and self.is_headed:
            self._write(self.file, "end", written(End(self.clock())))

    def close(self) -> None:
        """Let go of the file as it is."""
        if self.file is not None:
            self.file.close()

    def _begin(self, file: AppendedFile) -> None:
        self.file, self.part, self.num_records, self.is_headed = file, self.part + 1, 0, False
        self.begun_at = self.clock()

    def _is_over(self, file: AppendedFile, num_bytes: int) -> bool:
        most = self.rotation
        is_old = most.most_seconds is not None and self.clock() - self.begun_at >= most.most_seconds
        is_full = file.size + num_bytes + _ENVELOPE_BYTES > most.most_bytes
        return self.num_records > 0 and (is_old or is_full)

    def _next_file(self, file: AppendedFile, folder: Folder) -> AppendedFile:
        """It is there before the last one says that it goes on in it."""
        following = folder.open(self.writer, self.part + 1)
        try:
            self._write(file, "end", written(End(self.clock(), goes_on=True)))
        except BaseException:
            following.close()
            Path(following.path).unlink()
            raise
        file.close()
        self._begin(following)
        return following

    def _write(self, file: AppendedFile, kind: Kind, body: bytes) -> None:
        line, link = wrapped(kind, body, self.link, self.chain_key)
        file.append(line)
        self.link = link
        file.settle()
