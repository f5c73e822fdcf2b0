"""Intervals: how sure one may be of a share, and of the difference between two shares of the same texts.

Before and after are two answers about each text, so they are no two samples: what tells is how many texts changed
sides. The difference has the interval of Newcombe (1998, method 10: Wilson's of both shares, joined by their
correlation), which holds for few texts and for none; whether there is one at all is asked of McNemar's exact test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959963984540054  # 95 % of a normal variable is within so many standard deviations
_NEGLIGIBLE = 1e-17


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(slots=True)
class Pairs:
    """Of some texts, those of which something was true both times, only before, and only after."""

    both: int = 0
    only_before: int = 0
    only_after: int = 0

    def add(self, before: bool, after: bool) -> None:
        """One text more."""
        self.both += before and after
        self.only_before += before and not after
        self.only_after += after and not before

    def merge(self, other: Pairs) -> None:
        self.both += other.both
        self.only_before += other.only_before
        self.only_after += other.only_after


def wilson(count: int, of: int) -> Interval:
    """Of a share; of nothing, everything is possible.

    >>> wilson(0, 0)
    Interval(low=0.0, high=1.0)
    """
    if not of:
        return Interval(0.0, 1.0)
    share, z2 = count / of, _Z * _Z
    middle = share + z2 / (2 * of)
    around = _Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    whole = 1 + z2 / of
    # at the ends rounding must not leave out the share itself
    low = 0.0 if count == 0 else (middle - around) / whole
    return Interval(low, 1.0 if count == of else (middle + around) / whole)


def difference_interval(pairs: Pairs, of: int) -> Interval:
    """Of the share after less the share before, among so many texts."""
    if not of:
        return Interval(-1.0, 1.0)
    before, after = pairs.both + pairs.only_before, pairs.both + pairs.only_after
    share_before, share_after = before / of, after / of
    then, now = wilson(before, of), wilson(after, of)
    phi = _correlation(pairs, of)
    difference = share_after - share_before
    low = _joined(share_after - now.low, then.high - share_before, phi)
    high = _joined(now.high - share_after, share_before - then.low, phi)
    return Interval(max(-1.0, difference - low), min(1.0, difference + high))


def p_value(pairs: Pairs) -> float:
    """How likely so uneven a number of changes, or a more uneven one, is among as many that go either way by chance."""
    fewer, number = min(pairs.only_before, pairs.only_after), pairs.only_before + pairs.only_after
    if 2 * fewer == number:
        return 1.0
    log_term = math.lgamma(number + 1) - math.lgamma(fewer + 1) - math.lgamma(number - fewer + 1)
    term = total = math.exp(log_term - number * math.log(2))
    for count in range(fewer, 0, -1):  # the terms fall faster and faster
        term *= count / (number - count + 1)
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return min(1.0, 2 * total)


def _joined(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def _correlation(pairs: Pairs, of: int) -> float:
    """With the correction for continuity that the method asks for; 0 where one of the shares is 0 or 1."""
    neither = of - pairs.both - pairs.only_before - pairs.only_after
    before, after = pairs.both + pairs.only_before, pairs.both + pairs.only_after
    margins = before * (of - before) * after * (of - after)
    if not margins:
        return 0.0
    product: float = pairs.both * neither - pairs.only_before * pairs.only_after
    if product > 0:
        product = max(0.0, product - of / 2)
    return product / math.sqrt(margins)
