"""Limits: how long the spelling of a number may be, so that a model cannot go on writing digits for ever.

Whatever `json.dumps`, JavaScript, Go and C print of integers and floats is within the limits that are given here, and
so is what people write. Between these limits all spellings of the JSON grammar are allowed. It knows no set of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

INTEGER_DIGITS = 309
"""Before the point, where no exponent follows: the largest float has as many."""
FRACTION_DIGITS = 30
"""Behind the point, zeros at the end included: a float has at most 24 in plain form, a `decimal.Decimal` 28."""
MANTISSA_DIGITS = 20
"""Before the point, where an exponent follows: as many as the largest integer of 64 bits has."""
EXPONENT_DIGITS = 3
"""Of an exponent, zeros at its front included."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The four of them; tests take smaller ones, of which all spellings can be tried."""

    integer_digits: int = INTEGER_DIGITS
    fraction_digits: int = FRACTION_DIGITS
    mantissa_digits: int = MANTISSA_DIGITS
    exponent_digits: int = EXPONENT_DIGITS

    def __post_init__(self) -> None:
        if not 1 <= self.mantissa_digits <= self.integer_digits or min(self.fraction_digits, self.exponent_digits) < 1:
            raise ValueError(f"{self} leaves out a part of the grammar")

    @property
    def largest_exponent(self) -> int:
        return int(10**self.exponent_digits) - 1

    @property
    def reach(self) -> int:
        """No digit of a number that has a spelling has a place further from the point."""
        return self.largest_exponent + self.integer_digits + self.fraction_digits

    def can_spell(self, num_digits: int, lead: int) -> bool:
        """Whether any spelling has this value: so many digits, the first of them worth ``10 ** (lead - 1)``, neither
        the first nor the last a zero."""
        if lead <= self.integer_digits and num_digits - lead <= self.fraction_digits:
            return True
        exponent = self.largest_exponent
        fewest = max(1, num_digits - self.fraction_digits, lead - exponent)
        if fewest <= min(self.mantissa_digits, lead + exponent):  # so many digits before the point
            return True
        return max(0, -exponent - lead) <= min(self.fraction_digits - num_digits, exponent - lead)  # 0.00…
