"""``llmpost replay``: recorded texts before another policy, and a report on what that would change.

The report goes to standard output, for a person or as JSON, and into files where they are named; how far it is, to a
terminal alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from llmpost.cli.console import Console
from llmpost.cli.ink import Ink
from llmpost.cli.printing import json_line
from llmpost.cli.progress import Progress
from llmpost.cli.replay_options import Order
from llmpost.cli.replay_text import lines_of_report
from llmpost.cli.trace.keys import chain_key, seal_key
from llmpost.engine.replaying.page import page_of_report
from llmpost.engine.replaying.replay import replay
from llmpost.engine.replaying.report import Report
from llmpost.errors import RequestError

_FINE = 0


def run(order: Order, console: Console) -> int:
    """The exit code."""
    keys = {"key": chain_key(order.key_file), "seal_key": seal_key(order.seal_key_file)}
    with _Shown(console) as shown:
        report = replay(order.paths, order.policy, order.against, progress=shown.told, **keys, **order.options)
    forms: tuple[tuple[str | None, Callable[[], str]], ...] = (
        (order.json, lambda: f"{json_line(report.to_dict())}\n"),
        (order.html, lambda: page_of_report(report).html()),
    )
    for path, written in forms:
        if path is not None and path != "-":
            _write(path, written())
    out = console.stdout
    out.write(next((written() for path, written in forms if path == "-"), "") or _text(report, console))
    return _FINE


def _text(report: Report, console: Console) -> str:
    ink = Ink(console.has_colours)
    return "".join(f"{ink.written(line)}\n" for line in lines_of_report(report, console.columns))


class _Shown:
    """A bar on a terminal, which knows how much there is once somebody tells."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._done = 0

    def told(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = Progress(total, self._console.stderr, "bytes")
        self._bar.advance(done - self._done)
        self._done = done

    def __enter__(self) -> _Shown:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()


def _write(path: str, content: str) -> None:
    try:
        Path(path).write_text(content, "utf-8")
    except OSError as error:
        given = f"a path that cannot be written ({error.strerror})"
        raise RequestError(path, given, "a place for a report", "Name another file.") from None
