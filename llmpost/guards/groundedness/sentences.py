"""Sentences: a text in the pieces that can be claims, read piece by piece, the same for every way to cut it.

A sentence ends with its stop and a blank, with a line, or when it has gone on for too long. That abbreviations have
full stops, too, does no harm: what is left of a cut sentence is weighed by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

LONGEST: Final = 600
_END = re.compile(r"[.!?][\"')\]»”’]{0,3}(?=\s)|[。！？]|\n")


class Sentence(NamedTuple):
    start: int
    text: str


class Reading(NamedTuple):
    """A sentence that has begun, and where."""

    start: int = 0
    text: str = ""

    def follow(self, piece: str, is_end: bool) -> tuple[list[Sentence], Reading]:
        """The sentences that are whole now; what is kept may yet grow."""
        text, at = self.text + piece, 0
        found: list[Sentence] = []
        for end in _ends(text, is_end):
            found.append(Sentence(self.start + at, text[at:end]))
            at = end
        return found, Reading(self.start + at, text[at:])


def sentences(text: str) -> list[Sentence]:
    """All of a whole text.

    >>> [sentence.text for sentence in sentences("It rained. Nobody came!")]
    ['It rained.', ' Nobody came!']
    """
    return Reading().follow(text, True)[0]


def _ends(text: str, is_end: bool) -> Iterator[int]:
    at = 0
    while at < len(text):
        limit = at + LONGEST
        match = _END.search(text, at, limit + 1)  # one more, for the blank behind a stop
        end = match.end() if match else limit
        if match is None and len(text) <= limit:
            break
        at = min(end, limit)
        yield at
    if is_end and at < len(text):
        yield len(text)
