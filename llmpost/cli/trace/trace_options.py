"""What all verbs about traces are given: where the traces are, and the keys that they were written with."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from llmpost.errors import RequestError
from llmpost.traces.keys import read_key, read_seal

_MOST_BYTES = 4096
"""Of a file with a key: one of another kind was meant."""


def add_trace_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="TRACES", help="trace files, or folders of them")
    parser.add_argument("--key-file", metavar="FILE", help="the key that the chain of lines was hashed with")


def given_paths(options: argparse.Namespace) -> tuple[str, ...]:
    """RequestError where there is none, or where one leads nowhere."""
    if not options.paths:
        raise RequestError(options.parser.prog, "no path", "a trace to look into", "Name a folder, or a .jsonl file.")
    for path in options.paths:
        if not Path(path).exists():
            raise RequestError(path, "a path that leads nowhere", "a trace", "Name a folder, or a .jsonl file.")
    return tuple(options.paths)


def given_key(options: argparse.Namespace) -> bytes:
    """Empty where none was given."""
    return b"" if options.key_file is None else _read(options.key_file, lambda text: read_key(text))


def given_seal(options: argparse.Namespace) -> bytes:
    """Empty where none was given."""
    path = options.seal_key_file
    return b"" if path is None else _read(path, lambda text: read_seal(text, path))


def _read(path: str, read: Callable[[str], bytes]) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        given = f"a path that cannot be read ({error.strerror})"
        raise RequestError(path, given, "a file with a key", "Check the path.") from None
    if len(content) > _MOST_BYTES or not content.strip():
        given = "an empty file" if len(content) <= _MOST_BYTES else f"a file of more than {_MOST_BYTES:,} bytes"
        raise RequestError(path, given, "a file with a key", "Write the key into it, and nothing else.")
    return read(content.decode("utf-8", "surrogateescape"))
