"""Somebody who is handed records and keeps them as they are, or will not have them."""

from __future__ import annotations

from llmpost.contracts.record import Record
from llmpost.errors import TraceError


class Listing(list[Record]):
    """A list."""

    def add(self, record: Record) -> None:
        self.append(record)

    @property
    def only(self) -> Record:
        (record,) = self
        return record


class Full:
    """A disk that has no room."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error or TraceError("traces/", "a disk without room", "written", "Make room.")
        self.num_asked = 0

    def add(self, record: Record) -> None:
        self.num_asked += 1
        raise self.error
