"""``llmpost trace stats``: traces in numbers. They are read in a stream, and nothing of a record is kept."""

from __future__ import annotations

from llmpost.cli.console import Console
from llmpost.cli.ink import Ink
from llmpost.cli.printing import json_line
from llmpost.cli.progress import Progress
from llmpost.cli.trace.keys import chain_key
from llmpost.cli.trace.stats_options import Order
from llmpost.cli.trace.stats_text import lines_of_statistics
from llmpost.contracts.record import Record
from llmpost.traces.damage import Damage
from llmpost.traces.reading import read_traces
from llmpost.traces.statistics import Statistics

_FINE = 0


def run(order: Order, console: Console) -> int:
    """The exit code: that a trace is damaged is an answer, too."""
    statistics = _read(order, console)
    if order.is_json:
        console.stdout.write(f"{json_line(statistics.told())}\n")
        return _FINE
    ink = Ink(console.has_colours)
    for line in lines_of_statistics(statistics, console.columns):
        console.stdout.write(f"{ink.written(line)}\n")
    return _FINE


def _read(order: Order, console: Console) -> Statistics:
    statistics, key = Statistics(), chain_key(order.key_file)
    progress = Progress(None, console.stderr, "records")
    try:
        for entry in read_traces(order.paths, key):
            if isinstance(entry, Damage):
                statistics.add_damage(entry)
            elif _is_meant(entry.record, order):
                statistics.add(entry.record)
            progress.advance(1)
    finally:
        progress.close()
    return statistics


def _is_meant(record: Record, order: Order) -> bool:
    if order.since is not None and not record.at >= order.since:
        return False
    if order.until is not None and not record.at < order.until:
        return False
    trace, policy = record.trace, order.policy
    if policy is None or policy == trace.policy:
        return True
    return "@" in policy and f"{trace.policy}@{trace.policy_digest}".startswith(policy)
