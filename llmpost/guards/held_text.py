"""HeldText: the part of a stream that has come and has not left, taken from its front.

Every character is copied a few times, however the text is cut and however long it is held. It also remembers the last
characters that left, for whoever must be shown what stands before. Knows nothing of guards.
"""

from __future__ import annotations

from collections import deque

_SHORT = 256
"""A piece shorter than this grows: a character alone would take ten times the room."""


class HeldText:
    """
    >>> held = HeldText(remembered=2)
    >>> held.add("one, "), held.add("two"), held.take(4), len(held), held.with_what_left(9)
    (None, None, 'one,', 4, 'e, two')
    """

    def __init__(self, remembered: int = 0) -> None:
        self._pieces: deque[str] = deque()
        self._gone = 0
        """So many characters of the first piece have left."""
        self._length = 0
        self._remembered = remembered
        self._left: deque[str] = deque()
        self._num_left = 0

    def __len__(self) -> int:
        return self._length

    def add(self, piece: str) -> None:
        self._length += len(piece)
        if self._pieces and len(self._pieces[-1]) < _SHORT:
            self._pieces[-1] += piece
        elif piece:
            self._pieces.append(piece)

    def take(self, size: int) -> str:
        """So many characters from the front; they have left."""
        taken: list[str] = []
        self._length -= size
        while size > 0:
            first = self._pieces[0]
            part = first[self._gone : self._gone + size]
            size -= len(part)
            self._gone += len(part)
            if self._gone == len(first):
                self._pieces.popleft()
                self._gone = 0
            taken.append(part)
        text = "".join(taken)
        if self._remembered and text:
            self._remember(text)
        return text

    def take_all(self) -> str:
        return self.take(self._length)

    def with_what_left(self, size: int) -> str:
        """All that is held, behind up to so many characters that left last."""
        left = "".join(self._left)
        return left[max(0, len(left) - size) :] + "".join(self._pieces)[self._gone :]

    def _remember(self, text: str) -> None:
        """Of pieces that left, those are forgotten that lie before what is to be remembered."""
        self._left.append(text)
        self._num_left += len(text)
        while self._num_left - len(self._left[0]) >= self._remembered:
            self._num_left -= len(self._left.popleft())
