"""Spans: sets of numbers by what they hold: intervals without the multiples of some steps and without some values.

Closed under and, or and not, and whether one is empty is arithmetic. To find that out from the automata of two sets
can take as long as there are numbers, so it is never asked of them. It knows no spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from llmpost.constraints.json_schema.numbers.interval import Bound, Interval

MAX_SPANS = 64
"""In one set: beyond that it is no longer kept by what it holds."""
_MAX_TRIED = 10_000
"""Multiples looked at for one that is not left out: more than can be left out in a row."""


_ANY_NUMBER = Interval()


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers of an interval that are no multiple of one of `steps` and none of `values`."""

    interval: Interval = _ANY_NUMBER
    steps: frozenset[Decimal] = frozenset()
    values: frozenset[Decimal] = frozenset()

    def has(self, value: Decimal) -> bool:
        return (
            self.interval.has(value)
            and value not in self.values
            and not any(Interval(step=step).has(value) for step in self.steps)
        )

    def both(self, other: Span) -> Span:
        met = self.interval.meet(other.interval)
        return Span(met, self.steps | other.steps, self.values | other.values)

    def others(self) -> Iterator[Span]:
        """All numbers that are not in it."""
        low, high, step = self.interval.low, self.interval.high, self.interval.step
        if low is not None:
            yield Span(Interval(high=Bound(low.value, not low.is_excluded)))
        if high is not None:
            yield Span(Interval(low=Bound(high.value, not high.is_excluded)))
        if step is not None:
            yield Span(Interval(low, high), frozenset({step}))
        yield from (Span(Interval(low, high).meet(Interval(step=one))) for one in sorted(self.steps))
        yield from (Span(Interval(Bound(one), Bound(one))) for one in sorted(self.values))

    @property
    def is_empty(self) -> bool:
        """True is certain; False is too, but where very many multiples in a row are left out."""
        step, limit = self.interval.step, min(_MAX_TRIED, len(self.values) + (1000 if self.steps else 1))
        if step is not None and any(_is_multiple(step, one) for one in self.steps):
            return True
        found = self.interval.few(limit)
        return found is not None and not any(map(self.has, found))


Spans: TypeAlias = tuple[Span, ...]
"""Their union."""

EVERYTHING: Spans = (Span(),)


def of_values(values: Iterable[Decimal]) -> Spans:
    return tuple(Span(Interval(Bound(value), Bound(value))) for value in values)


def both(ones: Spans, others: Spans) -> Spans | None:
    """None where it would be too many."""
    return _joined(one.both(other) for one in ones for other in others)


def either(ones: Spans, others: Spans) -> Spans | None:
    """The same."""
    return _joined((*ones, *others))


def other(spans: Spans) -> Spans | None:
    """The same."""
    left: Spans | None = EVERYTHING
    for span in spans:
        if left is not None:
            left = both(left, tuple(span.others()))
    return left


def _joined(spans: Iterable[Span]) -> Spans | None:
    kept: dict[Span, None] = {}
    for span in spans:
        plain = replace(span, values=frozenset(value for value in span.values if span.interval.has(value)))
        if not plain.is_empty:
            kept[plain] = None
        if len(kept) > MAX_SPANS:
            return None
    return tuple(kept)


def _is_multiple(step: Decimal, of: Decimal) -> bool:
    return (Fraction(step) / Fraction(of)).denominator == 1
