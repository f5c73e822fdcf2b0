"""``llmpost trace show``: one request on a terminal, as a page, or as JSON.

Traces are read in a stream; what is wrong with them is told on standard error in a word, and by `verify` in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from llmpost.cli.console import Console
from llmpost.cli.ink import Ink
from llmpost.cli.printing import json_line
from llmpost.cli.trace.finding import found
from llmpost.cli.trace.keys import chain_key, seal_key
from llmpost.cli.trace.request_text import lines_of_request
from llmpost.cli.trace.show_options import Order
from llmpost.contracts.record import Record
from llmpost.contracts.result import plain
from llmpost.errors import RequestError
from llmpost.pages.account import account_of
from llmpost.pages.request_page import page_of_request
from llmpost.traces.damage import Damage
from llmpost.traces.opening import opened
from llmpost.traces.reading import read_traces
from llmpost.traces.sealing import Sealer

_FINE = 0


def run(order: Order, console: Console) -> int:
    """The exit code."""
    return _Desk(order, console, chain_key(order.key_file)).run()


@dataclass(slots=True)
class _Desk:
    """What was asked for, and where the answer goes."""

    order: Order
    console: Console
    key: bytes
    num_damages: int = 0

    def run(self) -> int:
        seal = seal_key(self.order.seal_key_file)
        sealer = Sealer(seal) if seal else None
        records = found(self.order, self._records)
        self._tell(records if sealer is None else [opened(record, sealer) for record in records])
        if self.num_damages:
            self.console.complain(f"{self.num_damages:,} places of the traces are damaged: see `llmpost trace verify`.")
        return _FINE

    def _records(self) -> Iterator[Record]:
        self.num_damages = 0
        for entry in read_traces(self.order.paths, self.key):
            if isinstance(entry, Damage):
                self.num_damages += entry.what != "key"  # that it was not given is no damage
            else:
                yield entry.record

    def _tell(self, records: list[Record]) -> None:
        out = self.console.stdout
        if self.order.is_json:
            out.write(f"{json_line({'id': records[0].id, 'records': plain(records)})}\n")
        elif self.order.html is None:
            ink = Ink(self.console.has_colours)
            for line in lines_of_request(account_of(records), self.console.columns, ink.has_colours):
                out.write(f"{ink.written(line)}\n")
        else:
            page = page_of_request(account_of(records)).html()
            if self.order.html == "-":
                out.write(page)
            else:
                _write(self.order.html, page)


def _write(path: str, page: str) -> None:
    try:
        Path(path).write_text(page, "utf-8")
    except OSError as error:
        given = f"a path that cannot be written ({error.strerror})"
        raise RequestError(path, given, "a place for a page", "Name another file.") from None
