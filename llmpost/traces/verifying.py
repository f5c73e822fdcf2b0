"""Verification: whether traces are as they were written, file by file. It reads all of them and keeps little."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llmpost.traces.damage import Damage
from llmpost.traces.envelope import Link
from llmpost.traces.header import Header, read_header
from llmpost.traces.reading import Line, Source, read_lines

MOST_NAMED = 1000


@dataclass(slots=True)
class FileAccount:
    """What a file holds that stands there unedited."""

    path: str
    header: Header | None = None
    """The last one, where several writers had it one after the other."""
    num_records: int = 0
    last: Link | None = None
    """Its last line. Whoever notes it elsewhere can tell later whether lines were cut off."""
    is_ended: bool = False
    """Whether its writer left it: else it was killed, still writes, or lines were cut off."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Of all that was read."""

    files: tuple[FileAccount, ...]
    damage: tuple[Damage, ...]
    """The first thousand."""
    num_damages: int

    @property
    def is_intact(self) -> bool:
        """Whether nothing is wrong; of a file that is not ended, as far as it goes."""
        return not self.num_damages

    @property
    def num_records(self) -> int:
        return sum(file.num_records for file in self.files)


def verify(sources: Source | Iterable[Source], key: bytes = b"") -> Verification:
    """Every hash and every link looked at. TraceError where there is nothing to read."""
    files: dict[str, FileAccount] = {}
    damage: list[Damage] = []
    num_damages = 0
    for line in read_lines(sources, key):
        account = files.setdefault(line.path, FileAccount(line.path))
        if isinstance(line, Line):
            _count(account, line)
            continue
        num_damages += 1
        if len(damage) < MOST_NAMED:
            damage.append(line)
    return Verification(tuple(files.values()), tuple(damage), num_damages)


def _count(account: FileAccount, line: Line) -> None:
    envelope = line.envelope
    if envelope.kind == "header":
        account.header = read_header(envelope.body)
    account.num_records += envelope.kind == "record"
    account.is_ended = envelope.kind == "end"
    account.last = envelope.link
