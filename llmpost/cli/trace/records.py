"""Records as a command reads them: in a stream, as often as it must, with a bar for whoever waits.

What is wrong with a trace is counted; telling it in full is the business of `verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TextIO

from llmpost.cli.progress import Progress
from llmpost.contracts.record import Record
from llmpost.errors import TraceError
from llmpost.traces.damage import Damage
from llmpost.traces.lines import from_line
from llmpost.traces.reading import read_lines


@dataclass(slots=True)
class Records:
    """Of these traces."""

    paths: tuple[str, ...]
    key: bytes
    stderr: TextIO
    num_damages: int = 0
    """Met when they were last read."""

    def holding(self, name: str = "") -> Iterator[Record]:
        """Those whose line has the name somewhere, and all where that cannot be told from a line: to look
        through a line takes a small part of the time that it takes to understand it."""
        self.num_damages = 0
        sign = name.encode() if name.isascii() and name.isalnum() else b""
        with closing(Progress(None, self.stderr, "lines")) as progress:
            for line in read_lines(self.paths, self.key):
                progress.advance(1)
                if isinstance(line, Damage):
                    self.num_damages += line.what != "key"  # that it was not given is no damage
                elif line.envelope.kind == "record" and sign in line.envelope.body:
                    try:
                        record = from_line(line.envelope.body, line.path)
                    except TraceError:
                        self.num_damages += 1
                        continue
                    yield record
