"""Records for tests of traces: small, and told apart by a number."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.contracts.result import Trace
from llmpost.traces import Damage, Entry, read_traces

KEY = b"an obviously fake key"
_TRACE = Trace("toy", "bare", "0" * 64, None, {}, {"llmpost": "0"})


def record(number: int = 0, text: str = "hello") -> Record:
    """Of a text that was kept as it was."""
    return Record(f"r{number}", 1.5 + number, "check", "raw", _TRACE, raw=Kept(len(text), text=text))


def told(read: Iterable[Entry | Damage]) -> tuple[list[int], list[str]]:
    """The numbers of the records, and the kinds of damage."""
    everything = list(read)
    numbers = [int(one.record.id[1:]) for one in everything if isinstance(one, Entry)]
    return numbers, [one.what for one in everything if isinstance(one, Damage)]


def read(path: Path, key: bytes = KEY) -> tuple[list[int], list[str]]:
    return told(read_traces(path, key))
