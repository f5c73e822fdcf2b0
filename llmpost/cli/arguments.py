"""An argument parser that says what is wrong in llmpost's four parts and suggests the name that was meant.

The standard parser prints its usage and ends the process; this one raises, and `main` decides. It knows nothing of
particular commands or options.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from llmpost.errors import RequestError, suggestion

LATER_COMMANDS = {
    "llmpost": ("serve", "tune"),
}
"""By the words before them: commands that are known and not here yet."""

_ABOUT_ARGUMENT = re.compile(r"argument (?P<name>\S+): (?P<problem>.*)", re.S)
_UNKNOWN_COMMAND = re.compile(r"argument COMMAND: invalid choice: '(?P<name>.*)' \(choose from (?P<known>.*)\)", re.S)


class Parser(argparse.ArgumentParser):
    """Raises :class:`RequestError` in place of leaving the process."""

    def error(self, message: str) -> NoReturn:
        if unknown := _UNKNOWN_COMMAND.fullmatch(message):
            raise _unknown_command(self.prog, unknown["name"], re.findall(r"[\w-]+", unknown["known"]))
        if about := _ABOUT_ARGUMENT.fullmatch(message):
            raise _misused(about["name"], about["problem"], self.prog)
        raise RequestError(self.prog, f"this use ({message})", "possible", f"See `{self.prog} --help`.")

    def parse_everything(self, words: Sequence[str] | None) -> argparse.Namespace:
        """All words as options; a word that fits nowhere is an error, never dropped."""
        options, left = self.parse_known_args(words)
        if left:
            raise _left_over(left[0], options.parser)
        return options


def _misused(option: str, problem: str, program: str) -> RequestError:
    if problem == "expected one argument":
        hint = f"Write {option} VALUE; a value that begins with - is written {option}=VALUE."
        return RequestError(option, "an option without its value", "complete", hint)
    return RequestError(option, f"this use ({problem})", "possible", f"See `{program} --help`.")


def _unknown_command(program: str, name: str, known: Sequence[str]) -> RequestError:
    if name in LATER_COMMANDS.get(program, ()):
        return RequestError(program, f"'{name}'", "in this version yet", f"This version has: {', '.join(known)}.")
    return RequestError(program, f"'{name}'", "a command", suggestion(name, known))


def _left_over(word: str, parser: Parser) -> RequestError:
    if not word.startswith("-"):
        return RequestError(parser.prog, f"'{word}'", "expected here", "Put quotes around what belongs together.")
    name = word.split("=")[0]
    shown = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    known = [option for action in shown for option in action.option_strings]
    return RequestError(parser.prog, f"'{name}'", "an option", suggestion(name, known))
