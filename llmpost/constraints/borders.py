"""Borders: where a quotation from a text may begin and where it may end, as marks at its bytes.

A word is what stands between white space without the punctuation around it (3.5, don't, and/or); any other character
that is no white space is one for itself. Sentences end with a full stop or its like before white space, or
at a blank line. It knows no algebra
but the bits of its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

import numpy as np

from llmpost.automata.algebra import ENDS, STARTS

Whole: TypeAlias = Literal["characters", "words", "sentences"]
"""What a quotation never cuts."""

_WORDS = re.compile(r"\w+(?:['’.,:/@&+-]\w+)*|[^\w\s]")
_ENDS_OF_SENTENCES = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|\Z)"  # looked at once, however long a row of dots
    r"|[。！？]++[”’」』）]*+"  # no white space follows these
    r"|\n[^\S\n]*+(?=\n)"
)


def marks_of(text: str, whole: Whole) -> bytes:
    """One mark for each byte of the text as UTF-8, and one behind the last."""
    octets = np.frombuffer(text.encode(), dtype=np.uint8)
    is_border = np.append((octets & 0xC0) != 0x80, True)
    marks = np.zeros(len(octets) + 1, dtype=np.uint8)
    marks[is_border] = STARTS | ENDS if whole == "characters" else np.frombuffer(_marks_of(text, whole), np.uint8)
    return marks.tobytes()


def _marks_of(text: str, whole: Whole) -> bytes:
    """The same for each character."""
    marks = bytearray(len(text) + 1)
    for start, end in _words(text) if whole == "words" else _sentences(text):
        marks[start] |= STARTS
        marks[end] |= ENDS
    return bytes(marks)


def _words(text: str) -> Iterable[tuple[int, int]]:
    return (word.span() for word in _WORDS.finditer(text))


def _sentences(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for end in [*(found.end() for found in _ENDS_OF_SENTENCES.finditer(text)), len(text)]:
        sentence = text[start:end].strip()
        if sentence:
            first = text.index(sentence[0], start)
            yield first, first + len(sentence)
        start = end
