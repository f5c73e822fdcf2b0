"""Interval: the numbers between two bounds, or the multiples of a third among them: what a schema says in keywords.

Intervals meet in intervals, exactly. It knows no spelling.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, lcm


@dataclass(frozen=True, slots=True)
class Bound:
    """One end; whether the value itself is left out."""

    value: Decimal
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high` (None: no bound) that are a multiple of `step` (None: any), which is positive.

    >>> Interval(Bound(Decimal(1))).meet(Interval(None, Bound(Decimal(9)), Decimal("0.5")))
    Interval(low=Bound(value=Decimal('1'), is_excluded=False), high=Bound(value=Decimal('9'), is_excluded=False), \
step=Decimal('0.5'))
    """

    low: Bound | None = None
    high: Bound | None = None
    step: Decimal | None = None

    @property
    def has_zero(self) -> bool:
        above = self.low is None or self.low.value < 0 or (self.low.value == 0 and not self.low.is_excluded)
        below = self.high is None or self.high.value > 0 or (self.high.value == 0 and not self.high.is_excluded)
        return above and below

    def has(self, value: Decimal) -> bool:
        low, high, step = self.low, self.high, self.step
        if low is not None and (value < low.value or (value == low.value and low.is_excluded)):
            return False
        if high is not None and (value > high.value or (value == high.value and high.is_excluded)):
            return False
        return step is None or (Fraction(value) / Fraction(step)).denominator == 1

    def few(self, limit: int) -> list[Decimal] | None:
        """Its numbers, ascending, if they are at most `limit`, and None if they are more."""
        low, high, step = self.low, self.high, self.step
        if low is None or high is None:
            return None
        if step is None:
            return [low.value] if self.has(low.value) and low.value == high.value else [] if self._is_empty() else None
        first, last = ceil(Fraction(low.value) / Fraction(step)), floor(Fraction(high.value) / Fraction(step))
        if last - first - 1 > limit:
            return None
        digits, place = digits_and_place(step)
        multiples = [exact_decimal(int(digits) * number, place) for number in range(first, last + 1)]
        found = [value for value in multiples if self.has(value)]
        return found if len(found) <= limit else None

    def _is_empty(self) -> bool:
        low, high = self.low, self.high
        if low is None or high is None or low.value != high.value:
            return low is not None and high is not None and low.value > high.value
        return low.is_excluded or high.is_excluded

    def meet(self, other: Interval) -> Interval:
        """The numbers of both."""
        lows = [one.low for one in (self, other) if one.low is not None]
        highs = [one.high for one in (self, other) if one.high is not None]
        steps = [one.step for one in (self, other) if one.step is not None]
        return Interval(
            max(lows, key=lambda bound: (bound.value, bound.is_excluded), default=None),
            min(highs, key=lambda bound: (bound.value, not bound.is_excluded), default=None),
            least_common_multiple(*steps) if len(steps) == 2 else steps[0] if steps else None,
        )

    def near(self, reach: int) -> Interval:
        """The same numbers, as far as their digits have places from ``-reach`` to ``reach``, said with numbers not far
        beyond: then arithmetic with them is cheap, whatever a stranger wrote."""
        step = self.step
        if step is not None and not -reach <= digits_and_place(step)[1] <= reach:
            digits, place = digits_and_place(step)
            step = exact_decimal(int(digits), reach + 1) if place > 0 else None
        return Interval(_brought_near(self.low, reach), _brought_near(self.high, reach), step)

    def mirrored(self) -> Interval:
        """The numbers with the other sign."""
        return Interval(_mirrored(self.high), _mirrored(self.low), self.step)


def least_common_multiple(one: Decimal, other: Decimal) -> Decimal:
    """Exact, whatever the precision of the context.

    >>> least_common_multiple(Decimal("0.6"), Decimal(4))
    Decimal('12.0')
    """
    (first, first_place), (second, second_place) = digits_and_place(one), digits_and_place(other)
    place = min(first_place, second_place)
    return exact_decimal(
        lcm(int(first) * 10 ** (first_place - place), int(second) * 10 ** (second_place - place)), place
    )


def digits_and_place(value: Decimal) -> tuple[str, int]:
    """The digits of a magnitude above zero, without zeros at either end, and the place of the last.

    >>> digits_and_place(Decimal("-120.0"))
    ('12', 1)
    """
    text = str(value)
    if "E" in text:
        _, numbers, place = value.as_tuple()
        assert isinstance(place, int), "a number is finite"
        text = "".join(map(str, numbers))
    else:
        whole, _, fraction = text.lstrip("-").partition(".")
        text, place = (whole + fraction).lstrip("0"), -len(fraction)
    digits = text.rstrip("0")
    return digits, place + len(text) - len(digits)


def exact_decimal(whole: int, place: int) -> Decimal:
    """A whole number times a power of ten."""
    return Decimal((int(whole < 0), tuple(map(int, str(abs(whole)))), place))


def _mirrored(bound: Bound | None) -> Bound | None:
    return None if bound is None else Bound(bound.value.copy_negate(), bound.is_excluded)


def _brought_near(bound: Bound | None, reach: int) -> Bound | None:
    if bound is None or -reach <= bound.value.adjusted() <= reach:
        return bound
    place = 0 if not bound.value else reach + 1 if bound.value.adjusted() > 0 else -reach - 1
    return Bound(exact_decimal(int(bool(bound.value)), place).copy_sign(bound.value), bound.is_excluded)
