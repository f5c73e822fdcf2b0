"""Effort: how much lint takes to find something out, and where it gives up.

All questions of a policy work in one algebra, so that what one has read serves the next; each has an account of its own
in it, and all together have so many seconds. Knows no policy.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property

from llmpost.automata.algebra import Algebra, BudgetExceeded, Term
from llmpost.constraints.charged_algebra import ChargedAlgebra
from llmpost.constraints.example import shortest_text
from llmpost.constraints.tools import best_tools

_MAX_BYTES = 64 << 20
_MAX_TERMS = 3_000
"""Looked at for an example that is good to read; then the first of the shortest will do."""


class Effort:
    """Of one policy. BudgetExceeded, from the algebra, where a question takes more than its part."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds

    @cached_property
    def algebra(self) -> Algebra:
        """For reading what the questions have in common."""
        return self.account()

    def account(self, share: float = 0.25) -> Algebra:
        """For one question, or a part of one: so much of the time, as far as it is left."""
        left = min(self._seconds * share, self.left)
        if left <= 0:
            raise BudgetExceeded(f"{self._seconds:g} s for all questions")
        account = self._base.account(_MAX_BYTES, left)
        account.keep_clock(True)
        return account

    @property
    def left(self) -> float:
        """Seconds."""
        return self._end - self._clock()

    @cached_property
    def _base(self) -> ChargedAlgebra:
        return best_tools().make_algebra(2 * _MAX_BYTES)


def example_of(algebra: Algebra, term: Term) -> str:
    """One of the shortest texts of a live term, readable where that is not far to seek."""
    try:
        text = shortest_text(algebra, term, _MAX_TERMS)
    except BudgetExceeded:
        text = algebra.shortest(term)
    return text.decode(errors="replace")
