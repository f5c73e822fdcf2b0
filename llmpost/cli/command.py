"""Command and Family: what a word of the program stands for, and how it is laid into a parser.

A command has options that are light, and a module that carries it out, imported when there is something to do. A family
is a word that several commands share: ``llmpost policy lint`` and ``llmpost policy show`` are of one. This module knows
none of them by name.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeAlias

from llmpost.cli.arguments import Parser
from llmpost.cli.console import Console


@dataclass(frozen=True, slots=True)
class Command:
    """One that can be carried out."""

    options: ModuleType
    """Has USAGE, HELP, EPILOG and ``add_options``; torch is not imported with it."""
    read_order: Callable[[argparse.Namespace, Console], Any]
    """From options to what is asked; RequestError where that is nothing."""
    module: str
    """Whose ``run(order, console)`` carries it out and gives the exit code."""


@dataclass(frozen=True, slots=True)
class Family:
    """Commands behind one word."""

    help: str
    members: Mapping[str, Command]


Commands: TypeAlias = Mapping[str, Command | Family]


def lay_into(parser: Parser, commands: Commands) -> None:
    """Each command as a parser of its own. Parsed, ``command`` is the one meant, None where its word is missing, and
    ``parser`` whoever read last."""
    parser.set_defaults(parser=parser, command=None)
    places = parser.add_subparsers(metavar="COMMAND", prog=parser.prog)
    for name, command in commands.items():
        if isinstance(command, Family):
            family = places.add_parser(name, help=command.help, description=_sentence(command.help), allow_abbrev=False)
            lay_into(family, command.members)
        else:
            _lay_one(places.add_parser(name, **_described(command.options)), command)


def _lay_one(parser: Parser, command: Command) -> None:
    parser.set_defaults(parser=parser, command=command)
    command.options.add_options(parser)


def _described(options: ModuleType) -> dict[str, Any]:
    return {
        "usage": options.USAGE,
        "help": options.HELP,
        "description": _sentence(options.HELP),
        "epilog": options.EPILOG,
        "allow_abbrev": False,
        "formatter_class": argparse.RawDescriptionHelpFormatter,
    }


def _sentence(words: str) -> str:
    """
    >>> _sentence("print the JSON Schema")
    'Print the JSON Schema.'
    """
    return f"{words[:1].upper()}{words[1:]}."
