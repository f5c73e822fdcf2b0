"""Durations: how long something took, over any number of times, in little memory; quantiles to one percent.

Each is counted in a bucket whose ends are two percent apart, so that parts counted by several processes add up to what
one would have counted. It knows no clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

_WIDTH = math.log(1.02)
_LEAST_SECONDS = 1e-9


@dataclass(slots=True)
class Durations:
    """
    >>> durations = Durations()
    >>> for seconds in (0.001, 0.002, 0.003):
    ...     durations.add(seconds)
    >>> round(durations.quantile(0.5), 4)
    0.002
    """

    count: int = 0
    total_seconds: float = 0.0
    buckets: dict[int, int] = field(default_factory=dict)

    def add(self, seconds: float) -> None:
        """What is no number, or negative, is counted as nothing at all."""
        seconds = seconds if 0 < seconds < math.inf else 0.0
        bucket = math.floor(math.log(max(seconds, _LEAST_SECONDS)) / _WIDTH)
        self.count += 1
        self.total_seconds += seconds
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1

    def merge(self, other: Durations) -> None:
        self.count += other.count
        self.total_seconds += other.total_seconds
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    def quantile(self, share: float) -> float:
        """The duration that this share of them does not exceed, within one percent; 0 where there are none."""
        least, seen = max(1, math.ceil(share * self.count)), 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= least:
                return math.exp((bucket + 0.5) * _WIDTH)
        return 0.0
