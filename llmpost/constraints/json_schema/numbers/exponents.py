"""Exponents: the terms of ``e`` and a number of some ranges behind it, with either sign, and zeros at its front.

It knows how an exponent is written, and nothing of what stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from llmpost.automata.algebra import EMPTY, EPSILON, Algebra, Term
from llmpost.constraints.json_schema.numbers.digits import Places


class Exponents:
    """In one algebra, each term built once.

    >>> from llmpost.automata.reference import ReferenceAlgebra
    >>> algebra = ReferenceAlgebra()
    >>> small = Exponents(algebra, num_digits=3).of([(-1, 12)])
    >>> [algebra.can_end(algebra.after(small, text)) for text in (b"e+02", b"E-1", b"e013", b"e0012")]
    [True, True, False, False]
    """

    def __init__(self, algebra: Algebra, num_digits: int) -> None:
        self._algebra = algebra
        self._num_digits = num_digits
        self._letter = algebra.octets([(0x45, 0x45), (0x65, 0x65)])
        self._minus = algebra.octets([(0x2D, 0x2D)])
        self._plus = algebra.alternate([EPSILON, algebra.octets([(0x2B, 0x2B)])])
        self._largest = 10**num_digits - 1
        self._known: dict[tuple[tuple[int, int], ...], Term] = {}
        self._wholes: dict[tuple[int, int], Term] = {}
        self._padded: dict[tuple[int, int, int], Term] = {}

    def of(self, ranges: Places) -> Term:
        """Exponents of these ranges, none of them outside of what the digits can say; EMPTY of none."""
        if not ranges:
            return EMPTY
        key = tuple(ranges)
        known = self._known.get(key)
        if known is None:
            known = self._algebra.concat([self._letter, self._algebra.deferred(partial(self._signed, key))])
            self._known[key] = known
        return known

    def _signed(self, ranges: Sequence[tuple[int, int]]) -> Term:
        above = [self._whole(max(low, 0), high) for low, high in ranges if high >= 0]
        below = [self._whole(max(-high, 0), -low) for low, high in ranges if low <= 0]
        algebra = self._algebra
        parts = [algebra.concat([self._plus, algebra.alternate(above)])]
        return algebra.alternate([*parts, algebra.concat([self._minus, algebra.alternate(below)])])

    def _whole(self, low: int, high: int) -> Term:
        """Whole numbers without a sign."""
        known = self._wholes.get((low, high))
        if known is None:
            known = self._wholes[low, high] = self._make_whole(low, high)
        return known

    def _make_whole(self, low: int, high: int) -> Term:
        if (low, high) == (0, self._largest):
            return self._algebra.repeat(self._digits(0, 9), 1, self._num_digits)
        widths = range(1, self._num_digits + 1)
        return self._algebra.alternate([self._of_width(low, min(high, 10**width - 1), width) for width in widths])

    def _of_width(self, low: int, high: int, width: int) -> Term:
        """With just so many digits."""
        if width == 0 or low > high:
            return EPSILON if low <= high else EMPTY
        known = self._padded.get((low, high, width))
        if known is None:
            known = self._padded[low, high, width] = self._by_first_digit(low, high, width)
        return known

    def _by_first_digit(self, low: int, high: int, width: int) -> Term:
        unit = 10 ** (width - 1)
        (first, low), (last, high) = divmod(low, unit), divmod(high, unit)
        if first == last:
            return self._behind(first, first, (low, high), width)
        parts = [self._behind(first, first, (low, unit - 1), width), self._behind(last, last, (0, high), width)]
        if first + 1 < last:
            parts.append(self._behind(first + 1, last - 1, (0, unit - 1), width))
        return self._algebra.alternate(parts)

    def _behind(self, first: int, last: int, rest: tuple[int, int], width: int) -> Term:
        return self._algebra.concat([self._digits(first, last), self._of_width(*rest, width - 1)])

    def _digits(self, first: int, last: int) -> Term:
        return self._algebra.octets([(0x30 + first, 0x30 + last)])
