"""Digits: what is asked of a set of positive numbers while one of them is read, digit by digit from the first non-zero.

A value is its digits and the *place* of the last one read: a number whose digits so far are 12 is 12 at place 0, 1200
at place 2, and may become 0.1234 from place -2. Where the point stands and which exponent follows is known to
`spelling` alone; a set answers for places.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

Places: TypeAlias = Sequence[tuple[int, int]]
"""Inclusive ranges, ascending and apart."""


class Room(NamedTuple):
    """What a text can still become: at which places its last digit can be, and how many digits may follow there."""

    low: int
    high: int
    most: int
    """So many digits may follow at any place."""
    beyond: int
    """At a low place fewer may follow: those at places down to ``-beyond``."""

    def digits(self, place: int) -> int:
        """How many may follow the last digit, if it is at this place."""
        return min(self.most, place + self.beyond)

    def behind_a_digit(self) -> Room:
        """The room when one more digit has been read."""
        return Room(max(self.low - 1, -self.beyond), self.high - 1, self.most - 1, self.beyond)


Stand = TypeVar("Stand", bound=Hashable)
"""How far a set has read: a value, equal where all further answers are equal."""


class Digits(Protocol[Stand]):
    """A set of positive numbers. Zeros at the end change nothing: 12, 120 and 1200 are read to the same values."""

    @property
    def start(self) -> Stand:
        """Before the first digit, which is no zero."""

    def moves(self, stand: Stand) -> Iterable[tuple[int, int, Stand]]:
        """Ranges of digits that lead to the same stand; a digit in none of them leads nowhere."""

    def places(self, stand: Stand, low: int, high: int) -> Places:
        """At which places from `low` to `high` the digits read so far are a number of the set."""

    def is_alive(self, stand: Stand, room: Room) -> bool:
        """Whether a number of the set begins with these digits, one at least, and fits the room. Exact."""

    def is_everything(self, stand: Stand) -> bool:
        """Whether all numbers that begin with these digits are in the set; False where that is not easily seen."""

    def loop(self, stand: Stand) -> tuple[int, int] | None:
        """A range of digits, all that may follow, that change nothing but the place; None where digits matter."""
