"""Ahead: whether what was begun can still be completed: an object of which some members are written, an array of
which some items are.

So no text is led into an end that it cannot reach. Counting alone; what single values may be is asked of the demands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from llmpost.constraints.json_schema.shapes.case_sets import TooManyCases
from llmpost.constraints.json_schema.shapes.claim import Demand, both, denied
from llmpost.constraints.json_schema.shapes.keys import KeyPattern
from llmpost.constraints.json_schema.shapes.members import Entry, KeyClass, Members
from llmpost.constraints.json_schema.shapes.shape import ArrayCase, Breach, KeyRule
from llmpost.constraints.json_schema.shapes.tallies import Tallies

IsInhabited: TypeAlias = Callable[[Demand], bool]
Matches: TypeAlias = Callable[[KeyPattern, str], bool]
_Name: TypeAlias = str | tuple[KeyClass, int]
"""A key that is named, or one of a class: by its number among those."""

MAX_BREACHES = 128
MAX_TRIED = 20_000
"""Plans for one object: to break many cases at once can be a riddle."""


class ObjectAhead:
    """Of one case. A class of keys is taken to have as many as are asked for."""

    def __init__(self, members: Members, is_inhabited: IsInhabited, matches: Matches) -> None:
        self._members = members
        self._is_inhabited = is_inhabited
        self._matches = matches
        self._spoken: dict[tuple[KeyRule, Entry | KeyClass], bool] = {}
        self._num_tried = 0

    def asked(self, breach: Breach, member: Entry | KeyClass) -> tuple[Demand, ...]:
        """The values that, under this key, would be the breach."""
        return tuple(rule.demand for rule in breach.rules if self._speaks_of(rule, member))

    def can_end(self, left: Sequence[Entry], count: int, breaches: Sequence[Breach]) -> bool:
        """Whether the object may end here: `left` are the entries that could still be written."""
        if count < self._members.least or any(entry.is_required for entry in left):
            return False
        return all(_is_met_at_end(breach, count) for breach in breaches)

    def is_open(self, left: Sequence[Entry], count: int, breaches: Sequence[Breach]) -> bool:
        """Whether it can still be completed, or is complete."""
        required = {entry.name: entry for entry in left if entry.is_required}
        optional = {entry.name: entry for entry in left if not entry.is_required}
        most = math.inf if self._members.most is None else self._members.most
        room = math.inf if self._members.classes else len(left)
        plan = _Plan(required, optional, self._members.least, most, count + len(required), count + room)
        self._num_tried = 0
        if len(breaches) > MAX_BREACHES:
            raise TooManyCases
        return plan.is_possible and self._can_break(list(breaches), plan)

    def _can_break(self, breaches: list[Breach], plan: _Plan) -> bool:
        """Whether each of them can be committed, one after the other, without taking back another."""
        if not breaches:
            return True
        self._num_tried += 1
        if self._num_tried > MAX_TRIED:
            raise TooManyCases
        return any(
            next_plan.is_possible and self._can_break(breaches[1:], next_plan)
            for next_plan in self._ways(breaches[0], plan)
        )

    def _ways(self, breach: Breach, plan: _Plan) -> Iterator[_Plan]:
        for missing in sorted(breach.missing):
            if missing not in plan.required and missing not in plan.carried:
                yield plan.without(missing)
        if breach.fewer_than:
            yield replace(plan, most=min(plan.most, breach.fewer_than - 1))
        if breach.more_than is not None:
            yield replace(plan, fewest=max(plan.fewest, breach.more_than + 1))
        members: list[Entry | KeyClass] = [*plan.required.values(), *plan.optional.values(), *self._members.classes]
        for member in members:
            for demand in self.asked(breach, member):
                for name, further in plan.with_value(member, demand):
                    if self._is_inhabited(further.carried[name]):
                        yield further

    def _speaks_of(self, rule: KeyRule, member: Entry | KeyClass) -> bool:
        known = self._spoken.get((rule, member))
        if known is None:
            if isinstance(member, Entry):
                known = rule.keys.has(member.name, self._matches)
            else:
                known = rule.keys.has_unnamed(member.matched)
            self._spoken[rule, member] = known
        return known


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the rest of an object is going to be: which keys it has, with which values, and how many in all."""

    required: Mapping[str, Entry]
    optional: Mapping[str, Entry]
    fewest: int
    most: float
    num_sure: int
    """Members that there will be: those written, those required and those carried."""
    num_possible: float
    carried: Mapping[_Name, Demand] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    @property
    def is_possible(self) -> bool:
        return max(self.fewest, self.num_sure) <= min(self.most, self.num_possible)

    def without(self, name: str) -> _Plan:
        is_new = name in self.optional and name not in self.absent
        return replace(self, absent=self.absent | {name}, num_possible=self.num_possible - is_new)

    def with_value(self, member: Entry | KeyClass, demand: Demand) -> Iterator[tuple[_Name, _Plan]]:
        """With a value that meets a demand too, of a member that is there already or of another one."""
        for name in self._names_of(member):
            carried = {**self.carried, name: both([self.carried.get(name, member.demand), demand])}
            is_new = name not in self.carried and name not in self.required
            yield name, replace(self, carried=carried, num_sure=self.num_sure + is_new)

    def _names_of(self, member: Entry | KeyClass) -> Iterator[_Name]:
        if isinstance(member, Entry):
            yield from (name for name in [member.name] if name not in self.absent)
            return
        number = 0
        while (member, number) in self.carried:
            yield member, number
            number += 1
        yield member, number


def _is_met_at_end(breach: Breach, count: int) -> bool:
    is_more = breach.more_than is not None and count > breach.more_than
    return bool(breach.missing) or count < breach.fewer_than or is_more


class ArrayAhead:
    """Of one case. One containment is counted at once, several by their tallies.

    `num_items`: how many different items there can be, where that is few and there is no prefix.
    """

    def __init__(self, case: ArrayCase, is_inhabited: IsInhabited, num_items: int | None = None) -> None:
        self._case = case
        self._is_inhabited = is_inhabited
        size = len(case.prefix)
        longest = next((place for place in range(size) if not is_inhabited(case.prefix[place])), None)
        if longest is None and not is_inhabited(case.rest):
            longest = size
        self._tallies = Tallies(case, is_inhabited) if len(case.containments) > 1 else None
        self.most = min((most for most in (case.most, longest, num_items) if most is not None), default=None)

    def is_open(self, index: int, counts: Sequence[int]) -> bool:
        """Whether an array of so many items, of which so many meet each containment, can be completed."""
        if self._tallies is not None:
            return self._tallies.can_be_met(index, tuple(counts), math.inf if self.most is None else self.most)
        shortest = max(self._case.least, index)
        for place, one in enumerate(self._case.containments):
            missing = one.least - counts[place]
            if missing > 0:
                end = self._end_with(index, missing, place)
                if end is None:
                    return False
                shortest = max(shortest, end)
        if self.most is not None and shortest > self.most:
            return False
        return all(
            one.most is None or counts[place] + self._num_forced(index, shortest, place) <= one.most
            for place, one in enumerate(self._case.containments)
        )

    def can_end(self, index: int, counts: Sequence[int]) -> bool:
        return index >= self._case.least and all(
            counts[place] >= one.least for place, one in enumerate(self._case.containments)
        )

    def _end_with(self, index: int, missing: int, place: int) -> int | None:
        """The shortest length at which so many more items can meet the containment."""
        one = self._case.containments[place]
        size = len(self._case.prefix)
        for here in range(max(index, one.start), size):
            if self._is_inhabited(both([self._case.prefix[here], one.demand])):
                missing -= 1
                if not missing:
                    return here + 1
        if not self._is_inhabited(both([self._case.rest, one.demand])):
            return None
        return max(index, one.start, size) + missing

    def _num_forced(self, index: int, end: int, place: int) -> int:
        """How many of the items up to `end` cannot but meet the containment."""
        one = self._case.containments[place]
        size, start = len(self._case.prefix), max(index, one.start)
        other = denied(one.demand)
        forced = sum(
            not self._is_inhabited(both([self._case.prefix[here], other])) for here in range(start, min(end, size))
        )
        from_rest = end - max(start, size)
        if from_rest > 0 and not self._is_inhabited(both([self._case.rest, other])):
            forced += from_rest
        return forced
