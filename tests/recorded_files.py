"""Records as they are read back from files, of which none may be damaged."""

from __future__ import annotations

from pathlib import Path

from llmpost.contracts.record import Record
from llmpost.traces.reading import Entry, read_traces


def read_records(path: Path, key: bytes = b"") -> list[Record]:
    """In order."""
    entries = list(read_traces(path, key))
    assert all(isinstance(entry, Entry) for entry in entries), entries
    return [entry.record for entry in entries if isinstance(entry, Entry)]
