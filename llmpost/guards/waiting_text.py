"""WaitingText: text that has come piece by piece and that nobody has needed as a whole yet.

A value: adding a piece makes a new one, and the old one stays valid. Adding n characters one by one joins each of them
about log n times, where one growing string would copy them n times. Knows nothing of guards.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WaitingText:
    """Pieces, in order; each is longer than all behind it together, but for the last few.

    >>> text = WaitingText().with_piece("ab").with_piece("c")
    >>> len(text), text.joined()
    (3, 'abc')
    """

    pieces: tuple[str, ...] = ()
    length: int = 0

    def __len__(self) -> int:
        return self.length

    def with_piece(self, piece: str) -> WaitingText:
        if not piece:
            return self
        pieces, last = self.pieces, piece
        while pieces and len(pieces[-1]) <= len(last):
            pieces, last = pieces[:-1], pieces[-1] + last
        return WaitingText((*pieces, last), self.length + len(piece))

    def joined(self) -> str:
        return "".join(self.pieces)
