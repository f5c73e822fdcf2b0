"""``llmpost generate``: an order carried out, prompts in and text out.

How text comes about, and what is recorded of it, is the engine's business; how it looks is the printers'. What had been
written when a request failed is not lost: JSON has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from llmpost.cli.console import Console
from llmpost.cli.generate_order import Order
from llmpost.cli.printing import JsonPrinter, TextPrinter
from llmpost.cli.progress import Progress
from llmpost.cli.prompts import Line
from llmpost.cli.recording import with_seal_key
from llmpost.contracts.result import Finished, Result
from llmpost.engine import Engine, as_output_type, check_schema
from llmpost.errors import LlmpostError, ModelError, TraceError

_FAILED, _BLOCKED = 1, 3


def run(order: Order, console: Console) -> int:
    """The exit code; errors that end everything are raised."""
    order = _with_schema_read(order)
    try:
        engine = Engine.load(order.model, order.policy, **with_seal_key(order.load_options))
    except (ModelError, TraceError) as error:  # what cannot be loaded or opened is wrong use; what breaks later is not
        console.complain(error)
        return 2
    with closing(engine):
        printer = JsonPrinter(console.stdout) if order.is_json else TextPrinter(console.stdout)
        desk = _Desk(engine, order, printer, console)
        if order.source:
            return desk.run_lines()
        return desk.stream() if order.is_stream else desk.run_one()


@dataclass(frozen=True, slots=True)
class _Desk:
    """An engine, what was asked of it, and where the answers go."""

    engine: Engine
    order: Order
    printer: TextPrinter | JsonPrinter
    console: Console

    def run_one(self) -> int:
        try:
            result = self.engine.generate(self.order.prompt, **self.order.arguments)
        except LlmpostError as error:
            if _has_text(error.result):
                self.printer.result(error.result)
            raise
        return self._tell(result)

    def stream(self) -> int:
        code = 0
        try:
            for event in self.engine.stream(self.order.prompt, **self.order.arguments):
                self.printer.event(event)
                if isinstance(event, Finished):
                    code = self._complain(event.result)
        except LlmpostError as error:
            if _has_text(error.result):
                self.printer.event(Finished(error.result))
            raise
        return code

    def run_lines(self) -> int:
        """Results in the order of the lines; 1 if any of them failed, else 3 if any was blocked."""
        lines, size, codes = self.order.lines, self.order.batch_size, [0]
        progress = Progress(len(lines), self.console.stderr)
        try:
            for start in range(0, len(lines), size):
                batch = lines[start : start + size]
                outcomes = self._outcomes(batch)
                progress.clear()
                codes += map(self._tell_line, batch, outcomes)
                progress.advance(len(batch))
        finally:
            progress.close()
        return _FAILED if _FAILED in codes else max(codes)

    def _outcomes(self, batch: Sequence[Line]) -> list[Result | LlmpostError]:
        """One for each line: the bad ones' errors, and one batch of all others."""
        prompts = [line.prompt for line in batch if not isinstance(line.prompt, LlmpostError)]
        results = iter(self.engine.generate(prompts, **self.order.arguments) if prompts else [])
        return [line.prompt if isinstance(line.prompt, LlmpostError) else next(results) for line in batch]

    def _tell_line(self, line: Line, outcome: Result | LlmpostError) -> int:
        """Write one line's outcome where it belongs; its exit code."""
        if isinstance(outcome, LlmpostError):
            self.console.complain(outcome)  # it names its line already
            self.printer.error(outcome, line.number)
            return _FAILED
        return self._tell(outcome, line.number)

    def _tell(self, result: Result, line: int | None = None) -> int:
        """Write a result, and what went wrong with it; its exit code."""
        self.printer.result(result, line)
        return self._complain(result, "" if line is None else f"{self.order.source}:{line}: ")

    def _complain(self, result: Result, where: str = "") -> int:
        problems, blocks = _problems(result), _blocks(result)
        for problem in (*problems, *blocks):
            self.console.complain(f"{where}{problem}")
        return _FAILED if problems else _BLOCKED if blocks else 0


def _with_schema_read(order: Order) -> Order:
    """A schema that is none, or is meant in a way that there is none, is said before a model is loaded."""
    schema = order.arguments["schema"]
    if schema is None:
        return order
    output_type = as_output_type(schema)
    check_schema(output_type, order.arguments)
    return replace(order, arguments={**order.arguments, "schema": output_type})


def _problems(result: Result) -> list[object]:
    """What went wrong: in a result, or in any of its candidates."""
    return [
        each.trace.notes[-1] if each.error is None else each.error
        for each in result.candidates or (result,)
        if each.error is not None or each.finish_reason == "constraint_failed"
    ]


def _blocks(result: Result) -> list[str]:
    """What guards kept back: of a result, or of any of its candidates."""
    return [
        f"blocked by {each.verdict.decided_by or 'its policy'}"
        for each in result.candidates or (result,)
        if each.verdict.is_blocked
    ]


def _has_text(result: Result | None) -> bool:
    return result is not None and bool(result.token_ids or result.text)
