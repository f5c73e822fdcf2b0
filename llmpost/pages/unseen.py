"""Characters that nobody sees, or that move others about, and a name for each that can be seen.

Whoever reads a trace must see what is in a text: a control character, an override of the direction, half a pair of
surrogates. It knows neither HTML nor terminals: both write these names in their own way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

UNSEEN = regex.compile(r"[\p{C}\p{Zl}\p{Zp}--[\n\t]]", regex.V1)
"""Controls but for the two that lay a text out, formats, halves of pairs, unassigned and private, line separators."""


def code_point(character: str) -> str:
    r"""
    >>> code_point("\u202e")
    'U+202E'
    """
    return f"U+{ord(character):04X}"


def told(character: str) -> str:
    r"""
    >>> told("\u202e")
    'U+202E RIGHT-TO-LEFT OVERRIDE'
    """
    name = unicodedata.name(character, "")
    return f"{code_point(character)} {name}" if name else code_point(character)


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a character that nobody sees: joined they are the text."""
    end = 0
    for found in UNSEEN.finditer(text):
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
    return UNSEEN.sub(lambda found: f"<{code_point(found[0])}>", text)
