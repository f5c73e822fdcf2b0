"""Budget: what compiling one constraint, and then each of its texts, may add to the automata that all share.

It checks itself and measures nothing: the algebra's accounts hold the bytes and the clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from llmpost.errors import ConstraintError

MOST_BYTES = 1 << 50  # more than any machine has


class OverBudget(ConstraintError):
    """A language that may well be had, but not within its budget."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds for compiling, and for each mask or step; bytes for compiling, and for each text from start to end."""

    max_seconds: float = 1.0
    max_bytes: int = 64 << 20

    def __post_init__(self) -> None:
        for name, value in (("max_seconds", self.max_seconds), ("max_bytes", self.max_bytes)):
            if not isinstance(value, int | float) or math.isnan(value) or value <= 0:
                raise ConstraintError(name, f"{value!r:.40}", "a number above 0", "Leave it out for the default.")

    @property
    def num_bytes(self) -> int:
        """`max_bytes` as a whole number, also where none was meant to be a bound."""
        return max(1, int(min(self.max_bytes, MOST_BYTES)))

    def __str__(self) -> str:
        return f"max_bytes={self.max_bytes:,} and max_seconds={self.max_seconds:g}"
