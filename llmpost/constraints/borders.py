"""Borders: where a quotation from a text may begin and where it may end, as marks at its bytes.

A word is what stands between white space without the punctuation around it (3.5, don't, and/or); any other character
that is no white space is one for itself. Sentences end with a full stop or its like before white space, or
at a blank line. It knows no algebra
but the bits of its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from llmpost.automata.algebra import ENDS, STARTS

Whole: TypeAlias = Literal["characters", "words", "sentences"]
"""What a quotation never cuts."""

_ESCAPED = np.array([len(encode_basestring(chr(scalar))) - 3 for scalar in range(0x80)])
"""How many characters an escape in a JSON string adds to the one that it stands for; none above these."""
_WORDS = re.compile(r"\w+(?:['’.,:/@&+-]\w+)*|[^\w\s]")
_ENDS_OF_SENTENCES = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|\Z)"  # looked at once, however long a row of dots
    r"|[。！？]++[”’」』）]*+"  # no white space follows these
    r"|\n[^\S\n]*+(?=\n)"
)


def marked(text: str, whole: Whole, *, in_json: bool) -> tuple[bytes, bytes]:
    """The text as UTF-8, or as it stands in a JSON string, with one mark for each byte and one behind the last."""
    octets = (encode_basestring(text)[1:-1] if in_json else text).encode()
    marks = np.zeros(len(octets) + 1, dtype=np.uint8)
    marks[_places_of(text, in_json)] = np.frombuffer(_marks_of(text, whole), dtype=np.uint8)
    return octets, marks.tobytes()


def _places_of(text: str, in_json: bool) -> npt.NDArray[np.int64]:
    """Where each character begins, and where the text ends, in bytes."""
    scalars = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    sizes = 1 + sum((scalars >= first).astype(np.int64) for first in (0x80, 0x800, 0x10000))
    if in_json:
        sizes += _ESCAPED[np.minimum(scalars, len(_ESCAPED) - 1)]
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)])


def _marks_of(text: str, whole: Whole) -> bytes:
    """One for each character, and one behind the last."""
    if whole == "characters":
        return bytes([STARTS | ENDS]) * (len(text) + 1)
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
