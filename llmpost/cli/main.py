"""``llmpost``: words to a command, errors to messages and exit codes.

Exit codes: 0 fine, 1 something failed on the way, 2 wrong use, 3 a text was refused. What carries a command out, and
torch with it, is imported when there is something to do: help, version and wrong use are answered at once.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from llmpost.cli import check_options, explain_options, generate_options, generate_order, replay_options
from llmpost.cli.arguments import Parser
from llmpost.cli.command import Command, Commands, lay_into
from llmpost.cli.console import Console
from llmpost.cli.policy.verbs import POLICY
from llmpost.cli.trace.verbs import TRACE
from llmpost.errors import DeadEnd, LlmpostError, ModelError, RequestError, StageError, TraceError

_COMMANDS: Commands = {
    "generate": Command(generate_options, generate_order.read_order, "llmpost.cli.generate"),
    "check": Command(check_options, check_options.read_order, "llmpost.cli.check"),
    "explain": Command(explain_options, explain_options.read_order, "llmpost.cli.explain"),
    "replay": Command(replay_options, replay_options.read_order, "llmpost.cli.replay"),
    "policy": POLICY,
    "trace": TRACE,
}
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
    command: Command | None = options.command
    if command is None:
        program = options.parser.prog
        raise RequestError(program, "nothing", "a command", f"Run `{program} --help`.")
    order = command.read_order(options, console)
    _quiet_libraries(console.stderr.isatty())
    code: int = import_module(command.module).run(order, console)
    return code


def _parser() -> Parser:
    parser = Parser("llmpost", description="Generate text from a language model under a policy.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"llmpost {version('llmpost')}")
    lay_into(parser, _COMMANDS)
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
