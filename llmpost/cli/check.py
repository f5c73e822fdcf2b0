"""``llmpost check``: texts held against the guards of a policy; no model is loaded.

A text comes from a file or a pipe, whole or as it is read, or with others, one a line. What is shown of it goes to
standard output; that it was blocked is said on standard error, without a word of it, and by the exit code.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from llmpost.cli.check_options import Order
from llmpost.cli.chunks import read_chunks, read_lines_of
from llmpost.cli.console import Console
from llmpost.cli.printing import json_line, visible
from llmpost.cli.progress import Progress
from llmpost.cli.prompts import read_text, shown
from llmpost.cli.recording import with_seal_key
from llmpost.contracts.check_result import CheckResult
from llmpost.engine import Checker
from llmpost.errors import LlmpostError, TraceError

_FINE, _FAILED, _BLOCKED = 0, 1, 3


def run(order: Order, console: Console) -> int:
    """The exit code."""
    try:
        checker = Checker.load(order.policy, **with_seal_key(order.surroundings))
    except TraceError as error:  # what cannot be opened is wrong use; what breaks later is not
        console.complain(error)
        return 2
    with closing(checker):
        desk = _Desk(checker, order, console)
        if order.has_lines:
            return desk.run_lines()
        return desk.run_stream() if order.is_streaming else desk.run_text()


@dataclass(frozen=True, slots=True)
class _Desk:
    """A checker, what was asked of it, and where the answers go."""

    checker: Checker
    order: Order
    console: Console

    def run_text(self) -> int:
        result = self._check(read_text(self.order.source, self.console.stdin))
        if self.order.is_json:
            self._write(f"{json_line(result.to_dict())}\n")
        else:
            self._write_text(result.text)
            self._end_line(result.text)
        return self._told(result)

    def run_stream(self) -> int:
        """Each piece is written as soon as it may be seen."""
        chunks = read_chunks(self.order.source, self.console.stdin)
        stream = self.checker.check_stream(chunks, side=self.order.side, schema=self.order.schema)
        last = ""
        with closing(stream):
            for last in stream:
                if self.order.is_json:
                    self._write(f"{json_line({'event': 'delta', 'text': last})}\n")
                else:
                    self._write_text(last)
        if self.order.is_json:
            self._write(f"{json_line({'event': 'finished', 'result': stream.result.to_dict()})}\n")
        else:
            self._end_line(last)
        return self._told(stream.result)

    def run_lines(self) -> int:
        """A line for each line, in their order; what is wrong with one is no trouble of the others."""
        codes = {_FINE}
        progress = Progress(None, self.console.stderr, "texts")
        try:
            for number, row in self._rows():
                progress.clear()
                codes.add(self._tell_row(number, row))
                progress.advance(1)
        finally:
            progress.close()
        return _FAILED if _FAILED in codes else max(codes)

    def _rows(self) -> Iterator[tuple[int, str | LlmpostError]]:
        return read_lines_of(self.order.source, self.console.stdin)

    def _tell_row(self, number: int, row: str | LlmpostError) -> int:
        if isinstance(row, LlmpostError):
            self.console.complain(row)
            told = {"type": type(row).__name__, "message": str(row), "hint": row.hint}
            self._write(f"{json_line({'line': number, 'text': '', 'error': told})}\n")
            return _FAILED
        result = self._check(row)
        told = result.to_dict() if self.order.is_json else {"text": result.text, "action": result.verdict.action}
        self._write(f"{json_line({'line': number, **told})}\n")
        return self._told(result, f"{shown(self.order.source)}:{number}: ")

    def _check(self, text: str) -> CheckResult:
        return self.checker.check(text, side=self.order.side, schema=self.order.schema)

    def _told(self, result: CheckResult, where: str = "") -> int:
        """The exit code of a result; a block is said, too."""
        if not result.is_blocked:
            return _FINE
        self.console.complain(f"{where}blocked by {result.verdict.decided_by or 'its policy'}")
        return _BLOCKED

    def _write_text(self, text: str) -> None:
        """To a pipe exactly as it is; a terminal shows what control characters there are."""
        self._write(visible(text) if self.console.stdout.isatty() else text)

    def _end_line(self, text: str) -> None:
        if self.console.stdout.isatty() and not text.endswith("\n"):
            self._write("\n")

    def _write(self, text: str) -> None:
        self.console.stdout.write(text)
        self.console.stdout.flush()
