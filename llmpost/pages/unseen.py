"""Characters that nobody sees, or that move others about, and a name for each that can be seen.

Whoever reads a trace must see what is in a text: a control character, an override of the direction, half a pair of
surrogates. It knows neither HTML nor terminals: both write these names in their own way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

_UNSEEN = regex.compile(r"([\p{C}\p{Zl}\p{Zp}--[\n\t]])\1*+", regex.V1)
"""Controls but for the two that lay a text out, formats, halves of pairs, unassigned and private, line separators: each
as often as it stands there in a row."""


def code_points(row: str) -> str:
    r"""One character, or the same several times.

    >>> code_points("\u202e"), code_points("\0\0\0")
    ('U+202E', 'U+0000×3')
    """
    times = f"×{len(row)}" if len(row) > 1 else ""
    return f"U+{ord(row[0]):04X}{times}"


def told(row: str) -> str:
    r"""
    >>> told("\u202e")
    'U+202E RIGHT-TO-LEFT OVERRIDE'
    """
    name = unicodedata.name(row[0], "")
    return f"{code_points(row)} {name}" if name else code_points(row)


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a character that nobody sees, or a row of it: joined they are the
    text."""
    end = 0
    for found in _UNSEEN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    if end < len(text):
        yield text[end:], False


def seen(text: str) -> str:
    r"""
    >>> seen("a\x00b")
    'a<U+0000>b'
    """
    return _UNSEEN.sub(lambda found: f"<{code_points(found[0])}>", text)


def in_line(text: str) -> str:
    r"""What breaks a line or moves along it is named, too.

    >>> in_line("a\nb")
    'a<U+000A>b'
    """
    return seen(text).replace("\n", "<U+000A>").replace("\t", "<U+0009>")
