"""Pieces: a long text in parts that overlap, for models that read so much at a time and no more."""

from __future__ import annotations

from collections.abc import Iterator


def pieces(text: str, length: int, overlap: int) -> Iterator[tuple[int, str]]:
    """Where each begins, and the piece. Half pairs of surrogates are replaced, one character for one: they are no text
    to anybody else.

    >>> list(pieces("abcdefg", 4, 1))
    [(0, 'abcd'), (3, 'defg')]
    """
    start = 0
    while start < len(text):
        piece = text[start : start + length]
        yield start, piece.translate(_SURROGATES)
        if start + length >= len(text):
            return
        start += length - overlap


_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "�")
