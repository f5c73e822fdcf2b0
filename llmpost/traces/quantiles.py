"""Quantiles of a stream of numbers in constant memory: a histogram whose buckets grow by a fixed share.

What is told of a quantile is off by one per cent at most, wherever it lies between a nanosecond and thirty years. Two
sketches of parts of a stream, merged, are the sketch of the whole, in whatever order. It knows not what it counts.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

ERROR = 0.01
"""The most by which a quantile is off, as a share of it."""
_GROWTH = (1 + ERROR) / (1 - ERROR)
_LOG_GROWTH = math.log(_GROWTH)
_LEAST, _MOST = 1e-9, 1e9
"""What is less counts as nothing, what is more as this much: so there are 2,075 buckets at most."""
_NOTHING = -(1 << 30)


@dataclass(slots=True)
class Quantiles:
    """
    >>> sketch = Quantiles()
    >>> for number in range(1, 101): sketch.add(float(number))
    >>> round(sketch.at(0.5)), sketch.count
    (50, 100)
    """

    count: int = 0
    total: float = 0.0
    _buckets: Counter[int] = field(default_factory=Counter)

    def add(self, value: float) -> None:
        """What is no number from 0 up is not counted."""
        if not 0 <= value < math.inf:
            return
        self.count += 1
        self.total += value
        self._buckets[_bucket(value)] += 1

    def merge(self, other: Quantiles) -> None:
        """As if all that the other was given had been given here."""
        self.count += other.count
        self.total += other.total
        self._buckets.update(other._buckets)

    def at(self, share: float) -> float | None:
        """The number that this share of all does not exceed; None where there is none."""
        if not self.count:
            return None
        left = max(math.ceil(share * self.count), 1)
        for bucket in sorted(self._buckets):
            left -= self._buckets[bucket]
            if left <= 0:
                break
        return _middle(bucket)

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None


def _bucket(value: float) -> int:
    return _NOTHING if value < _LEAST else math.ceil(math.log(min(value, _MOST)) / _LOG_GROWTH)


def _middle(bucket: int) -> float:
    """No number of the bucket is further from this than the error."""
    return 0.0 if bucket == _NOTHING else 2 * _GROWTH**bucket / (_GROWTH + 1)
