"""Spelling: a set of numbers becomes the term of all texts that spell them, without a sign.

The term is a deterministic automaton whose states are read when a text comes to them: how many digits stand before or
behind the point, and how far the set has read. A state that no number is left in is EMPTY, by asking the set. Where
digits matter no more, they are counted by the algebra. It knows which spellings there are, and nothing of what the
set is.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Generic, TypeVar

from llmpost.automata.algebra import EMPTY, EPSILON, Algebra, Term
from llmpost.constraints.json_schema.numbers.digits import Digits, Room
from llmpost.constraints.json_schema.numbers.exponents import Exponents
from llmpost.constraints.json_schema.numbers.limits import Limits

Stand = TypeVar("Stand", bound=Hashable)


class Alphabet:
    """The terms that spellings are made of."""

    def __init__(self, algebra: Algebra, limits: Limits) -> None:
        self.algebra = algebra
        self.limits = limits
        self.point = algebra.octets([(0x2E, 0x2E)])
        self.minus = algebra.octets([(0x2D, 0x2D)])
        self.exponents = Exponents(algebra, limits.exponent_digits)
        self.any_exponent = self.exponents.of([(-limits.largest_exponent, limits.largest_exponent)])
        self._digits: dict[tuple[int, int], Term] = {}

    def digits(self, low: int, high: int) -> Term:
        """One digit of a range."""
        known = self._digits.get((low, high))
        if known is None:
            known = self._digits[low, high] = self.algebra.octets([(0x30 + low, 0x30 + high)])
        return known

    def any_fraction(self, low: int, high: int) -> Term:
        """A point and any digits of a range; or nothing."""
        digits = self.algebra.repeat(self.digits(low, high), 1, self.limits.fraction_digits)
        return self.algebra.alternate([EPSILON, self.algebra.concat([self.point, digits])])

    def zero(self) -> Term:
        """Every spelling of zero, without a sign."""
        exponent = self.algebra.alternate([EPSILON, self.any_exponent])
        return self.algebra.concat([self.digits(0, 0), self.any_fraction(0, 0), exponent])

    def any_integer_tail(self, num_digits: int) -> Term:
        """All that may follow so many digits, the first of which is no zero, before any point."""
        algebra, limits = self.algebra, self.limits
        digits, fraction = self.digits(0, 9), self.any_fraction(0, 9)
        tail = algebra.concat([algebra.repeat(digits, 0, limits.integer_digits - num_digits), fraction])
        if num_digits > limits.mantissa_digits:
            return tail
        mantissa = algebra.repeat(digits, 0, limits.mantissa_digits - num_digits)
        return algebra.alternate([tail, algebra.concat([mantissa, fraction, self.any_exponent])])

    def any_number(self) -> Term:
        """Every spelling of every number, without a sign."""
        algebra = self.algebra
        exponent = algebra.alternate([EPSILON, self.any_exponent])
        small = algebra.concat([self.digits(0, 0), self.any_fraction(0, 9), exponent])
        return algebra.alternate([small, algebra.concat([self.digits(1, 9), self.any_integer_tail(1)])])


class Spelling(Generic[Stand]):
    """The spellings of one set, and of zero where it `has_zero`."""

    def __init__(self, alphabet: Alphabet, digits: Digits[Stand], has_zero: bool) -> None:
        self._alphabet = alphabet
        self._algebra = alphabet.algebra
        self._limits = alphabet.limits
        self._digits = digits
        self._has_zero = has_zero
        self._integers: dict[tuple[int, Stand], Term] = {}
        self._fractions: dict[tuple[int, Stand, bool], Term] = {}

    def term(self) -> Term:
        """EMPTY where no number of the set has a spelling."""
        parts = [self._then(first, last, self._integer(1, stand)) for first, last, stand in self._leading_moves()]
        return self._algebra.alternate([*parts, self._then(0, 0, self._zero())])

    def _leading_moves(self) -> list[tuple[int, int, Stand]]:
        """The first digit of a number is no zero."""
        moves = self._digits.moves(self._digits.start)
        return [(max(first, 1), last, stand) for first, last, stand in moves if last]

    # Before the point.

    def _integer(self, count: int, stand: Stand) -> Term:
        """Behind so many digits."""
        known = self._integers.get((count, stand))
        if known is None:
            known = self._integers[count, stand] = self._make_integer(count, stand)
        return known

    def _make_integer(self, count: int, stand: Stand) -> Term:
        if self._digits.is_everything(stand):
            return self._alphabet.any_integer_tail(count)
        if self._digits.places(stand, 0, 0):
            return self._algebra.alternate([EPSILON, self._deferred(self._behind_integer, count, stand)])
        limits, exponent = self._limits, self._limits.largest_exponent
        left, beyond = limits.integer_digits - count, limits.fraction_digits
        is_alive = self._digits.is_alive(stand, Room(0, left, left + beyond, beyond))
        if not is_alive and count <= limits.mantissa_digits:
            left = limits.mantissa_digits - count
            room = Room(-exponent, left + exponent, left + beyond, exponent + beyond)
            is_alive = self._digits.is_alive(stand, room)
        return self._deferred(self._behind_integer, count, stand) if is_alive else EMPTY

    def _behind_integer(self, count: int, stand: Stand) -> Term:
        has_exponent = count <= self._limits.mantissa_digits
        parts = [self._algebra.concat([self._alphabet.point, self._fraction(0, stand, has_exponent)])]
        if count < self._limits.integer_digits:
            moves = self._digits.moves(stand)
            parts += [self._then(first, last, self._integer(count + 1, behind)) for first, last, behind in moves]
        if has_exponent:
            parts.append(self._exponent(0, stand))
        return self._algebra.alternate(parts)

    # Behind the point.

    def _fraction(self, count: int, stand: Stand, has_exponent: bool) -> Term:
        """Behind so many digits of it."""
        key = count, stand, has_exponent
        known = self._fractions.get(key)
        if known is None:
            known = self._fractions[key] = self._make_fraction(count, stand, has_exponent)
        return known

    def _make_fraction(self, count: int, stand: Stand, has_exponent: bool) -> Term:
        loop = self._digits.loop(stand)
        if loop is not None:
            return self._looping(count, stand, has_exponent)
        can_end = count > 0 and bool(self._digits.places(stand, -count, -count))
        if not can_end and not self._is_fraction_alive(count, stand, has_exponent):
            return EMPTY
        if count == self._limits.fraction_digits and not has_exponent:
            return EPSILON
        more = self._deferred(self._behind_fraction, count, stand, has_exponent)
        return self._algebra.alternate([EPSILON, more]) if can_end else more

    def _is_fraction_alive(self, count: int, stand: Stand, has_exponent: bool) -> bool:
        left = self._limits.fraction_digits - count
        exponent = self._limits.largest_exponent if has_exponent else 0
        room = Room(-count - exponent, exponent - count, left, self._limits.fraction_digits + exponent)
        return self._digits.is_alive(stand, room)

    def _looping(self, count: int, stand: Stand, has_exponent: bool) -> Term:
        low, high = self._digits.loop(stand) or (0, 9)
        left = self._limits.fraction_digits - count
        parts = [EPSILON] if self._digits.places(stand, -count, -count) else []
        if has_exponent:
            parts.append(self._exponent(count, stand))
        digits = self._algebra.repeat(self._alphabet.digits(low, high), 0 if count else 1, left)
        return self._algebra.concat([digits, self._algebra.alternate(parts)])

    def _behind_fraction(self, count: int, stand: Stand, has_exponent: bool) -> Term:
        parts = [self._exponent(count, stand)] if has_exponent and count else []
        if count < self._limits.fraction_digits:
            moves = self._digits.moves(stand)
            parts += [
                self._then(first, last, self._fraction(count + 1, behind, has_exponent))
                for first, last, behind in moves
            ]
        return self._algebra.alternate(parts)

    # Behind a zero that stands first.

    def _zero(self) -> Term:
        parts = [self._algebra.concat([self._alphabet.point, self._leading(0)])]
        if self._has_zero:
            parts += [EPSILON, self._alphabet.any_exponent]
        return self._algebra.alternate(parts)

    def _leading(self, count: int) -> Term:
        """Behind the point and so many zeros."""
        if not self._has_zero and not self._is_leading_alive(count):
            return EMPTY
        more = self._deferred(self._behind_leading, count)
        return self._algebra.alternate([EPSILON, more]) if self._has_zero and count else more

    def _is_leading_alive(self, count: int) -> bool:
        moves = self._leading_moves()
        counts = range(count + 1, self._limits.fraction_digits + 1)
        return any(self._fraction(behind, stand, True) != EMPTY for behind in counts for _, _, stand in moves)

    def _behind_leading(self, count: int) -> Term:
        parts = [self._alphabet.any_exponent] if self._has_zero and count else []
        if count < self._limits.fraction_digits:
            parts.append(self._then(0, 0, self._leading(count + 1)))
            moves = self._leading_moves()
            parts += [self._then(first, last, self._fraction(count + 1, stand, True)) for first, last, stand in moves]
        return self._algebra.alternate(parts)

    # Terms.

    def _then(self, first: int, last: int, rest: Term) -> Term:
        return EMPTY if rest == EMPTY else self._algebra.concat([self._alphabet.digits(first, last), rest])

    def _deferred(self, read: Callable[..., Term], *state: object) -> Term:
        return self._algebra.deferred(partial(read, *state))

    def _exponent(self, count: int, stand: Stand) -> Term:
        """An exponent behind so many digits of the fraction."""
        largest = self._limits.largest_exponent
        places = self._digits.places(stand, -largest - count, largest - count)
        return self._alphabet.exponents.of([(low + count, high + count) for low, high in places])
