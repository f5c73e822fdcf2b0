"""Case sets: arrays, or objects, as a union of cases, closed under and, or and not.

The number of cases is bounded: a schema that would need more is refused, not approximated. Where many meet many, those
that no value is of are left out as they come up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeAlias, TypeVar

from llmpost.constraints.json_schema.shapes.shape import ArrayCase, ObjectCase

MAX_CASES = 512
"""In one set."""
FEW = 8
"""So many are kept without looking whether they have any value."""

Case = TypeVar("Case", ArrayCase, ObjectCase)
Cases: TypeAlias = tuple[Case, ...]


class TooManyCases(Exception):
    """A set would have more cases than are kept apart."""


class CaseSet(Generic[Case]):
    """How the cases of one kind are combined."""

    def __init__(
        self,
        anything: Case,
        both: Callable[[Case, Case], Case | None],
        other: Callable[[Case], Iterable[Case]],
        may_have_any: Callable[[Case], bool],
    ) -> None:
        self.whole: Cases[Case] = (anything,)
        self._both: Callable[[Case, Case], Case | None] = both
        self._other: Callable[[Case], Iterable[Case]] = other
        self._may_have_any: Callable[[Case], bool] = may_have_any

    def either(self, ones: Cases[Case], others: Cases[Case]) -> Cases[Case]:
        return self._few(dict.fromkeys(ones + others))

    def both(self, ones: Cases[Case], others: Cases[Case]) -> Cases[Case]:
        if ones == self.whole or others == self.whole:
            return others if ones == self.whole else ones
        found = (self._both(one, other) for one in ones for other in others)
        cases = dict.fromkeys(case for case in found if case is not None)
        return self._few(cases) if len(cases) <= FEW else self._few(self.alive(cases))

    def other(self, cases: Cases[Case]) -> Cases[Case]:
        """What is of none of the cases."""
        left = self.whole
        for case in cases:
            left = self.both(left, tuple(self._other(case)))
        return left

    def alive(self, cases: Iterable[Case]) -> Cases[Case]:
        """Without those that surely no value is of."""
        return tuple(filter(self._may_have_any, cases))

    def _few(self, cases: Iterable[Case]) -> Cases[Case]:
        found = tuple(cases)
        if len(found) > MAX_CASES:
            raise TooManyCases
        return found
