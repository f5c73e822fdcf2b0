"""Keys of traces, out of the files that a command names."""

from __future__ import annotations

from pathlib import Path

from llmpost.errors import RequestError, TraceError
from llmpost.traces.keys import read_key, read_seal

_MOST_BYTES = 4096
"""Of a file with a key: one of another kind was meant."""


def chain_key(path: str | None) -> bytes:
    """What the chain of lines was hashed with; empty where no file is named."""
    return b"" if path is None else read_key(_text(path))


def seal_key(path: str | None) -> bytes:
    """What texts were sealed with; empty where no file is named."""
    if path is None:
        return b""
    try:
        return read_seal(_text(path), path)
    except TraceError as error:  # whoever names a file that holds no key uses it wrongly
        raise RequestError(error.where, error.given, error.allowed, error.hint) from None


def _text(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        given = f"a path that cannot be read ({error.strerror})"
        raise RequestError(path, given, "a file with a key", "Check the path.") from None
    if len(content) > _MOST_BYTES or not content.strip():
        given = "an empty file" if len(content) <= _MOST_BYTES else f"a file of more than {_MOST_BYTES:,} bytes"
        raise RequestError(path, given, "a file with a key", "Write the key into it, and nothing else.")
    return content.decode("utf-8", "surrogateescape")
