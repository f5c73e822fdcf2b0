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
        all_things = [*self.last, *things]
        runs, found = self.runs, []
        places: dict[Hashable, deque[int]] = {}
        for place, thing in enumerate(all_things):
            before = places.setdefault(thing, deque())
            while before and place - before[0] > self.longest:
                before.popleft()
            if place >= len(self.last):
                runs = {place - one: runs.get(place - one, 0) + 1 for one in before}
                if max((self._excess(*run) for run in runs.items()), default=0) == 1:
                    found.append(place - len(self.last))
            before.append(place)
        return found, replace(self, last=tuple(all_things[-self.longest :]), runs=runs)

    def _excess(self, period: int, run: int) -> int:
        """How many things are too many. What is said with a period is said with twice the period, too, but later."""
        return period + run - max(period, self.least) * self.times
