"""The options of ``llmpost policy upgrade``, and the order they make."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from llmpost.cli.console import Console
from llmpost.errors import RequestError

USAGE = "llmpost policy upgrade FILE [--write]"
HELP = "bring a policy file to the newest version of the format"
EPILOG = """\
  llmpost policy upgrade old.yaml             print it as it would be
  llmpost policy upgrade old.yaml --write     write it so

Comments and all lines that need no change stay as they are. Exit code: 0 fine, 2 it is no policy, or one that is newer
than this llmpost.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """Which file, and whether it is written."""

    path: Path
    is_written: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="a policy file")
    parser.add_argument("--write", action="store_true", help="write the file, in the place of what it was")


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there is none."""
    if options.file is None:
        raise RequestError("llmpost policy upgrade", "nothing", "a policy file", "Name a file.")
    return Order(Path(options.file), options.write)
