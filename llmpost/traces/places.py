"""Where a writer's files are: each its own in a folder, or one that is named. It opens them, and knows no records."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from llmpost.errors import TraceError
from llmpost.traces.appended import AppendedFile, unwritable
from llmpost.traces.continuing import last_line
from llmpost.traces.envelope import Link

ENDING = ".jsonl"
_OWN = 0o600
_OWN_FOLDER = 0o700
_FLAGS = os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe is refused, not waited for


@dataclass(frozen=True, slots=True)
class Folder:
    """In which every writer of every process has files of its own."""

    path: Path
    syncs: bool = False

    def check(self) -> None:
        """Make the folder where there is none; TraceError where nothing can be written in it."""
        try:
            self.path.mkdir(_OWN_FOLDER, parents=True, exist_ok=True)
        except FileExistsError:
            hint = f"Name a folder, or a file that ends in {ENDING}."
            raise TraceError(str(self.path), "a file", "a place for traces", hint) from None
        except OSError as error:
            raise unwritable(str(self.path), error) from None
        if not os.access(self.path, os.W_OK | os.X_OK):
            hint = "Name another one, or change its rights."
            raise TraceError(str(self.path), "a folder that must not be written in", "a place for traces", hint)

    def open(self, writer: str, part: int) -> AppendedFile:
        """A new file, empty."""
        path = str(self.path / f"{writer}-{part:06d}{ENDING}")
        try:
            file = AppendedFile(path, _opened(path, os.O_WRONLY | os.O_EXCL), self.syncs)
            if self.syncs:
                _sync_folder(self.path)
        except OSError as error:
            raise unwritable(path, error) from None
        return file


@dataclass(frozen=True, slots=True)
class SingleFile:
    """For one writer at a time; the next one goes on where the last one stopped."""

    path: Path
    syncs: bool = False

    def open(self, chain_key: bytes) -> tuple[AppendedFile, Link]:
        """The file, locked, and its last whole line. TraceError where another writer has it, and where it is no trace
        or was begun under another key: nothing is added to what cannot be followed."""
        path = str(self.path)
        try:
            file = _opened(path, os.O_RDWR)
        except OSError as error:
            raise unwritable(path, error) from None
        try:
            return self._taken(file, chain_key)
        except BaseException:
            file.close()
            raise

    def _taken(self, file: FileIO, chain_key: bytes) -> tuple[AppendedFile, Link]:
        path, descriptor = str(self.path), file.fileno()
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise TraceError(path, "no plain file", "a place for traces", "Name a folder, or another file.")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            hint = "Name a folder: there every writer has a file of its own."
            raise TraceError(path, "a file that another writer has open", "free", hint) from None
        link = last_line(descriptor, chain_key)
        if link is None:
            hint = "Name another file, or give the key that it was begun with."
            raise TraceError(path, "a file whose end is no trace under this key", "one to go on in", hint)
        return AppendedFile(path, file, self.syncs, _is_cut(descriptor)), link


Place = Folder | SingleFile


def place_of(path: str | os.PathLike[str], syncs: bool) -> Place:
    """A folder, unless the name ends as that of a file."""
    own = Path(path)
    if "\0" in str(own):
        raise TraceError(repr(str(own))[:80], "a path with a NUL in it", "a place for traces", "Name another one.")
    if own.suffix == ENDING and not own.is_dir():
        return SingleFile(own, syncs)
    return Folder(own, syncs)


def new_writer(clock: Callable[[], float]) -> str:
    """A name that no other writer has, and that sorts by time."""
    now = clock()
    moment = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now))
    return f"{moment}.{int(now % 1 * 1e6):06d}-{os.getpid()}-{secrets.token_hex(4)}"


def _opened(path: str, flags: int) -> FileIO:
    return FileIO(os.open(path, flags | _FLAGS, _OWN), "ab")


def _is_cut(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
