"""The options of ``llmpost check``, and the order they make. Knows no guard: help is there at once."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from llmpost.cli.console import Console
from llmpost.cli.guard_options import add_guard_options, given_surroundings
from llmpost.cli.record_options import add_record_options, given_recording
from llmpost.cli.schemas import schema_of
from llmpost.errors import RequestError

USAGE = "llmpost check [FILE|-] [options]"
HELP = "hold a text against the guards of a policy"
EPILOG = """\
  llmpost check reply.txt                     the text as the policy leaves it
  generate-something | llmpost check --streaming   piece by piece, as it may be shown
  llmpost check --jsonl replies.jsonl         one text a line, {"text": "..."}; one line of JSON for each
  llmpost check reply.json --schema s.json    a JSON document, which stays one

Standard output carries the text alone, or JSON with --json or --jsonl. Exit code: 0 allowed or changed, 3 blocked (with
--jsonl: any of them), 1 something failed on the way, 2 wrong use.
"""
_SIDES = ("output", "input")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked, and how it is told."""

    source: str
    policy: str
    side: str
    schema: str | None
    is_json: bool
    has_lines: bool
    is_streaming: bool
    surroundings: dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="a text file; - is standard input, as nothing is"
    )
    parser.add_argument("--policy", default="default", metavar="P", help="a policy that ships with llmpost, or a file")
    parser.add_argument(
        "--schema", metavar="FILE", help="a JSON Schema (a file, or its text): guards look into strings"
    )
    parser.add_argument("--side", default="output", metavar="SIDE", help="output (the default), or input: a prompt")
    parser.add_argument("--json", action="store_true", help="one JSON object: text, verdict, trace")
    parser.add_argument("--jsonl", action="store_true", help='one text a line, {"text": "..."}, and a line for each')
    parser.add_argument("--streaming", action="store_true", help="as a stream shows it: written while it is read")
    add_guard_options(parser)
    add_record_options(parser)


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there is none."""
    if options.side not in _SIDES:
        raise RequestError("--side", f"'{options.side}'", "output or input", "Leave it out for output.")
    if options.jsonl and options.streaming:
        raise RequestError("--streaming", "--streaming beside --jsonl", "possible", "Leave one of them out.")
    if options.schema == "-" == options.file:
        raise RequestError("--schema", "standard input for both", "read twice", "Name a file for one of them.")
    return Order(
        source=options.file,
        policy=options.policy,
        side=options.side,
        schema=None if options.schema is None else schema_of(options.schema, console.stdin),
        is_json=options.json,
        has_lines=options.jsonl,
        is_streaming=options.streaming,
        surroundings={**given_surroundings(options), **given_recording(options)},
    )
