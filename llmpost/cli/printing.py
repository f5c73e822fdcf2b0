"""How results look on standard output: the text alone, or JSON.

Several texts are told apart by a heading each. To a terminal control characters are written visibly, because a
model may write an escape sequence; into a pipe every character goes as it is.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, TextIO

from llmpost.contracts.result import Event, FieldDone, Finished, Result, TextDelta
from llmpost.errors import LlmpostError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class TextPrinter:
    """Results as text."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._is_first = True

    def result(self, result: Result, line: int | None = None) -> None:
        """The text of a result, or of its candidates, each ended by a line end; no text that an error cut off."""
        where = "" if line is None else f"line {line}"
        if not result.candidates and result.error is None:
            self._text(result.text, where)
        for number, candidate in enumerate(result.candidates, 1):
            name = f"candidate {number} of {len(result.candidates)}"
            if candidate.error is None:
                self._text(candidate.text, f"{where}, {name}" if where else name)

    def error(self, error: LlmpostError, line: int | None = None) -> None:
        """Nothing: standard output carries results alone, and the error goes to standard error."""

    def event(self, event: Event) -> None:
        """A piece of a stream, written at once. A field is in the text already."""
        if isinstance(event, TextDelta):
            self._write(event.text)
        elif isinstance(event, Finished):
            self._write("\n")

    def _text(self, text: str, heading: str) -> None:
        if heading:
            self._write(f"{'' if self._is_first else chr(10)}==> {heading} <==\n")
            self._is_first = False
        self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        self._out.write(visible(text) if self._is_terminal else text)
        self._out.flush()


class JsonPrinter:
    """Results as JSON, one object a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def result(self, result: Result, line: int | None = None) -> None:
        self._write({**_place(line), **result.to_dict()})

    def error(self, error: LlmpostError, line: int | None = None) -> None:
        """The object that stands where a result would: one line for one prompt, whatever became of it."""
        told = {"type": type(error).__name__, "message": str(error), "hint": error.hint}
        self._write({**_place(line), "text": "", "finish_reason": "error", "error": told})

    def event(self, event: Event) -> None:
        if isinstance(event, TextDelta):
            self._write({"event": "delta", "candidate": event.candidate, "text": event.text})
        elif isinstance(event, FieldDone):
            path = list(event.path)
            self._write({"event": "field", "candidate": event.candidate, "path": path, "value": event.value})
        else:
            self._write({"event": "finished", "result": event.result.to_dict()})

    def _write(self, content: dict[str, Any]) -> None:
        self._out.write(f"{json_line(content)}\n")
        self._out.flush()


def json_line(content: Any) -> str:
    """JSON that every reader takes: JSON has no infinity, and a masked token's log-probability is one."""
    return json.dumps(_finite(content), ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value


def visible(text: str) -> str:
    r"""
    >>> visible("red: \x1b[31m")
    'red: \\x1b[31m'
    """
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _place(line: int | None) -> dict[str, int]:
    return {} if line is None else {"line": line}
