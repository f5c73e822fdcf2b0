"""Text in the cells of a terminal: how many it takes, cut, wrapped, and set side by side.

A terminal shows some characters over two cells and some over none. What comes here has no control character in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from llmpost.cli.ink import Line, Run

_WORDS = re.compile(r"\n|[^\S\n]+|\S+")


def width(text: str) -> int:
    """
    >>> width("a"), width("語"), width("e\u0301")
    (1, 2, 1)
    """
    return len(text) if text.isascii() else sum(map(_cells, text))


def cut(text: str, cells: int) -> str:
    """The text, or as much of it as there is room for, and a sign that there is more.

    >>> cut("a long text", 7), cut("語語", 3)
    ('a long…', '語…')
    """
    if width(text) <= cells:
        return text
    return f"{text[: _fitting(text, cells - 1)]}…"


def wrapped(runs: Iterable[Run], cells: int) -> Iterator[Line]:
    """Lines no wider than so many cells, broken between words, and within those that fit on none. Spaces that a line
    would begin with where it is broken are left out; nothing else is."""
    line: list[Run] = []
    left = cells
    for text, look in ((word, run.look) for run in runs for word in _WORDS.findall(run.text)):
        if text == "\n":
            yield tuple(line)
            line, left = [], cells
            continue
        if width(text) > left and line:
            yield tuple(line)
            line, left = [], cells
            if text.isspace():
                continue
        while width(text) > left:
            fitting = max(_fitting(text, left), 1)
            yield (Run(text[:fitting], look),)
            text = text[fitting:]
        line.append(Run(text, look))
        left -= width(text)
    yield tuple(line)


def beside(first: Sequence[Line], second: Sequence[Line], cells: int) -> Iterator[Line]:
    """Lines side by side, the first over so many cells."""
    for one, other in zip_longest(first, second, fillvalue=()):
        room = cells - sum(width(run.text) for run in one)
        yield (*one, Run(" " * max(room, 0)), *other)


def _fitting(text: str, cells: int) -> int:
    """How many characters from the beginning there is room for."""
    for place, character in enumerate(text):
        cells -= _cells(character)
        if cells < 0:
            return place
    return len(text)


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
