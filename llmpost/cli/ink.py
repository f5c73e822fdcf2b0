"""Ink: runs of text in a look each, written in a terminal's colours, or plainly where there are none.

What is written plainly must say the same: a colour only repeats a word or a sign. It knows nothing of what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from llmpost.pages.tones import Tone

Look: TypeAlias = Tone | Literal["", "soft", "strong"]

_CODES: dict[Look, str] = {
    "plain": "", "": "", "soft": "2", "strong": "1",
    "good": "32", "noted": "34;4", "changed": "33;4", "again": "35;4", "stopped": "31;4",
}  # fmt: skip
"""Of the eight colours that every terminal has, so that they are those that its user chose; marks are underlined."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look. No control character is in it."""

    text: str
    look: Look = ""


Line: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Ink:
    r"""
    >>> Ink(True).written([Run("no", "stopped"), Run(" colour")])
    '\x1b[31;4mno\x1b[0m colour'
    """

    has_colours: bool

    def written(self, runs: Iterable[Run]) -> str:
        if not self.has_colours:
            return "".join(run.text for run in runs)
        together = groupby(runs, lambda run: _CODES[run.look])
        return "".join(_coloured("".join(run.text for run in own), code) for code, own in together)


def _coloured(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text
