"""Ahead: whether what was begun can still be completed: an object of which some members are written, an array of
which some items are.

So no text is led into an end that it cannot reach. Counting alone; what single values may be is asked of the demands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from llmpost.constraints.json_schema.shapes.claim import Demand, both, denied
from llmpost.constraints.json_schema.shapes.keys import KeyPattern
from llmpost.constraints.json_schema.shapes.members import Entry, KeyClass, Members
from llmpost.constraints.json_schema.shapes.shape import ArrayCase, Breach, KeyRule

IsInhabited: TypeAlias = Callable[[Demand], bool]
Matches: TypeAlias = Callable[[KeyPattern, str], bool]


class ObjectAhead:
    """Of one case."""

    def __init__(self, members: Members, is_inhabited: IsInhabited, matches: Matches) -> None:
        self._members = members
        self._is_inhabited = is_inhabited
        self._matches = matches
        self._spoken: dict[tuple[KeyRule, Entry | KeyClass], bool] = {}

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
        fewest = max(count + len(required), self._members.least)
        most = math.inf if self._members.classes else count + len(left)
        if self._members.most is not None:
            most = min(most, self._members.most)
        plan = _Plan(required, optional, {}, frozenset(), count + len(required), fewest, most)
        return fewest <= most and self._can_break(list(breaches), plan)

    def _can_break(self, breaches: list[Breach], plan: _Plan) -> bool:
        """Whether each of them can be committed, one after the other, without taking back another."""
        if not breaches:
            return True
        return any(self._can_break(breaches[1:], next_plan) for next_plan in self._ways(breaches[0], plan))

    def _ways(self, breach: Breach, plan: _Plan) -> Iterator[_Plan]:
        for name in sorted(breach.missing):
            if name not in plan.required and name not in plan.carried:
                yield plan.without(name)
        if breach.fewer_than > plan.fewest:
            yield replace(plan, most=min(plan.most, breach.fewer_than - 1))
        if breach.more_than is not None and breach.more_than < plan.most:
            yield replace(plan, fewest=max(plan.fewest, breach.more_than + 1))
        members: list[Entry | KeyClass] = [*plan.required.values(), *plan.optional.values(), *self._members.classes]
        for member in members:
            for demand in self.asked(breach, member):
                further = plan.with_value(member, demand)
                if further is not None and self._is_inhabited(further.carried[_name_of(member)]):
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
    carried: Mapping[str | KeyClass, Demand]
    absent: frozenset[str]
    planned: int
    """Members that there will be at least: those written, those required and those carried."""
    fewest: int
    most: float

    def without(self, name: str) -> _Plan:
        return replace(self, absent=self.absent | {name})

    def with_value(self, member: Entry | KeyClass, demand: Demand) -> _Plan | None:
        """With a value that meets a demand too; None where there is no room for another member."""
        name = _name_of(member)
        if name in self.absent:
            return None
        carried = {**self.carried, name: both([self.carried.get(name, member.demand), demand])}
        if name in self.carried or name in self.required:
            return replace(self, carried=carried)
        planned = self.planned + 1
        if planned > self.most:
            return None
        return replace(self, carried=carried, planned=planned, fewest=max(self.fewest, planned))


def _name_of(member: Entry | KeyClass) -> str | KeyClass:
    return member.name if isinstance(member, Entry) else member


def _is_met_at_end(breach: Breach, count: int) -> bool:
    is_more = breach.more_than is not None and count > breach.more_than
    return bool(breach.missing) or count < breach.fewer_than or is_more


class ArrayAhead:
    """Of one case. Exact for one containment; several are looked at one by one.

    `num_items`: how many different items there can be, where that is few and there is no prefix.
    """

    def __init__(self, case: ArrayCase, is_inhabited: IsInhabited, num_items: int | None = None) -> None:
        self._case = case
        self._is_inhabited = is_inhabited
        size = len(case.prefix)
        longest = next((place for place in range(size) if not is_inhabited(case.prefix[place])), None)
        if longest is None and not is_inhabited(case.rest):
            longest = size
        self.most = min((most for most in (case.most, longest, num_items) if most is not None), default=None)

    def is_open(self, index: int, counts: Sequence[int]) -> bool:
        """Whether an array of so many items, of which so many meet each containment, can be completed."""
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
