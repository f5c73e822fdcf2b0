"""``llmpost generate``: prompts in, text out.

Everything that can be wrong with the options, the policy and the prompts is found before the model is loaded. How
text comes about is the engine's business; how it looks is the printers'.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from llmpost.cli.console import Console
from llmpost.cli.generate_options import MODEL_OPTIONS, check_options
from llmpost.cli.printing import JsonPrinter, TextPrinter, trace_line
from llmpost.cli.progress import Progress
from llmpost.cli.prompts import Line, read_lines, read_messages, read_prompt, shown
from llmpost.cli.setting_options import given_settings
from llmpost.contracts.result import Finished, Result
from llmpost.engine import Engine
from llmpost.errors import LlmpostError, ModelError, RequestError
from llmpost.policy import Policy


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for, read and checked."""

    policy: Policy
    arguments: dict[str, Any]
    prompt: Any = None
    lines: Sequence[Line] = ()
    source: str = ""
    """The name of the file that `lines` are from; empty for a single prompt."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Run the command; the exit code."""
    order = read_order(options, console)
    with _trace_file(options.trace) as trace:
        try:
            engine = Engine.load(options.model, order.policy, **_load_options(options))
        except ModelError as error:  # a model that cannot be loaded is wrong use; one that breaks later is not
            console.complain(error)
            return 2
        desk = _Desk(engine, order, JsonPrinter(console.stdout) if options.json else TextPrinter(console.stdout), trace)
        if order.source:
            return desk.run_lines(int(options.batch_size), console)
        desk.stream() if options.stream else desk.run_one()
        return 0


def read_order(options: argparse.Namespace, console: Console) -> Order:
    """Options and prompts, before any work is done."""
    check_options(options)
    order = Order(Policy.named(options.policy), {**given_settings(options), "template": not options.no_template})
    _check_stream(options, order)
    if options.prompts is not None:
        lines = read_lines(options.prompts, console.stdin)
        return replace(order, lines=lines, source=shown(options.prompts))
    if options.messages is not None:
        return replace(order, prompt=read_messages(options.messages, console.stdin))
    return replace(order, prompt=read_prompt(options.prompt, console.stdin))


@dataclass(frozen=True, slots=True)
class _Desk:
    """An engine, what was asked of it, and where the answers go."""

    engine: Engine
    order: Order
    printer: TextPrinter | JsonPrinter
    trace: TextIO | None

    def run_one(self) -> None:
        result = self.engine.generate(self.order.prompt, **self.order.arguments)
        self._keep(result)
        self.printer.result(result)

    def stream(self) -> None:
        for event in self.engine.stream(self.order.prompt, **self.order.arguments):
            self.printer.event(event)
            if isinstance(event, Finished):
                self._keep(event.result)

    def run_lines(self, batch_size: int, console: Console) -> int:
        """Results in the order of the lines; 1 if any of them failed."""
        lines, num_failed = self.order.lines, 0
        progress = Progress(len(lines), console.stderr)
        try:
            for start in range(0, len(lines), batch_size):
                batch = lines[start : start + batch_size]
                outcomes = self._outcomes(batch)
                progress.clear()
                for line, outcome in zip(batch, outcomes, strict=True):
                    num_failed += self._tell(line, outcome, console)
                progress.advance(len(batch))
        finally:
            progress.close()
        return 1 if num_failed else 0

    def _outcomes(self, batch: Sequence[Line]) -> list[Result | LlmpostError]:
        """One for each line: the bad ones' errors, and one batch of all others."""
        prompts = [line.prompt for line in batch if not isinstance(line.prompt, LlmpostError)]
        results = iter(self.engine.generate(prompts, **self.order.arguments) if prompts else [])
        return [line.prompt if isinstance(line.prompt, LlmpostError) else next(results) for line in batch]

    def _tell(self, line: Line, outcome: Result | LlmpostError, console: Console) -> bool:
        """Write one line's outcome where it belongs; whether it failed."""
        if isinstance(outcome, LlmpostError):
            console.complain(outcome)  # it names its line already
            self.printer.error(outcome, line.number)
            return True
        self._keep(outcome)
        if outcome.error is None:
            self.printer.result(outcome, line.number)
            return False
        console.complain(f"{self.order.source}:{line.number}: {outcome.error}")
        self.printer.error(outcome.error, line.number)
        return True

    def _keep(self, result: Result) -> None:
        if self.trace is not None:
            self.trace.write(f"{trace_line(result)}\n")
            self.trace.flush()


def _check_stream(options: argparse.Namespace, order: Order) -> None:
    num_candidates = order.arguments.get("n") or order.policy.decode.n or 1
    if options.stream and num_candidates > 1 and not options.json:
        hint = "Add --json, whose events name their candidate, or leave --stream out."
        raise RequestError("--stream", f"--n {num_candidates}", "one text", hint)


def _load_options(options: argparse.Namespace) -> dict[str, Any]:
    return {name: getattr(options, name) for name in MODEL_OPTIONS}


@contextmanager
def _trace_file(path: str | None) -> Iterator[TextIO | None]:
    """The trace file, opened before anything is computed."""
    if path is None:
        yield None
        return
    try:
        file = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 - closed below; only opening it may be the caller's mistake
    except OSError as error:
        given = f"a path that cannot be written ({error.strerror})"
        raise RequestError(path, given, "a file to append to", "Check the path.") from None
    with file:
        yield file
