"""Tail: the last part of a text that is read piece by piece, as a value.

It is kept in blocks, so that a piece costs no more than a block however much is kept. Knows nothing of what is asked of
it.
"""

from __future__ import annotations

from typing import NamedTuple

_BLOCK = 4096


class Tail(NamedTuple):
    """The characters of a text from `start` on."""

    start: int = 0
    blocks: tuple[str, ...] = ()
    """Full ones, each of `_BLOCK` characters."""
    last: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.blocks) * _BLOCK + len(self.last)

    def with_piece(self, piece: str) -> Tail:
        text = self.last + piece
        full = len(text) // _BLOCK
        if not full:  # nearly always
            return Tail(self.start, self.blocks, text)
        blocks = tuple(text[at * _BLOCK : (at + 1) * _BLOCK] for at in range(full))
        return Tail(self.start, self.blocks + blocks, text[full * _BLOCK :])

    def since(self, place: int) -> Tail:
        """Without most of what stands before a place."""
        full = min(max(place - self.start, 0) // _BLOCK, len(self.blocks))
        return Tail(self.start + full * _BLOCK, self.blocks[full:], self.last) if full else self

    def between(self, start: int, end: int) -> str:
        """As much of it as there is."""
        low, high = max(start - self.start, 0), max(end - self.start, 0)
        parts = (*self.blocks, self.last)[low // _BLOCK : high // _BLOCK + 1]
        first = low // _BLOCK * _BLOCK
        return "".join(parts)[low - first : max(high - first, 0)]
