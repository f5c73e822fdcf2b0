r"""Strings of JSON: what the characters between two quotes say, and where each of them is written.

``\u0040`` says ``@`` and is six characters; two halves of a pair, each escaped, say one. A half alone stays what it is:
it has a place in Python's strings. Nothing is known here of what stands around a string.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Self

_PIECE = re.compile(r'["\\\x00-\x1f]')
_HEX = re.compile(r"u[0-9A-Fa-f]{4}")
_SHORT = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class JsonString:
    """A string that begins at `start`, behind its quote, and ends before the other one, at `end`.

    >>> string = JsonString.at('"a\\\\u0040b"', 1)
    >>> string.text, string.place(1), string.place(2), string.end
    ('a@b', 2, 8, 9)
    """

    text: str
    start: int
    end: int
    escapes: tuple[int, ...] = ()
    """Which characters of `text` are escaped, ascending."""
    behind: tuple[int, ...] = ()
    """Where each of these ends in the document."""

    @classmethod
    def at(cls, document: str, start: int) -> Self | None:
        """The string whose first quote is before `start`; None where there is none to the end."""
        parts: list[str] = []
        escapes: list[int] = []
        behind: list[int] = []
        at, num_read = start, 0
        while (found := _PIECE.search(document, at)) is not None and found[0] in '"\\':
            parts.append(document[at : found.start()])
            num_read += len(parts[-1])
            if found[0] == '"':
                return cls("".join(parts), start, found.start(), tuple(escapes), tuple(behind))
            character, at = _unescaped(document, found.end())
            if character is None:
                return None
            parts.append(character)
            escapes.append(num_read)
            behind.append(at)
            num_read += 1
        return None

    def place(self, at: int) -> int:
        """Where in the document the character `at` begins, and the one before it ends."""
        before = bisect_left(self.escapes, at)
        return self.start + at if before == 0 else self.behind[before - 1] + at - self.escapes[before - 1] - 1


def _unescaped(document: str, at: int) -> tuple[str | None, int]:
    """What the escape says whose backslash is before `at`, and where it ends; nothing where it is none."""
    short = _SHORT.get(document[at : at + 1])
    if short is not None:
        return short, at + 1
    if _HEX.match(document, at) is None:
        return None, at
    code = int(document[at + 1 : at + 5], 16)
    if 0xD800 <= code < 0xDC00 and document.startswith("\\", at + 5) and _HEX.match(document, at + 6):
        low = int(document[at + 7 : at + 11], 16)
        if 0xDC00 <= low < 0xE000:
            return chr(0x10000 + ((code - 0xD800) << 10) + low - 0xDC00), at + 11
    return chr(code), at + 5


def json_said(written: str) -> str:
    """What some characters of a string say, none of them half of an escape."""
    string = JsonString.at(f'{written}"', 0)
    return written if string is None else string.text


def json_written(text: str) -> str:
    r"""A text as characters of a string. Halves of pairs are escaped: no encoding has room for them.

    >>> json_written('"\n\ud800')
    '\\"\\n\\ud800'
    """
    inside = json.dumps(text, ensure_ascii=False)[1:-1]
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", inside)
