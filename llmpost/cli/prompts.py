"""Where prompts come from: an argument, standard input, a file of messages, a file with a prompt on each line.

A line that cannot be read is an error of that line, kept in its place among the others. What a prompt means, and
whether a model takes it, is the engine's business.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from llmpost.errors import LlmpostError, RequestError, suggestion

_STDIN = "standard input"
_KEYS = ("prompt", "messages")
_LINE = '{"prompt": "..."} or {"messages": [...]}'


@dataclass(frozen=True, slots=True)
class Line:
    """A prompt, or the error in its place, and the line it stands on, counted from 1."""

    number: int
    prompt: Any


def read_prompt(word: str, stdin: BinaryIO) -> str:
    """The prompt itself; for ``-`` all of standard input without its last line end, which `echo` adds."""
    if word != "-":
        return word
    return read_text("-", stdin).removesuffix("\n").removesuffix("\r")


def read_messages(source: str, stdin: BinaryIO) -> Any:
    """A conversation from a JSON file."""
    name = shown(source)
    try:
        content = json.loads(read_text(source, stdin))
    except ValueError as error:
        raise RequestError(f"{name}{_place(error)}", _problem(error), "JSON", _MESSAGES_HINT) from None
    messages = content.get("messages") if isinstance(content, dict) else content
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise RequestError(name, f"a {type(content).__name__}", "a list of messages", _MESSAGES_HINT)
    return messages


def read_lines(source: str, stdin: BinaryIO) -> list[Line]:
    """The prompts of a file, blank lines left out."""
    return list(_lines(read_text(source, stdin), shown(source)))


def read_text(source: str, stdin: BinaryIO) -> str:
    """A whole file as Unicode text."""
    try:
        content = stdin.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        given = f"a path that cannot be read ({error.strerror})"
        raise RequestError(shown(source), given, "a text file", "Check the path.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        given = f"byte {content[error.start]:#04x} at position {error.start}"
        raise RequestError(shown(source), given, "UTF-8 text", "Convert it with iconv first.") from None


def shown(source: str) -> str:
    """A source as errors name it."""
    return _STDIN if source == "-" else source


def _lines(text: str, name: str) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if line.strip():
            yield Line(number, _prompt_or_error(line, f"{name}:{number}"))


def _prompt_or_error(line: str, where: str) -> Any:
    if not line.lstrip().startswith("{"):
        return line
    try:
        return _read_object(json.loads(line), where)
    except ValueError as error:
        return error if isinstance(error, LlmpostError) else RequestError(where, _problem(error), "JSON", _LINE_HINT)


def _read_object(content: dict[str, Any], where: str) -> Any:
    for key in content:
        if key not in _KEYS:
            raise RequestError(where, f"'{key}'", "a key of a prompt line", suggestion(key, _KEYS))
    if len(content) != 1:
        raise RequestError(where, f"a line with {len(content)} keys", _LINE, "Write one of the two.")
    ((key, value),) = content.items()
    kind, allowed = (str, "text") if key == "prompt" else (list, "a list")
    if not isinstance(value, kind):
        raise RequestError(f"{where}: {key}", f"a {type(value).__name__}", allowed, f"Write {_LINE}.")
    return value


_MESSAGES_HINT = 'Write [{"role": "user", "content": "Hello"}].'
_LINE_HINT = f"A line that begins with {{ is read as JSON: {_LINE}."


def _place(error: ValueError) -> str:
    return f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""


def _problem(error: ValueError) -> str:
    message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return f"text with a mistake in it ({message})"
