"""Texts as they are read: a pipe piece by piece, a file of JSON lines row by row; never all of it at once.

What a row says is checked here as far as its shape goes. What is wrong with one is kept in its place.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from llmpost.cli.prompts import shown
from llmpost.errors import LlmpostError, RequestError

_CHUNK = 1 << 16
_ROW = '{"text": "..."}'


def read_chunks(source: str, stdin: BinaryIO) -> Iterator[str]:
    """Pieces of a text, each as soon as there is something to read. RequestError where it is no Unicode text."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with _opened(source, stdin) as file:
        read = getattr(file, "read1", file.read)  # what is there, and not as much as was asked for
        while data := read(_CHUNK):
            if text := _decoded(decoder, data, source):
                yield text
        if text := _decoded(decoder, b"", source, is_end=True):
            yield text


def read_lines_of(source: str, stdin: BinaryIO) -> Iterator[tuple[int, str | LlmpostError]]:
    """The text of each row, or what is wrong with it, under its number; blank lines are left out."""
    with _opened(source, stdin) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, _text_or_error(line, f"{shown(source)}:{number}")


def _text_or_error(line: bytes, where: str) -> str | LlmpostError:
    try:
        row: Any = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return RequestError(where, f"byte {line[error.start]:#04x}", "UTF-8 text", "Convert it with iconv first.")
    except ValueError as error:
        problem = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
        return RequestError(where, f"a line with a mistake in it ({problem})", "JSON", f"Write {_ROW}.")
    except RecursionError:
        return RequestError(where, "JSON nested too deeply", "a row", f"Write {_ROW}.")
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return RequestError(where, "a row without a text", f"an object like {_ROW}", "Other keys are not looked at.")
    return str(row["text"])


def _decoded(decoder: codecs.IncrementalDecoder, data: bytes, source: str, is_end: bool = False) -> str:
    try:
        return decoder.decode(data, is_end)
    except UnicodeDecodeError as error:
        given = f"byte {error.object[error.start]:#04x}"
        raise RequestError(shown(source), given, "UTF-8 text", "Convert it with iconv first.") from None


@contextmanager
def _opened(source: str, stdin: BinaryIO) -> Iterator[BinaryIO]:
    if source == "-":
        yield stdin
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - only opening it may be the caller's mistake
    except OSError as error:
        given = f"a path that cannot be read ({error.strerror})"
        raise RequestError(source, given, "a text file", "Check the path.") from None
    with file:
        yield file
