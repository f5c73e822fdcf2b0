"""The options of ``llmpost policy test``, and the order they make."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from llmpost.cli.console import Console
from llmpost.cli.guard_options import add_guard_options, given_surroundings
from llmpost.errors import RequestError

USAGE = "llmpost policy test NAME|FILE... [options]"
HELP = "try policies on texts, and say where something else came than was expected"
EPILOG = """\
  llmpost policy test support.yaml            the cases of tests/support.yaml, beside it
  llmpost policy test strict children         policies that ship, with their own cases
  llmpost policy test new.yaml --cases tests/support.yaml --junit report.xml

Each text is checked as a whole and as a stream, which must agree. A line is told for each case that failed, without its
text, and one for each policy. Exit code: 0 all passed, 1 some failed, 2 wrong use. Writing cases: docs/policy-tests.md.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """Which policies are tried on which cases, and how it is told."""

    words: tuple[str, ...]
    cases: str | None
    """None: those beside each policy."""
    junit: str | None
    is_json: bool
    shows_text: bool
    surroundings: dict[str, Any]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "policies", nargs="*", metavar="NAME|FILE", help="policies that ship with llmpost, or files of your own"
    )
    parser.add_argument("--cases", metavar="FILE", help="try all of them on these, and not on those beside each")
    parser.add_argument("--junit", metavar="FILE", help="write a report there that CI systems read")
    parser.add_argument("--json", action="store_true", help="one JSON object a policy: every case, and what came")
    parser.add_argument("--show-text", action="store_true", help="show texts where they are not as expected")
    add_guard_options(parser)


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where nothing is to be tried."""
    if not options.policies:
        raise RequestError("llmpost policy test", "nothing", "a policy", "Name one that ships, or a file.")
    return Order(
        words=tuple(options.policies),
        cases=options.cases,
        junit=options.junit,
        is_json=options.json,
        shows_text=options.show_text,
        surroundings=given_surroundings(options),
    )
