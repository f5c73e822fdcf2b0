"""The options of ``llmpost trace show``, and the order they make."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from llmpost.cli.console import Console
from llmpost.cli.trace.trace_options import add_trace_options, given_paths
from llmpost.errors import RequestError

USAGE = "llmpost trace show TRACES... [--id ID|--nth N|--last] [--blocked] [options]"
HELP = "show one request: its texts, what was found and done, and where the time went"
EPILOG = """\
  llmpost trace show traces/                        the last request
  llmpost trace show traces/ --blocked              the last one of which an answer was withheld
  llmpost trace show traces/ --id c0ffee            by its id, or the beginning of it
  llmpost trace show traces/ --nth 3 --html 3.html  the third, as a page that needs no network

Standard output carries the answer. Exit code: 0 shown, 1 there is no such request, 2 wrong use.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """Which request, and in which form."""

    paths: tuple[str, ...]
    id: str | None
    nth: int | None
    """From 1; None for the last."""
    is_blocked: bool
    html: str | None
    is_json: bool
    key_file: str | None
    seal_key_file: str | None


def add_options(parser: argparse.ArgumentParser) -> None:
    add_trace_options(parser)
    parser.add_argument("--id", metavar="ID", help="the request with this id, or whose id begins so")
    parser.add_argument("--nth", metavar="N", type=int, help="the N-th request, from 1")
    parser.add_argument("--last", action="store_true", help="the last request, as without it")
    parser.add_argument("--blocked", action="store_true", help="of those of which an answer was withheld")
    parser.add_argument("--html", metavar="FILE", help="write a page instead; - is standard output")
    parser.add_argument("--json", action="store_true", help="the records as one JSON object")
    parser.add_argument("--seal-key-file", metavar="FILE", help="the key that opens sealed texts")


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there is none."""
    given = [name for name in ("id", "nth", "last") if getattr(options, name) not in (None, False)]
    if len(given) > 1 or (options.id is not None and options.blocked):
        both = f"--{given[0]} beside --{given[1]}" if len(given) > 1 else "--id beside --blocked"
        raise RequestError(options.parser.prog, both, "possible", "Leave one of them out.")
    if options.nth is not None and options.nth < 1:
        raise RequestError("--nth", str(options.nth), "a number from 1", "Leave it out for the last.")
    if options.id == "":
        raise RequestError("--id", "an empty text", "an id, or the beginning of one", "Leave it out for the last.")
    if options.html is not None and options.json:
        raise RequestError("--html", "--html beside --json", "possible", "Leave one of them out.")
    return Order(
        paths=given_paths(options),
        id=options.id,
        nth=options.nth,
        is_blocked=options.blocked,
        html=options.html,
        is_json=options.json,
        key_file=options.key_file,
        seal_key_file=options.seal_key_file,
    )
