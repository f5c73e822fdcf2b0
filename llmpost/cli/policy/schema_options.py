"""The options of ``llmpost policy schema``: there are none."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from llmpost.cli.console import Console

USAGE = "llmpost policy schema"
HELP = "print the JSON Schema of policy files"
EPILOG = """\
  llmpost policy schema > policy.schema.json

An editor that is told of it completes names and marks mistakes while you write: with the YAML language server
  # yaml-language-server: $schema=policy.schema.json
on the first line of a policy. Exit code: 0.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """The schema is asked for."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """None."""


def read_order(options: argparse.Namespace, console: Console) -> Order:
    return Order()
