"""Damage: what is wrong with a trace file, as a value beside its records; whoever reads decides what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

What: TypeAlias = Literal[
    "torn", "garbage", "edited", "missing", "moved", "broken", "no record", "too long", "key", "format", "unreadable",
]  # fmt: skip
"""``torn``: a line that was cut, by a crash or a full disk as a rule. ``garbage``: a line of another form. ``edited``:
its hash is not that of what stands there. ``missing``: lines before it are not there, or the file it goes on in.
``moved``: a line that stood elsewhere, or stands there twice. ``broken``: it does not follow from the line before.
``no record``: whole, and not to be understood. ``too long`` to be read. ``key``: hashed under another key than was
given, or under none: that nothing was edited cannot be told. ``format``: of a later llmpost. ``unreadable``: the file
as a whole."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One place, in words that quote nothing."""

    path: str
    offset: int
    """Of the line's first byte."""
    line: int | None
    """From 1; None where the reading began in the middle of the file."""
    what: What
    said: str

    def __str__(self) -> str:
        place = f"byte {self.offset}" if self.line is None else str(self.line)
        return f"{self.path}:{place}: {self.what}: {self.said}"
