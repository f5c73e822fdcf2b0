"""The options of ``llmpost policy show``, and the order they make."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Literal

from llmpost.cli.console import Console
from llmpost.errors import RequestError

USAGE = "llmpost policy show NAME|FILE [--json|--yaml]"
HELP = "tell what a policy does, in words"
EPILOG = """\
  llmpost policy show default                 what runs, in which order, and what happens if it breaks
  llmpost policy show support.yaml --yaml     its canonical form: everything that was said, once

Standard output carries the answer. Exit code: 0 fine, 2 the policy has errors.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """Which policy, and in which form."""

    word: str
    form: Literal["words", "json", "yaml"]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("policy", nargs="?", metavar="NAME|FILE", help="a policy that ships with llmpost, or a file")
    parser.add_argument("--json", action="store_true", help="the canonical form as JSON, with its digest")
    parser.add_argument("--yaml", action="store_true", help="the canonical form as YAML")


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """The order; RequestError where there is none."""
    if options.policy is None:
        raise RequestError("llmpost policy show", "nothing", "a policy", "Name one that ships, or a file.")
    if options.json and options.yaml:
        raise RequestError("--yaml", "--yaml beside --json", "possible", "Leave one of them out.")
    return Order(options.policy, "json" if options.json else "yaml" if options.yaml else "words")
