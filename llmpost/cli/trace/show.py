"""``llmpost trace show``: one request on a terminal, as a page, or as JSON.

Traces are read in a stream; what is wrong with them is told on standard error in a word, and by `verify` in full.
"""

from __future__ import annotations

from pathlib import Path

from llmpost.cli.console import Console
from llmpost.cli.ink import Ink
from llmpost.cli.printing import json_line
from llmpost.cli.trace.finding import found
from llmpost.cli.trace.keys import chain_key, seal_key
from llmpost.cli.trace.records import Records
from llmpost.cli.trace.request_text import lines_of_request
from llmpost.cli.trace.show_options import Order
from llmpost.contracts.record import Record
from llmpost.contracts.result import plain
from llmpost.errors import RequestError
from llmpost.pages.account import account_of
from llmpost.pages.request_page import page_of_request
from llmpost.traces.opening import opened
from llmpost.traces.sealing import Sealer

_FINE = 0


def run(order: Order, console: Console) -> int:
    """The exit code."""
    seal = seal_key(order.seal_key_file)
    sealer = Sealer(seal) if seal else None
    records = Records(order.paths, chain_key(order.key_file), console.stderr)
    own = found(order, records)
    _tell(own if sealer is None else [opened(record, sealer) for record in own], order, console)
    if records.num_damages:
        console.complain(f"{records.num_damages:,} places of the traces are damaged: see `llmpost trace verify`.")
    return _FINE


def _tell(records: list[Record], order: Order, console: Console) -> None:
    if order.is_json:
        console.stdout.write(f"{json_line({'id': records[0].id, 'records': plain(records)})}\n")
    elif order.html is not None:
        _write(order.html, page_of_request(account_of(records)).html(), console)
    else:
        ink = Ink(console.has_colours)
        for line in lines_of_request(account_of(records), console.columns, ink.has_colours):
            console.stdout.write(f"{ink.written(line)}\n")


def _write(path: str, page: str, console: Console) -> None:
    if path == "-":
        console.stdout.write(page)
        return
    try:
        Path(path).write_text(page, "utf-8")
    except OSError as error:
        given = f"a path that cannot be written ({error.strerror})"
        raise RequestError(path, given, "a place for a page", "Name another file.") from None
