"""``llmpost trace verify``: whether traces are as they were written. What is wrong goes to standard error."""

from __future__ import annotations

from llmpost.cli.console import Console
from llmpost.cli.printing import json_line
from llmpost.cli.trace.keys import chain_key
from llmpost.cli.trace.verify_options import Order
from llmpost.contracts.result import plain
from llmpost.pages.quantities import counted
from llmpost.pages.unseen import in_line
from llmpost.traces.verifying import FileAccount, verify

_INTACT, _DAMAGED = 0, 1


def run(order: Order, console: Console) -> int:
    """The exit code."""
    verification = verify(order.paths, chain_key(order.key_file))
    for damage in verification.damage:
        console.complain(in_line(str(damage)))
    rest = verification.num_damages - len(verification.damage)
    if rest:
        console.complain(f"… and {rest:,} more")
    if order.is_json:
        told = {"is_intact": verification.is_intact, **plain(verification)}
        console.stdout.write(f"{json_line(told)}\n")
    else:
        for file in verification.files:
            console.stdout.write(f"{in_line(_told(file))}\n")
        word = "intact" if verification.is_intact else f"damaged in {counted(verification.num_damages, 'place')}"
        console.stdout.write(f"{counted(verification.num_records, 'record')}: {word}\n")
    return _INTACT if verification.is_intact else _DAMAGED


def _told(file: FileAccount) -> str:
    end = "ended" if file.is_ended else "not ended: still written, left by a crash, or cut"
    last = "" if file.last is None else f", up to line {file.last.number} ({file.last.hash[:16]})"
    return f"{file.path}: {counted(file.num_records, 'record')}{last}, {end}"
