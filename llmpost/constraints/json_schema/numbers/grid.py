"""Grid: the positive numbers between two edges, or the multiples of a step among them, read digit by digit.

While the digits are those of an edge, it is undecided on which side of it they will fall; then only the place counts.
Of the multiples, a remainder is kept, so every modulus is exact, and whether any number is left is arithmetic and no
search. It knows no sign, no zero and no spelling.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import gcd
from typing import NamedTuple

from llmpost.constraints.json_schema.numbers.digits import Places, Room
from llmpost.constraints.json_schema.numbers.interval import Bound, Interval, digits_and_place


@dataclass(frozen=True, slots=True)
class Edge:
    """A bound above zero: its digits, without zeros at the end, and the place before the first of them."""

    digits: tuple[int, ...]
    place: int
    is_excluded: bool

    def digit(self, depth: int) -> int:
        return self.digits[depth] if depth < len(self.digits) else 0


@dataclass(frozen=True, slots=True)
class Step:
    """Multiples of ``modulus * 10 ** place``; the modulus does not end in zero."""

    modulus: int
    place: int

    def zeros_needed(self, remainder: int) -> int | None:
        """How many zeros make whole numbers of this remainder multiples of the modulus; None where none do."""
        for zeros in range(self.modulus.bit_length()):
            if remainder == 0:
                return zeros
            remainder = remainder * 10 % self.modulus
        return None


class GridStand(NamedTuple):
    """How far a grid has read. Places are those of the last digit."""

    low_depth: int | None
    """How many digits are those of the low edge, while they are; None where its side is decided."""
    high_depth: int | None
    least: int | None
    """At lower places the number is below the low edge, whatever follows."""
    most: int | None
    remainder: int
    """Of the digits up to the last that is no zero."""
    zeros: int
    """Behind that one."""


_FREE = GridStand(None, None, None, None, 0, 0)


@dataclass(frozen=True, slots=True)
class Grid:
    """The positive numbers of an interval.

    >>> grid = Grid.of(Interval(None, Bound(Decimal("2.5"))))
    >>> [tuple(grid.places(stand, -2, 2)) for _, _, stand in grid.moves(grid.start)]
    [((-2, 0),), ((-2, 0),), ((-2, -1),)]
    """

    low: Edge | None
    high: Edge | None
    step: Step | None

    @classmethod
    def of(cls, interval: Interval) -> Grid | None:
        """None where the interval has no positive number by its bounds alone."""
        low, high = interval.low, interval.high
        if high is not None and high.value <= 0:
            return None
        step = None if interval.step is None else _step(interval.step)
        return cls(None if low is None or low.value <= 0 else _edge(low), None if high is None else _edge(high), step)

    @property
    def start(self) -> GridStand:
        low, high = self.low, self.high
        return GridStand(
            None if low is None else 0,
            None if high is None else 0,
            None if low is None else low.place,
            None if high is None else high.place,
            0,
            0,
        )

    def moves(self, stand: GridStand) -> Iterator[tuple[int, int, GridStand]]:
        for first, behind in pairwise(self._cuts(stand)):
            yield first, behind - 1, self._after(stand, first)

    def places(self, stand: GridStand, low: int, high: int) -> Places:
        if stand.least is not None:
            low = max(low, stand.least + self._is_below(stand))
        if stand.most is not None:
            high = min(high, stand.most - self._is_above(stand))
        if self.step is not None:
            zeros = self.step.zeros_needed(stand.remainder)
            if zeros is None:
                return ()
            low = max(low, zeros - stand.zeros + self.step.place)
        return ((low, high),) if low <= high else ()

    def is_alive(self, stand: GridStand, room: Room) -> bool:
        """At most two ways follow an edge's digits; all that leave them are decided."""
        undecided = [stand]
        while undecided and room.most >= 0 and room.low <= room.high:
            further = []
            for one in undecided:
                if one.low_depth is None and one.high_depth is None:
                    if self._has_multiple(one, room):
                        return True
                elif self.places(one, room.low, room.high):
                    return True
                else:
                    further += [behind for _, _, behind in self.moves(one)]
            undecided, room = further, room.behind_a_digit()
        return False

    def is_everything(self, stand: GridStand) -> bool:
        return stand == _FREE and self.step is None

    def loop(self, stand: GridStand) -> tuple[int, int] | None:
        is_decided = stand.low_depth is None and stand.high_depth is None
        return (0, 9) if is_decided and self.step is None else None

    def _cuts(self, stand: GridStand) -> list[int]:
        """The digits at which something may change."""
        if self.step is not None and self.step.modulus > 1:
            return list(range(11))
        cuts = {0, 10} if self.step is None else {0, 1, 10}
        for edge, depth in ((self.low, stand.low_depth), (self.high, stand.high_depth)):
            if edge is not None and depth is not None:
                cuts |= {edge.digit(depth), edge.digit(depth) + 1}
        return sorted(cuts)

    def _after(self, stand: GridStand, digit: int) -> GridStand:
        low_depth, high_depth, least, most, remainder, zeros = stand
        if least is not None and self.low is not None:
            if low_depth is not None:
                difference = digit - self.low.digit(low_depth)
                least += difference < 0
                low_depth = None if difference else min(low_depth + 1, len(self.low.digits))
            least -= 1
        if most is not None and self.high is not None:
            if high_depth is not None:
                difference = digit - self.high.digit(high_depth)
                most -= difference > 0
                high_depth = None if difference else min(high_depth + 1, len(self.high.digits))
            most -= 1
        if self.step is not None:
            if digit:
                remainder, zeros = (remainder * 10 ** (zeros + 1) + digit) % self.step.modulus, 0
            else:
                zeros += 1
        return GridStand(low_depth, high_depth, least, most, remainder, zeros)

    def _is_below(self, stand: GridStand) -> bool:
        """Whether the digits, if no others follow, are too small at the place of the low edge."""
        depth, edge = stand.low_depth, self.low
        return depth is not None and edge is not None and (depth < len(edge.digits) or edge.is_excluded)

    def _is_above(self, stand: GridStand) -> bool:
        depth, edge = stand.high_depth, self.high
        return depth is not None and edge is not None and depth == len(edge.digits) and edge.is_excluded

    def _has_multiple(self, stand: GridStand, room: Room) -> bool:
        """With both sides decided, the highest place is the best: what can follow at a lower one, times a power of
        ten, can follow there too."""
        place = room.high if stand.most is None else min(room.high, stand.most)
        if place < room.low or (stand.least is not None and place < stand.least):
            return False
        if self.step is None or (self.step.modulus == 1 and place >= self.step.place):
            return True
        num_above_step = place - self.step.place
        if num_above_step <= 0:
            return bool(self.places(stand, place, place))
        num_digits = min(num_above_step, room.digits(place))
        zeros = min(num_above_step - num_digits, self.step.modulus.bit_length())
        modulus = self.step.modulus // gcd(self.step.modulus, int(10**zeros))
        return -stand.remainder * pow(10, stand.zeros + num_digits, modulus) % modulus < int(10**num_digits)


def _edge(bound: Bound) -> Edge:
    digits, place = digits_and_place(bound.value)
    return Edge(tuple(map(int, digits)), place + len(digits), bound.is_excluded)


def _step(value: Decimal) -> Step:
    digits, place = digits_and_place(value)
    return Step(int(digits), place)
