"""Finding one request among the records of traces, and all of its candidates.

Traces are read in a stream, twice where the records of a request may stand before it is known which one is meant: of
all others nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from llmpost.cli.trace.records import Records
from llmpost.cli.trace.show_options import Order
from llmpost.contracts.record import Record
from llmpost.errors import TraceError

_WHERE = "llmpost trace show"
_HINT = "See `llmpost trace stats` for what there is."
_MOST_CANDIDATES = 10_000
"""Of a request are kept: a file may say of all its records that they are of one."""


def found(order: Order, records: Records) -> list[Record]:
    """All records of the request that is meant, by candidate; TraceError where there is none."""
    name = _by_place(order, records.holding()) if order.id is None else _by_id(order.id, records.holding(order.id))
    own = list(islice((record for record in records.holding(name) if record.id == name), _MOST_CANDIDATES))
    if not own:
        raise TraceError(_WHERE, "a trace that was taken away meanwhile", "readable", "Try again.")
    return sorted(own, key=lambda record: record.candidate)


def _by_id(start: str, records: Iterable[Record]) -> str:
    """The id itself, or the only one that begins so."""
    like: str | None = None
    is_alone = True
    for record in records:
        if record.id == start:
            return start
        if record.id.startswith(start):
            is_alone = is_alone and like in (None, record.id)
            like = record.id
    if like is None:
        raise TraceError(_WHERE, f"'{start}'", "the id of a request here", _HINT)
    if not is_alone:
        raise TraceError(_WHERE, f"'{start}'", "the beginning of one id alone", "Write more of it.")
    return like


def _by_place(order: Order, records: Iterable[Record]) -> str:
    """The n-th of those that are meant, or the last one that was over."""
    last: Record | None = None
    for number, record in enumerate(_meant(order, records), 1):
        if number == order.nth:
            return record.id
        if last is None or not record.at < last.at:
            last = record
    if last is None or order.nth is not None:
        kind = "blocked requests" if order.is_blocked else "requests"
        given = f"a trace without {kind}" if last is None else f"a trace with fewer than {order.nth} {kind}"
        raise TraceError(_WHERE, given, "one with what was asked for", _HINT)
    return last.id


def _meant(order: Order, records: Iterable[Record]) -> Iterator[Record]:
    """One record for each request; of blocked ones the first candidate that was withheld, so that a request of which
    several were is told from others only where they stand together."""
    before: str | None = None
    for record in records:
        is_blocked = record.verdict.is_blocked or record.finish_reason == "blocked"
        if (is_blocked if order.is_blocked else not record.candidate) and record.id != before:
            before = record.id
            yield record
