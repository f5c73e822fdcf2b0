"""The three streams of a program, handed down so that nothing below `main` reaches for the real ones.

Standard output carries the result alone; everything for a person's eyes while they wait goes to standard error.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from typing import BinaryIO, TextIO


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command reads and writes."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO

    @classmethod
    def of_process(cls) -> Console:
        """The real streams; text leaves as UTF-8 whatever the locale says, because JSON and models do."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        return cls(sys.stdin.buffer, sys.stdout, sys.stderr)

    def complain(self, message: object) -> None:
        """One line for the person at the terminal."""
        print(message, file=self.stderr, flush=True)
