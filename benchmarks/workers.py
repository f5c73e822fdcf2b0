"""An engine in a process of its own: what it breaks, or never ends, costs one answer and not the benchmark.

It knows no engine and no pattern: a function serves one pipe, and says first how many seconds it took to load.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

START_SECONDS = 120.0


class Worker:
    """Asks `serve(*arguments, pipe)`; its process is started again when an answer had to be given up."""

    def __init__(self, serve: Callable[..., None], arguments: tuple[Any, ...], seconds: float) -> None:
        self._serve, self._arguments, self._seconds = serve, arguments, seconds
        self.load_seconds = float("nan")
        self._start()

    def ask(self, job: object) -> Any:
        """The answer, or why there is none."""
        try:
            self._pipe.send(job)
            if self._pipe.poll(self._seconds):
                return self._pipe.recv()
            outcome = f"over {self._seconds:.0f} s"
        except (EOFError, OSError):
            outcome = "crashed"
        self.stop()
        self._start()
        return outcome

    def stop(self) -> None:
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=self._serve, args=(*self._arguments, theirs), daemon=True)
        self._process.start()
        theirs.close()
        if not self._pipe.poll(START_SECONDS):
            raise TimeoutError(f"{self._arguments[0]} did not load")
        self.load_seconds = self._pipe.recv()
