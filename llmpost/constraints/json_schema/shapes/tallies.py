"""Tallies: whether several containments of one array can all be met together, counted item by item.

A tally is how many items met each containment, as far as it matters; an item raises some of its numbers by one. All
tallies that can be reached are looked at, by the lengths at which they are: exact, and for few and small numbers only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from llmpost.constraints.json_schema.shapes.case_sets import TooManyCases
from llmpost.constraints.json_schema.shapes.claim import Demand, both, denied
from llmpost.constraints.json_schema.shapes.shape import ArrayCase

MAX_STEPS = 1 << 16
"""From one tally to another."""

Counts: TypeAlias = tuple[int, ...]
_Choice: TypeAlias = tuple[bool, ...]
"""For each containment, whether an item meets it."""


@dataclass(frozen=True, slots=True)
class _Lengths:
    """Lengths of arrays: some, and all from `onward`."""

    some: frozenset[int] = frozenset()
    onward: float = math.inf

    def one_more(self) -> _Lengths:
        return _Lengths(frozenset(length + 1 for length in self.some), self.onward + 1)

    def joined(self, other: _Lengths) -> _Lengths:
        return _Lengths(self.some | other.some, min(self.onward, other.onward))

    def repeated(self) -> _Lengths:
        """Where an item changes nothing, there may be any number of it."""
        return _Lengths(frozenset(), min(self.onward, *self.some, math.inf))

    def has_between(self, least: int, most: float) -> bool:
        return max(self.onward, least) <= most or any(least <= length <= most for length in self.some)


class Tallies:
    """Of one case of arrays."""

    def __init__(self, case: ArrayCase, is_inhabited: Callable[[Demand], bool]) -> None:
        self._case = case
        self._is_inhabited = is_inhabited
        self._caps = [one.least if one.most is None else one.most for one in case.containments]
        if math.prod(cap + 1 for cap in self._caps) << len(self._caps) > MAX_STEPS:
            raise TooManyCases
        self._choices: dict[Demand, tuple[_Choice, ...]] = {}

    def can_be_met(self, index: int, counts: Counts, most: float) -> bool:
        """Whether an array with so many items and counts can be completed with at most so many in all."""
        if not self._is_allowed(counts):
            return False
        reached: set[Counts] = {self._capped(counts)}
        for here in range(index, len(self._case.prefix)):
            if here >= self._case.least and here <= most and any(map(self._is_met, reached)):
                return True
            reached = {after for tally in reached for after in self._following(tally, here)}
        return self._can_be_met_by_rest({tally: max(index, len(self._case.prefix)) for tally in reached}, most)

    def _can_be_met_by_rest(self, reached: dict[Counts, int], most: float) -> bool:
        place = len(self._case.prefix)
        todo = {tally: _Lengths(frozenset({length})) for tally, length in reached.items()}
        while todo:
            tally = min(todo, key=sum)  # no step leads to a smaller sum
            lengths = todo.pop(tally)
            followers = self._following(tally, place)
            if tally in followers:
                lengths = lengths.repeated()
            if self._is_met(tally) and lengths.has_between(self._case.least, most):
                return True
            for after in followers - {tally}:
                todo[after] = lengths.one_more().joined(todo.get(after, _Lengths()))
        return False

    def _following(self, tally: Counts, index: int) -> set[Counts]:
        """The tallies after one more item."""
        raised = (
            tuple(count + is_one for count, is_one in zip(tally, choice, strict=True))
            for choice in self._choices_at(index)
        )
        return {self._capped(counts) for counts in raised if self._is_allowed(counts)}

    def _choices_at(self, index: int) -> Sequence[_Choice]:
        """Which containments one item can meet together, and no other; where one has not begun it meets none."""
        demand = self._case.item(index)
        if index < len(self._case.prefix):
            return tuple(self._found(demand, index))
        if demand not in self._choices:
            self._choices[demand] = tuple(self._found(demand, index))
        return self._choices[demand]

    def _found(self, demand: Demand, index: int) -> Sequence[_Choice]:
        ways = [(True, False) if index >= one.start else (False,) for one in self._case.containments]
        return [choice for choice in product(*ways) if self._is_inhabited(both([demand, *self._asked(choice, index)]))]

    def _asked(self, choice: _Choice, index: int) -> list[Demand]:
        started = (pair for pair in zip(self._case.containments, choice, strict=True) if index >= pair[0].start)
        return [one.demand if is_met else denied(one.demand) for one, is_met in started]

    def _capped(self, counts: Counts) -> Counts:
        return tuple(map(min, counts, self._caps))

    def _is_allowed(self, counts: Counts) -> bool:
        return all(
            one.most is None or count <= one.most for one, count in zip(self._case.containments, counts, strict=True)
        )

    def _is_met(self, tally: Counts) -> bool:
        return all(count >= one.least for one, count in zip(self._case.containments, tally, strict=True))
