"""Listed: given positive numbers, read digit by digit. A hundred thousand of them cost no more than to sort them.

What is left of them while a number is read are neighbours in a sorted list. It knows no sign, no zero and no spelling.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from llmpost.constraints.json_schema.numbers.digits import Places, Room
from llmpost.constraints.json_schema.numbers.interval import digits_and_place

Listing: TypeAlias = tuple[str, int]
"""The digits of a value, without zeros at either end, and the place before the first of them."""


class ListedStand(NamedTuple):
    """Two stretches of the list, one behind the other: the values whose digits, but for zeros at the end, are those
    read, and the values that have more."""

    first: int
    more: int
    behind: int
    num_digits: int


class Listed:
    """Some values.

    >>> two = Listed([listing_of(Decimal("1.2e1")), listing_of(Decimal(100))])
    >>> [stand] = [stand for _, _, stand in two.moves(two.start)]
    >>> two.places(stand, -9, 9)
    [(2, 2)]
    """

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._listings = sorted(set(listings))

    @property
    def start(self) -> ListedStand:
        return ListedStand(0, 0, len(self._listings), 0)

    def moves(self, stand: ListedStand) -> Iterator[tuple[int, int, ListedStand]]:
        first, more, behind, depth = stand
        if first < more and (more == behind or self._listings[more][0][depth] != "0"):
            yield 0, 0, ListedStand(first, more, more, depth + 1)  # a zero at the end of those that are complete
        while more < behind:
            digit = self._listings[more][0][depth]
            end = bisect_right(self._listings, digit, more, behind, key=lambda one: one[0][depth])
            if digit != "0":
                first, longer = more, self._longer(more, end, depth + 1)
            else:
                longer = more  # no value ends in zero: those that are complete stay so, and no other becomes so
            yield int(digit), int(digit), ListedStand(first, longer, end, depth + 1)
            first = more = end

    def places(self, stand: ListedStand, low: int, high: int) -> Places:
        found = {place - stand.num_digits for _, place in self._listings[stand.first : stand.more]}
        return [(place, place) for place in sorted(found) if low <= place <= high]

    def is_alive(self, stand: ListedStand, room: Room) -> bool:
        """Rarely more than the first is looked at: each of the values has a spelling."""
        for digits, lead in self._listings[stand.first : stand.behind]:
            place = lead - stand.num_digits
            if room.low <= place <= room.high and len(digits) - stand.num_digits <= room.digits(place):
                return True
        return False

    def is_everything(self, stand: ListedStand) -> bool:
        return False

    def loop(self, stand: ListedStand) -> tuple[int, int] | None:
        return (0, 0) if stand.more == stand.behind else None

    def _longer(self, first: int, behind: int, num_digits: int) -> int:
        """Of values that begin with the same digits, those that have no others come first; where they end."""
        return bisect_right(self._listings, False, first, behind, key=lambda one: len(one[0]) > num_digits)


def listing_of(value: Decimal) -> Listing:
    """Of its magnitude; it is not zero."""
    digits, place = digits_and_place(value)
    return digits, place + len(digits)
