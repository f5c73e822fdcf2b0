"""Trace files read: lines in the order in which they were written, in constant memory, with what is wrong beside them.

Files of a folder are read by name, which is by writer, and for each writer by time. What a line follows from is told by
the chain, and what a record says by nobody here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TypeAlias

from llmpost.contracts.record import Record
from llmpost.errors import TraceError
from llmpost.traces.chain import Chain, Remark
from llmpost.traces.damage import Damage
from llmpost.traces.envelope import BEGINNING, MOST_BYTES, Envelope, Link, is_begun, unwrapped
from llmpost.traces.lines import from_line
from llmpost.traces.places import ENDING
from llmpost.traces.scanning import Piece, opened, pieces
from llmpost.traces.segments import Segment

Path_: TypeAlias = str | os.PathLike[str]
Source: TypeAlias = Path_ | Segment
_PART = re.compile(r"(.+)-([0-9]{6,12})\.jsonl", re.DOTALL)


class Line(NamedTuple):
    """A line that could be taken apart, and that was not edited as far as can be told."""

    path: str
    start: int
    end: int
    envelope: Envelope


class Entry(NamedTuple):
    """A record, and where it stands."""

    record: Record
    path: str
    start: int
    end: int
    """Where the next line starts: `Segment(path, end, None, link)` goes on behind this one."""
    link: Link


def read_traces(
    sources: Source | Iterable[Source], key: bytes = b"", *, is_checked: bool = True
) -> Iterator[Entry | Damage]:
    """Every record that stands in the sources unedited, in order, and everything that is wrong, where it is.

    With `is_checked` false neither hashes nor the order of lines are looked at, only whether a line holds a record.
    """
    for line in read_lines(sources, key, is_checked=is_checked):
        if isinstance(line, Damage):
            yield line
        elif line.envelope.kind == "record":
            yield _entry(line)


def read_lines(
    sources: Source | Iterable[Source], key: bytes = b"", *, is_checked: bool = True
) -> Iterator[Line | Damage]:
    """Every line, those of headers and ends too; what is wrong with a line comes before it.

    In a folder all of each writer must be; a file by itself is taken as it begins. TraceError where there is nothing.
    """
    for source in [sources] if isinstance(sources, str | os.PathLike | Segment) else sources:
        if isinstance(source, Segment):
            yield from _segment(source, Chain(key, source.after), is_checked)
        elif Path(source).is_dir():
            yield from _folder(Path(source), key, is_checked)
        elif Path(source).exists():
            yield from _segment(Segment(os.fspath(source)), Chain(key, _before(os.fspath(source))), is_checked)
        else:
            hint = f"Name a folder or a {ENDING} file."
            raise TraceError(os.fspath(source), "a path where nothing is", "a trace", hint)


def trace_files(source: Path_) -> list[str]:
    """The files of a folder in the order in which they are read; a file is its own."""
    path = Path(source)
    if not path.is_dir():
        return [str(path)]
    return sorted(entry.path for entry in os.scandir(path) if entry.name.endswith(ENDING))


def _folder(path: Path, key: bytes, is_checked: bool) -> Iterator[Line | Damage]:
    for _, files in groupby(trace_files(path), _writer_of):
        chain, file, size = Chain(key), "", 0
        for file in files:
            size = yield from _segment(Segment(file), chain, is_checked)
        if chain.goes_on:
            yield Damage(file, size, None, "missing", "the file that it goes on in is not here")


def _writer_of(path: str) -> str:
    """Of a file in a folder, by its name: a file with another name is all that its writer wrote."""
    name = _PART.fullmatch(Path(path).name)
    return path if name is None else name[1]


def _before(path: str) -> Link | None:
    """What the first line of a file follows that is read by itself. Where others came before it, it is not known."""
    name = _PART.fullmatch(Path(path).name)
    return BEGINNING if name is None or int(name[2]) == 1 else None


def _segment(segment: Segment, chain: Chain, is_checked: bool) -> Generator[Line | Damage, None, int]:
    """Returns where it came to; the chain is left as it stands there."""
    path, number, offset = segment.path, 0, segment.start
    is_whole_file = not segment.start
    try:
        with opened(path) as file:
            if not is_whole_file and is_checked:
                chain.begin_under(unwrapped(file.readline(MOST_BYTES).removesuffix(b"\n")))
            for piece in pieces(file, segment.start, segment.end):
                number, offset = number + 1, piece.start
                envelope = None if piece.data is None else unwrapped(piece.data)
                remarks = _remarks(piece, envelope, chain if is_checked else None)
                for what, said in remarks:
                    yield Damage(path, offset, number if is_whole_file else None, what, said)
                if envelope is not None and not any(what in ("edited", "torn") for what, _ in remarks):
                    yield Line(path, offset, piece.end, envelope)
                offset = piece.end
    except OSError as error:
        yield Damage(path, offset, None, "unreadable", error.strerror or type(error).__name__)
    return offset


def _remarks(piece: Piece, envelope: Envelope | None, chain: Chain | None) -> list[Remark]:
    if piece.data is None:
        return [("too long", f"a line of more than {MOST_BYTES:,} bytes")]
    if envelope is None:
        return [_no_line(piece.data, piece.is_ended)]
    if chain is None:
        return []
    remarks = chain.follow(envelope)
    if not piece.is_ended and any(what == "edited" for what, _ in remarks):
        return [_no_line(piece.data, piece.is_ended)]
    return remarks


def _no_line(data: bytes, is_ended: bool) -> Remark:
    if not is_ended:
        return "torn", "the last line was cut, or is being written"
    if data and is_begun(data) and not data.endswith(b"}"):
        return "torn", "a line that was cut"
    return "garbage", "no line of a trace"


def _entry(line: Line) -> Entry | Damage:
    try:
        record = from_line(line.envelope.body, line.path)
    except TraceError as error:
        return Damage(line.path, line.start, None, "no record", error.given)
    return Entry(record, line.path, line.start, line.end, line.envelope.link)
