"""``llmpost``: words to a command, errors to messages and exit codes.

Exit codes: 0 fine, 1 something failed on the way, 2 wrong use, 3 a text was refused. What carries a command out, and
torch with it, is imported when there is something to do: help, version and wrong use are answered at once.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any

from llmpost.cli import check_options, explain_options, generate_options, generate_order
from llmpost.cli.arguments import Parser
from llmpost.cli.console import Console
from llmpost.errors import DeadEnd, LlmpostError, ModelError, RequestError, StageError, TraceError

_COMMANDS: dict[str, tuple[ModuleType, Callable[[argparse.Namespace, Console], Any], str]] = {
    "generate": (generate_options, generate_order.read_order, "llmpost.cli.generate"),
    "check": (check_options, check_options.read_order, "llmpost.cli.check"),
    "explain": (explain_options, explain_options.read_order, "llmpost.cli.explain"),
}
"""By name: the options, how an order is read from them, and the module whose `run` carries it out."""
_FAILURES = (DeadEnd, ModelError, StageError, TraceError)

_FAILED, _WRONG_USE = 1, 2
_INTERRUPTED, _PIPE_CLOSED = 130, 141  # 128 and the signal's number, as shells count


def main(words: Sequence[str] | None = None, console: Console | None = None) -> int:
    """Run the program; the exit code."""
    console = console or Console.of_process()
    try:
        code = _run(words, console)
        console.stdout.flush()
    except LlmpostError as error:
        console.complain(error)
        return _FAILED if isinstance(error, _FAILURES) else _WRONG_USE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return _PIPE_CLOSED
    return code


def _run(words: Sequence[str] | None, console: Console) -> int:
    options = _parser().parse_everything(words)
    if options.command is None:
        raise RequestError("llmpost", "nothing", "a command", "Run `llmpost --help`.")
    _, read_order, module = _COMMANDS[options.command]
    order = read_order(options, console)
    _quiet_libraries(console.stderr.isatty())
    code: int = import_module(module).run(order, console)
    return code


def _parser() -> Parser:
    parser = Parser("llmpost", description="Generate text from a language model under a policy.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"llmpost {version('llmpost')}")
    parser.set_defaults(parser=parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, (options, *_) in _COMMANDS.items():
        command = commands.add_parser(
            name, usage=options.USAGE, help=options.HELP, description=f"{options.HELP.capitalize()}.",
            epilog=options.EPILOG, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        command.set_defaults(parser=command)
        options.add_options(command)
    return parser


def _quiet_libraries(is_terminal: bool) -> None:
    """Before they are imported: no warnings of theirs, and their progress bars only where a person sees them."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    if not is_terminal:
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def _forget_stdout() -> None:
    """Nobody reads any more; without this the interpreter would say so when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
