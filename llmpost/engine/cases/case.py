"""Case: a text that a policy is tried on, what was said around it, and what must come of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llmpost.contracts.guard import Side

_LONGEST_PIECE = 9
_MOST_SINGLE = 1000
"""Characters that come one by one; a longer text takes too long that way."""


@dataclass(frozen=True, slots=True)
class Case:
    """
    >>> Case("a", ("abc", "d"), {"action": "allow"}).text
    'abcd'
    """

    id: str
    chunks: tuple[str, ...]
    """As the text comes in a stream; one where nobody says how it is cut."""
    expect: Mapping[str, Any]
    """By the names of `demands.DEMANDS`, as they read them."""
    side: Side = "output"
    prompt: Any = None
    system: str = ""
    schema: Any = None

    @property
    def text(self) -> str:
        return "".join(self.chunks)

    @property
    def said(self) -> dict[str, Any]:
        """What is said to a check besides the text."""
        return {"side": self.side, "prompt": self.prompt, "system": self.system, "schema": self.schema}

    def cuts(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Ways for the text to come, with their names. The random one is the same in every run."""
        text = self.text
        if len(self.chunks) > 1:
            yield "in its chunks", self.chunks
        if len(text) <= _MOST_SINGLE:
            yield "one character a piece", tuple(text)
        yield "cut at random", tuple(_pieces(text, random.Random(self.id)))


def _pieces(text: str, dice: random.Random) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + dice.randint(1, _LONGEST_PIECE)
        yield text[start:end]
        start = end
