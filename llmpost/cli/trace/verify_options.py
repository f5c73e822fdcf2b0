"""The options of ``llmpost trace verify``, and the order they make."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from llmpost.cli.console import Console
from llmpost.cli.trace.trace_options import add_trace_options, given_paths

USAGE = "llmpost trace verify TRACES... [--key-file FILE] [--json]"
HELP = "say whether traces are as they were written"
EPILOG = """\
  llmpost trace verify traces/
  llmpost trace verify traces/ --key-file audit.key     traces whose chain was hashed with a key

Each place that is damaged is a line on standard error; standard output says what was read. Exit code: 0 intact,
1 damaged, 2 wrong use.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What is verified, and how it is told."""

    paths: tuple[str, ...]
    is_json: bool
    key_file: str | None


def add_options(parser: argparse.ArgumentParser) -> None:
    add_trace_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object: each file, and what is wrong with it")


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there is none."""
    return Order(given_paths(options), options.json, options.key_file)
