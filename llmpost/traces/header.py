"""Header: the line that a writer begins with, in each of its files: who writes, in which form, under which key."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

FORMAT = 1
"""Counted up when a reader of this one could misread the next."""


@dataclass(frozen=True, slots=True)
class Header:
    """Plain data. Its number and the hash of what came before stand in its envelope."""

    writer: str
    """Drawn by each writer for itself: the same in all its files."""
    at: float
    """Seconds since 1970."""
    pid: int
    llmpost: str
    """The version that wrote."""
    key: str = ""
    """The name of the key that the chain is hashed under (`key_name`); empty where it is hashed without."""
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class End:
    """The line that a writer leaves a file with. Without one it was killed, still writes, or lines were cut off."""

    at: float
    goes_on: bool = False
    """Whether it went on in another file."""


_HEADER = TypeAdapter(Header)
_END = TypeAdapter(End)


def written(value: Header | End) -> bytes:
    """As it stands in a line."""
    return _HEADER.dump_json(value) if isinstance(value, Header) else _END.dump_json(value)


def read_header(body: bytes) -> Header | None:
    """None where it is none."""
    try:
        return _HEADER.validate_json(body)
    except ValidationError:
        return None


def read_end(body: bytes) -> End | None:
    """None where it is none."""
    try:
        return _END.validate_json(body)
    except ValidationError:
        return None
