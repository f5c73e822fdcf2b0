"""Loops: whether a succession of things has begun to say the same over and over, thing by thing.

A thing is anything that can be compared, a word or a line. Of a period of p, the last p things are those before them,
and so on back: that is one count a period. Knows no text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Loops:
    """What can be told of the last `longest` things. A loop says its period more than `times` times in succession; a
    period of fewer than `least` things counts as if it had so many."""

    longest: int
    least: int
    times: int
    last: tuple[Hashable, ...] = ()
    runs: Mapping[int, int] = field(default_factory=dict)
    """By period, how many things in succession were equal to the one so far before them."""

    def follow(self, things: Sequence[Hashable]) -> tuple[list[int], Loops]:
        """Places in the list where a loop has said one thing too many, one for each loop; and what to go on with."""
        last, runs = deque(self.last, maxlen=self.longest), self.runs
        found = []
        for place, thing in enumerate(things):
            runs = _with(thing, last, runs)
            last.append(thing)
            if max((self._excess(*run) for run in runs.items()), default=0) == 1:
                found.append(place)
        return found, replace(self, last=tuple(last), runs=runs)

    def _excess(self, period: int, run: int) -> int:
        """How many things are too many. What is said with a period is said with twice the period, too, but later."""
        return period + run - max(period, self.least) * self.times


def _with(thing: Hashable, last: deque[Hashable], runs: Mapping[int, int]) -> Mapping[int, int]:
    """The counts with one thing more."""
    if thing not in last:
        return {}
    return {period: runs.get(period, 0) + 1 for period, one in enumerate(reversed(last), 1) if one == thing}
