"""Quantiles of a stream are those of the sorted numbers, off by one per cent at most, however the stream was cut."""

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from llmpost.traces.quantiles import ERROR, Quantiles

NUMBERS = st.lists(st.floats(0, 1e9) | st.floats(0, 1e-6) | st.integers(0, 10).map(float), min_size=1, max_size=60)
SHARES = st.sampled_from([Fraction(n, 100) for n in (0, 1, 25, 50, 75, 90, 95, 99, 100)])


def exact(numbers: list[float], share: Fraction) -> float:
    """The smallest number that this share of all does not exceed."""
    ordered = sorted(numbers)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def sketch(numbers: list[float]) -> Quantiles:
    own = Quantiles()
    for number in numbers:
        own.add(number)
    return own


@given(NUMBERS, SHARES)
def test_quantiles_are_nearly_exact(numbers: list[float], share: Fraction) -> None:
    """Within one per cent of the slow twin; what is less than a nanosecond is nothing."""
    told, right = sketch(numbers).at(float(share)), exact(numbers, share)
    assert told is not None
    assert abs(told - right) <= max(ERROR * right * (1 + 1e-9), 1e-9)


@given(NUMBERS, NUMBERS, SHARES)
def test_parts_merged_are_the_whole(first: list[float], second: list[float], share: Fraction) -> None:
    """In either order, and whichever of them is empty."""
    whole = sketch(first + second)
    for one, other in ((first, second), (second, first)):
        merged = sketch(one)
        merged.merge(sketch(other))
        merged.merge(Quantiles())
        assert (merged.count, merged.at(float(share))) == (whole.count, whole.at(float(share)))
        assert math.isclose(merged.total, whole.total)


def test_memory_is_bounded() -> None:
    """A quarter of a million numbers over sixty orders of magnitude take at most 2,075 buckets."""
    own = sketch([10 ** (place / 16_000 - 31) for place in range(0, 1_000_000, 4)])
    assert own.count == 250_000
    assert len(own._buckets) <= 2075


def test_what_is_no_time_is_not_counted() -> None:
    """Negative numbers, infinities and NaN, which an edited record may hold."""
    own = sketch([math.nan, math.inf, -math.inf, -1.0])
    assert (own.count, own.at(0.5), own.mean) == (0, None, None)
