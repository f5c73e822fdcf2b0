"""Where records of what is done go, and what texts in them are sealed with, as options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from llmpost.errors import RequestError
from llmpost.traces.keys import read_seal


def add_record_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("records")
    trace = "a record of each result, with as much of its texts as the policy lets be kept: a folder, or a .jsonl file"
    group.add_argument("--trace", metavar="F", help=trace)
    group.add_argument("--seal-key-file", metavar="FILE", help="what raw texts in records are encrypted with")


def given_recording(options: argparse.Namespace) -> dict[str, Any]:
    """As keywords of ``Engine.load`` and ``Checker.load``; RequestError where there is no key in the file."""
    seal = b"" if options.seal_key_file is None else _seal(options.seal_key_file)
    return {"trace": options.trace, "seal_key": seal}


def _seal(path: str) -> bytes:
    try:
        text = Path(path).read_bytes().decode("ascii", "replace")
    except OSError as error:
        given = f"a path that cannot be read ({error.strerror})"
        raise RequestError(path, given, "a file with a key", "Check the path.") from None
    return read_seal(text, path)
