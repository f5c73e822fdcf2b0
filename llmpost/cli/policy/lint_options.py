"""The options of ``llmpost policy lint``, and the order they make."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from llmpost.cli.console import Console
from llmpost.errors import RequestError

USAGE = "llmpost policy lint FILE... [options]"
HELP = "say what is wrong with policies"
EPILOG = """\
  llmpost policy lint support.yaml            nothing where it is fine
  llmpost policy lint policies/               every policy in a folder
  llmpost policy lint default --verbose       one that ships
  llmpost policy lint own.yaml --with tickets    its program hands in a guard of this name

Each problem is a line on standard error, file:line:column: what is wrong. Exit code: 0 no errors, 2 errors (with
--strict: warnings, too), 1 something failed on the way.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """Which policies are looked at, and what is told."""

    words: tuple[str, ...]
    handed_in: tuple[str, ...]
    model: str | None
    is_strict: bool
    is_json: bool
    is_verbose: bool


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="a policy file, a folder of them, or the name of one that ships"
    )
    handed_in = "a guard, policy or model that the program hands in; several times for several"
    parser.add_argument("--with", dest="handed_in", action="append", metavar="NAME", default=[], help=handed_in)
    parser.add_argument("--model", metavar="M", help="the model they are for: lengths are counted in its tokens")
    parser.add_argument("--strict", action="store_true", help="warnings fail, too")
    parser.add_argument("--json", action="store_true", help="one JSON object a policy: its problems, with their places")
    parser.add_argument(
        "--verbose", action="store_true", help="tell notes, too, and name on standard output what is fine"
    )


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where nothing is to be looked at."""
    if not options.files:
        raise RequestError("llmpost policy lint", "nothing", "a policy file", "Name a file, or a folder of them.")
    words, handed_in = tuple(options.files), tuple(options.handed_in)
    return Order(words, handed_in, options.model, options.strict, options.json, options.verbose)
