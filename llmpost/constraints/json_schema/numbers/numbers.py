"""Numbers: sets of JSON numbers as terms over the texts that spell them.

Every term given out holds, with one spelling of a value, all spellings within the limits; so intersections,
alternatives, and complements met with :meth:`Numbers.any`, say of numbers what they say of texts. It knows no schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.json_schema.numbers.digits import Digits
from llmpost.constraints.json_schema.numbers.grid import Grid
from llmpost.constraints.json_schema.numbers.interval import Bound, Interval, digits_and_place
from llmpost.constraints.json_schema.numbers.limits import Limits
from llmpost.constraints.json_schema.numbers.listed import Listed, Listing, listing_of
from llmpost.constraints.json_schema.numbers.spelling import Alphabet, Spelling
from llmpost.errors import ConstraintError

MAX_STEP_DIGITS = 5
"""Of what numbers are multiples of, zeros at its ends left out: a longer one has more remainders than a search for
what is alive in combinations of sets could go through."""

_EVERYTHING = Grid(None, None, None)


class Numbers:
    """Sets of numbers in one algebra, each built once.

    >>> from llmpost.automata.reference import ReferenceAlgebra
    >>> algebra = ReferenceAlgebra()
    >>> percent = Numbers(algebra).integers_bounded(Decimal(0), Decimal(100))
    >>> [algebra.can_end(algebra.after(percent, text)) for text in (b"42", b"1e2", b"7.00", b"7.5", b"101")]
    [True, True, True, False, False]
    """

    def __init__(self, algebra: Algebra, limits: Limits | None = None) -> None:
        self._algebra = algebra
        self._limits = limits or Limits()
        self._alphabet = Alphabet(algebra, self._limits)
        self._terms: dict[Interval, Term] = {}
        self._intervals: dict[Term, Interval] = {}
        self._halves: dict[tuple[Grid | None, bool], Term] = {}
        self._listed: dict[tuple[Decimal, ...], Term] = {}
        self._values: dict[Term, tuple[Decimal, ...]] = {}

    def any(self) -> Term:
        """Every spelling of every number."""
        return self.within(Interval())

    def integers(self) -> Term:
        """Numbers whose value is an integer, however they are written."""
        return self.within(Interval(step=Decimal(1)))

    def written_as_integers(self) -> Term:
        """Integers without a point and without an exponent: what draft 4 calls an integer. A set of spellings, not of
        values."""
        digit, first = self._alphabet.digits(0, 9), self._alphabet.digits(1, 9)
        more = self._algebra.repeat(digit, 0, self._limits.integer_digits - 1)
        above = self._algebra.alternate([self._alphabet.digits(0, 0), self._algebra.concat([first, more])])
        return self._signed(above, above)

    def bounded(
        self, low: Decimal | None, high: Decimal | None, *, low_excluded: bool = False, high_excluded: bool = False
    ) -> Term:
        """From `low` to `high`; None: no bound."""
        return self.within(Interval(_bound(low, low_excluded), _bound(high, high_excluded)))

    def integers_bounded(
        self, low: Decimal | None, high: Decimal | None, *, low_excluded: bool = False, high_excluded: bool = False
    ) -> Term:
        """Integers from `low` to `high`: one automaton, where intersecting would cost a walk."""
        return self.within(Interval(_bound(low, low_excluded), _bound(high, high_excluded), Decimal(1)))

    def multiples(self, of: Decimal) -> Term:
        """Multiples of a positive number. ConstraintError where that has too many digits."""
        return self.within(Interval(step=of))

    def within(self, interval: Interval) -> Term:
        """All numbers of an interval, EMPTY where there are none. ConstraintError as `multiples`."""
        known = self._terms.get(interval)
        if known is None:
            _check_step(interval.step)
            near = interval.near(self._limits.reach)
            above, below = Grid.of(near), Grid.of(near.mirrored())
            known = self._signed(self._half(above, near.has_zero), self._half(below, near.has_zero))
            self._terms[interval] = known
            self._intervals.setdefault(known, near)
        return known

    def both(self, one: Term, other: Term) -> Term:
        """The numbers of both: without intersecting where both were made here, and one of them is an interval."""
        for left, right in ((one, other), (other, one)):
            interval = self._intervals.get(right)
            if interval is not None and left in self._values:
                return self.exactly([value for value in self._values[left] if interval.has(value)])
            if interval is not None and left in self._intervals:
                met = interval.meet(self._intervals[left])
                if met.step is None or len(digits_and_place(met.step)[0]) <= MAX_STEP_DIGITS:
                    return self.within(met)
        return self._algebra.intersect([one, other])

    def exactly(self, values: Iterable[Decimal]) -> Term:
        """Every spelling of these values. ConstraintError where one of them has none."""
        key = tuple(values)
        known = self._listed.get(key)
        if known is None:
            above = [self._listing(value) for value in key if value > 0]
            below = [self._listing(value) for value in key if value < 0]
            has_zero = len(above) + len(below) < len(key)
            halves = [self._spell(Listed(some) if some else None, has_zero) for some in (above, below)]
            known = self._listed[key] = self._signed(*halves)
            self._values.setdefault(known, key)
        return known

    def few(self, term: Term, limit: int) -> list[Decimal] | None:
        """The values of a set, ascending, if they are at most `limit`; None if they are more, or if the term was not
        made here: then they are not searched for."""
        if term in self._values:
            values = sorted(set(self._values[term]))
            return values if len(values) <= limit else None
        found = self._intervals[term].few(limit) if term in self._intervals else None
        return None if found is None else [value for value in found if self._can_spell(value)]

    def _signed(self, above: Term, below: Term) -> Term:
        return self._algebra.alternate([above, self._algebra.concat([self._alphabet.minus, below])])

    def _half(self, grid: Grid | None, has_zero: bool) -> Term:
        known = self._halves.get((grid, has_zero))
        if known is None:
            is_any = grid == _EVERYTHING and has_zero
            known = self._alphabet.any_number() if is_any else self._spell(grid, has_zero)
            self._halves[grid, has_zero] = known
        return known

    def _spell(self, digits: Digits[Any] | None, has_zero: bool) -> Term:
        if digits is None:
            return self._alphabet.zero() if has_zero else EMPTY
        return Spelling(self._alphabet, digits, has_zero).term()

    def _listing(self, value: Decimal) -> Listing:
        digits, lead = listing_of(value)
        if self._limits.can_spell(len(digits), lead):
            return digits, lead
        most = f"{self._limits.integer_digits} digits before and {self._limits.fraction_digits} behind the point"
        allowed = f"a number that can be written with {most}"
        raise ConstraintError("number", f"{value!s:.60}", allowed, "Leave it out, or round it.")

    def _can_spell(self, value: Decimal) -> bool:
        digits, lead = listing_of(value)
        return not value or self._limits.can_spell(len(digits), lead)


def _bound(value: Decimal | None, is_excluded: bool) -> Bound | None:
    return None if value is None else Bound(value, is_excluded)


def _check_step(step: Decimal | None) -> None:
    if step is None or step == 1:
        return
    if step <= 0:
        raise ConstraintError("multipleOf", f"{step!s:.60}", "a number above zero", "Leave it out for any number.")
    digits, _ = digits_and_place(step)
    if len(digits) > MAX_STEP_DIGITS:
        allowed = f"one of at most {MAX_STEP_DIGITS} digits, zeros at its ends left out"
        raise ConstraintError("multipleOf", f"{step!s:.60}", allowed, "Leave it out, or take a rounder number.")
