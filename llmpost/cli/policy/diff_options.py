"""The options of ``llmpost policy diff``, and the order they make."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from llmpost.cli.console import Console
from llmpost.errors import RequestError

USAGE = "llmpost policy diff BEFORE AFTER [options]"
HELP = "tell what another policy does differently"
EPILOG = """\
  llmpost policy diff default support.yaml    key by key: what is stricter, what is weaker
  llmpost policy diff old.yaml new.yaml --exit-code || echo 'they differ'

What is compared is the meaning: a key that says what goes without saying is no difference. Exit code: 0 fine, 2 one of
the policies has errors; with --exit-code 1 where there are differences.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """Which policies, and how it is told."""

    before: str
    after: str
    is_json: bool
    tells_by_code: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", nargs="?", metavar="BEFORE", help="a policy that ships with llmpost, or a file")
    parser.add_argument("after", nargs="?", metavar="AFTER", help="another one")
    parser.add_argument("--exit-code", action="store_true", help="1 where there are differences, as git has it")
    parser.add_argument("--json", action="store_true", help="one JSON object: both digests, and each difference")


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there are not two."""
    if options.after is None:
        given = "nothing" if options.before is None else "one policy"
        raise RequestError("llmpost policy diff", given, "two policies", "Name the one before and the one after.")
    return Order(options.before, options.after, options.json, options.exit_code)
