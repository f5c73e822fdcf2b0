"""The three streams of a program, handed down so that nothing below `main` reaches for the real ones.

Standard output carries the result alone; everything for a person's eyes while they wait goes to standard error.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import dataclass
from typing import BinaryIO, TextIO

_NARROWEST, _WIDEST = 80, 120


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command reads and writes."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    columns: int = 100
    """How wide that may be which is set out for a person."""
    may_colour: bool = True
    """Whether colours may be written where standard output is a terminal."""

    @classmethod
    def of_process(cls) -> Console:
        """The real streams; text leaves as UTF-8 whatever the locale says, because JSON and models do."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        columns = min(max(shutil.get_terminal_size((100, 24)).columns, _NARROWEST), _WIDEST)
        may_colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(sys.stdin.buffer, sys.stdout, sys.stderr, columns, may_colour)

    @property
    def has_colours(self) -> bool:
        return self.may_colour and self.stdout.isatty()

    def complain(self, message: object) -> None:
        """One line for the person at the terminal."""
        print(message, file=self.stderr, flush=True)
