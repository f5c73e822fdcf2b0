"""What all verbs about traces are given: where the traces are, and a file with the key that they were written with."""

from __future__ import annotations

import argparse
from pathlib import Path

from llmpost.errors import RequestError


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
