"""Arms of a comparison: ways to answer the same request, each asked again and again in turn with the others.

For `constrained_loop.py`. An arm says by itself which of its seconds count; what is compared, and in what words, is
the script's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

NUM_NEW = 64


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of a request: the first one, a later one, and a later one of a single token."""

    first: float
    again: float
    start: float

    def over(self, free: Cost) -> Cost:
        return Cost(self.first - free.again, self.again - free.again, self.start - free.start)


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to answer: `run` writes so many tokens and says how many seconds count."""

    run: Callable[[int], float]
    forget: Callable[[], object] = lambda: None
    """Make the next run a first one."""

    def cost(self) -> Cost:
        self.forget()
        return Cost(self.run(NUM_NEW), self.run(NUM_NEW), self.run(1))


Arms: TypeAlias = Mapping[tuple[str, str], Arm]
Costs: TypeAlias = Mapping[tuple[str, str], Sequence[Cost]]


def added(arms: Arms, rounds: int, free: Arm | None = None) -> Costs:
    """What each arm took above the free one, a cost for each round."""
    costs: dict[tuple[str, str], list[Cost]] = {name: [] for name in arms}
    if free is not None:
        free.cost()
    for _ in range(rounds):
        floor = Cost(0.0, 0.0, 0.0) if free is None else free.cost()
        for name, arm in arms.items():
            costs[name].append(arm.cost().over(floor))
    return costs
