"""Checksums as automata that read a number from left to right, each with few states.

A character that is no part of the number (a space, a hyphen) leaves the state as it is. What a number looks like
otherwise is its shape's business (`checked.py`), and letters come as capitals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar, Protocol, TypeAlias

from llmpost.automata.entities.machine import State

DIGITS = "0123456789"

Column: TypeAlias = Mapping[str, int]
"""What the characters of a place add. One that is not in it is a separator."""


class Checksum(Protocol):
    """Of a number whose shape is right, `is_right` of the last state is the verdict."""

    @property
    def start(self) -> State: ...

    def after(self, state: State, character: str) -> State: ...

    def is_right(self, state: State) -> bool: ...


def weighted(weight: int) -> Column:
    """Digits, each times the weight of its place."""
    return {digit: weight * int(digit) for digit in DIGITS}


def check_letters(alphabet: str) -> Column:
    """A letter that stands for its place in the alphabet: it takes off what the others have added."""
    return {letter: -place for place, letter in enumerate(alphabet)}


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """What the characters add by their places comes to `rest`, modulo a number. Behind the last place nothing counts.

    >>> check = digit_sum(range(10, 0, -1), 11)  # the check of NHS numbers
    >>> check.after((1, 2), "4")
    (2, 5)
    """

    columns: Sequence[Column]
    modulus: int
    rest: int = 0
    start: ClassVar[State] = (0, 0)

    def after(self, state: State, character: str) -> State:
        place, total = state
        column = self.columns[place] if place < len(self.columns) else {}
        if character not in column:
            return state
        return place + 1, (total + column[character]) % self.modulus

    def is_right(self, state: State) -> bool:
        return state == (len(self.columns), self.rest)


def digit_sum(weights: Sequence[int], modulus: int, rest: int = 0) -> Sum:
    """The check of digits alone."""
    return Sum([weighted(weight) for weight in weights], modulus, rest)


@dataclass(frozen=True, slots=True)
class Luhn:
    """From the last digit on, every second one is doubled (ISO/IEC 7812-1).

    How long the number is shows at its end, so both sums are kept: with the last digit as it is, and with it doubled.
    Some numbers are checked as if they had a prefix.
    """

    prefix: str = ""

    @property
    def start(self) -> State:
        return reduce(self.after, self.prefix, (0, 0))

    def after(self, state: State, character: str) -> State:
        if character not in DIGITS:
            return state
        digit, (plain, doubled) = int(character), state
        return (doubled + digit) % 10, (plain + sum(divmod(2 * digit, 10))) % 10

    def is_right(self, state: State) -> bool:
        return state[0] == 0


@dataclass(frozen=True, slots=True)
class Verhoeff:
    """The check in the group of the symmetries of a pentagon; the places count from the end, so the length is given.

    The group is associative: a digit further left is one more factor on the left.
    """

    num_digits: int
    start: ClassVar[State] = (0, 0)

    def after(self, state: State, character: str) -> State:
        place, product = state
        if character not in DIGITS:
            return state
        return place + 1, _composed(_permuted(self.num_digits - 1 - place, int(character)), product)

    def is_right(self, state: State) -> bool:
        return state[1] == 0


def _composed(left: int, right: int) -> int:
    """0 to 4 turn the pentagon, 5 to 9 turn it over."""
    turned = (left - right if left >= 5 else left + right) % 5
    return turned if (left >= 5) == (right >= 5) else turned + 5


def _permuted(times: int, digit: int) -> int:
    for _ in range(times % 8):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit
