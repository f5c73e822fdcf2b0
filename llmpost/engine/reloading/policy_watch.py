"""Policy watch: looks at the files of policies from time to time, and has them read again when they have changed.

A change is taken up when the files look the same twice, since whoever writes one in place may be in the middle of it.
What is wrong with it keeps the policies that hold, and is said once: in the log, without a word of the file, and to
whoever wants to be told.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Thread, current_thread
from types import TracebackType
from typing import Final, Protocol, Self, TypeAlias

from llmpost.engine.reloading.history import PolicyChange
from llmpost.errors import LlmpostError, RequestError

Stamp: TypeAlias = tuple[int, ...]
"""What a file system says of a file; of one that cannot be looked at, why."""
_LOG: Final = logging.getLogger("llmpost.policy")
_YOUNG_NS: Final = 2_000_000_000
"""Clocks of file systems are coarse: a file that was written so shortly ago may be written again without a sign."""


class Reloadable(Protocol):
    """An engine, or a checker."""

    @property
    def policy_history(self) -> tuple[PolicyChange, ...]: ...

    @property
    def policy_files(self) -> tuple[Path, ...]: ...

    def reload(self) -> tuple[PolicyChange, ...]: ...


class PolicyWatch:
    """Begins to look when it is made, and ends when it is closed, or with the program.

    >>> with engine.watch(seconds=0.5, on_change=print):                # doctest: +SKIP
    ...     serve(engine)
    """

    def __init__(
        self,
        reloadable: Reloadable,
        seconds: float | None = 1.0,
        on_change: Callable[[PolicyChange], object] | None = None,
    ) -> None:
        """`seconds` None: it looks when it is told to (:meth:`look`)."""
        if seconds is not None and not 0 < seconds <= 86_400:
            raise RequestError(
                "watch.seconds", f"{seconds!r:.60}", "a number of seconds above 0, up to a day", "Say 1."
            )
        self._reloadable = reloadable
        self._on_change = on_change
        self._last: dict[Path, Stamp] | None = None
        """What the files were like at the last look."""
        self._done: dict[Path, Stamp] | None = None
        """What they were like when they were read, where that need not be done again."""
        self._told = ""
        self._end = Event()
        self._thread = None if seconds is None else Thread(target=self._run, args=(seconds,), daemon=True)
        if self._thread is not None:
            self._thread.name = "llmpost-policy-watch"
            self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """No change is taken up any more when this returns."""
        self._end.set()
        if self._thread is not None and self._thread is not current_thread():
            self._thread.join()

    def look(self) -> None:
        """Once; from one thread at a time."""
        now = stamps(self._reloadable.policy_files)
        is_settled, self._last = now == self._last, now
        if not is_settled or now == self._done:
            return
        begun = time.time_ns()
        try:
            changes = self._reloadable.reload()
        except Exception as error:  # whatever breaks here must not end the watch
            self._refused(error)
            return  # and it is tried again: what it needs may be a file that nobody knows of as yet
        self._told = ""
        self._done = now if _is_old(now, begun) else None
        for change in changes:
            _LOG.info("policy %s was taken: %s", change.name, change.digest)
            self._tell(change)

    def _run(self, seconds: float) -> None:
        while not self._end.wait(seconds):
            self.look()

    def _refused(self, error: Exception) -> None:
        refusals = [change for change in self._reloadable.policy_history if change.outcome == "refused"]
        told = f"{type(error).__name__}: {error}"
        if told == self._told:
            return
        self._told = told
        where = f"{error.where}: it is not {error.allowed}" if isinstance(error, LlmpostError) else type(error).__name__
        _LOG.warning("a changed policy was not taken, and the one before holds: %s", where)
        for change in refusals[-1:]:
            self._tell(change)

    def _tell(self, change: PolicyChange) -> None:
        if self._on_change is None:
            return
        try:
            self._on_change(change)
        except Exception as error:  # whoever is told may break, too
            _LOG.warning("who was to be told of a policy broke: %s", type(error).__name__)


def stamps(files: Iterable[Path]) -> dict[Path, Stamp]:
    """What each is like, links followed."""
    return {path: _stamp(path) for path in files}


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError as error:
        return (error.errno or -1,)
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev, found.st_mode


def _is_old(seen: dict[Path, Stamp], now_ns: int) -> bool:
    return all(stamp[0] < now_ns - _YOUNG_NS for stamp in seen.values())
