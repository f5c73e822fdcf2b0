"""All spellings of numbers within small limits, what their values are, and random sets of numbers: recipes and laws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from hypothesis import strategies as st

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.constraints.json_schema.numbers.limits import Limits
from llmpost.constraints.json_schema.numbers.numbers import Numbers

try:
    from llmpost.automata._native import Algebra as CompiledAlgebra
except ImportError:
    ALGEBRAS: dict[str, Callable[[], Algebra]] = {"plain": ReferenceAlgebra}
else:
    ALGEBRAS = {"plain": ReferenceAlgebra, "compiled": CompiledAlgebra}


@dataclass(frozen=True, slots=True)
class NumberSet:
    """A set as a term and as a law; equal ways to say it are equal."""

    name: str
    make: Callable[[Numbers, Algebra], Term]
    has: Callable[[Fraction], bool]

    def __repr__(self) -> str:
        return self.name


Spellings: TypeAlias = dict[str, Fraction]


def spellings(limits: Limits) -> Iterator[str]:
    """Every text of the grammar within the limits, but for `E` and `e+`."""
    digits = "0123456789"
    fractions = [
        "",
        *(f".{''.join(some)}" for n in range(limits.fraction_digits) for some in product(digits, repeat=n + 1)),
    ]
    width = limits.exponent_digits
    exponents = [
        f"e{sign}{''.join(some)}" for n in range(width) for sign in ("", "-") for some in product(digits, repeat=n + 1)
    ]
    for sign in ("", "-"):
        for whole in range(10**limits.integer_digits):
            for fraction in fractions:
                yield f"{sign}{whole}{fraction}"
                if whole < 10**limits.mantissa_digits:
                    yield from (f"{sign}{whole}{fraction}{exponent}" for exponent in exponents)


@lru_cache
def all_spellings(limits: Limits) -> Spellings:
    return {text: Fraction(Decimal(text)) for text in spellings(limits)}


@lru_cache
def all_beginnings(limits: Limits) -> dict[str, list[str]]:
    """How each beginning of a spelling can go on: the next characters."""
    longer = {text[:size] for text in all_spellings(limits) for size in range(1, len(text) + 1)}
    found: dict[str, list[str]] = {}
    for text in sorted(longer):
        found.setdefault(text[:-1], []).append(text[-1])
    return found


def texts(limits: Limits) -> st.SearchStrategy[str]:
    """Spellings within the limits, short and long, many of them near each other."""

    def digits(low: int, high: int) -> st.SearchStrategy[str]:
        return st.text("0123456789", min_size=low, max_size=min(high, 4)) | st.text("0159", min_size=low, max_size=high)

    def spelled(sign: str, whole: str, fraction: str, exponent: tuple[str, str, str] | None) -> str:
        end = "" if exponent is None else "".join(exponent)
        return sign + (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "") + end

    signs, fractions = st.sampled_from(["", "-"]), st.just("") | digits(1, limits.fraction_digits)
    exponents = st.tuples(
        st.sampled_from("eE"),
        st.sampled_from(["", "+", "-"]),
        st.integers(0, 12).map(str) | digits(1, limits.exponent_digits),
    )
    plain = st.builds(spelled, signs, digits(1, limits.integer_digits), fractions, st.none())
    return plain | st.builds(spelled, signs, digits(1, limits.mantissa_digits), fractions, exponents)


def decimals(max_digits: int = 3, places: int = 3) -> st.SearchStrategy[Decimal]:
    whole = st.integers(-(10**max_digits), 10**max_digits) | st.integers(-12, 12)
    return st.builds(lambda whole, place: Decimal(whole).scaleb(place), whole, st.integers(-places, places))


@st.composite
def intervals(draw: st.DrawFn, values: st.SearchStrategy[Decimal]) -> NumberSet:
    low, high = draw(st.none() | values), draw(st.none() | values)
    low_excluded, high_excluded = draw(st.booleans()), draw(st.booleans())
    is_whole = draw(st.booleans())

    def make(numbers: Numbers, _algebra: Algebra) -> Term:
        made = numbers.integers_bounded if is_whole else numbers.bounded
        return made(low, high, low_excluded=low_excluded, high_excluded=high_excluded)

    def has(value: Fraction) -> bool:
        above = low is None or Fraction(low) < value or (Fraction(low) == value and not low_excluded)
        below = high is None or Fraction(high) > value or (Fraction(high) == value and not high_excluded)
        return above and below and (not is_whole or value.denominator == 1)

    brackets = "[("[low_excluded] + f"{low}, {high}" + "])"[high_excluded]
    return NumberSet(brackets + " whole" * is_whole, make, has)


def multiples(steps: st.SearchStrategy[Decimal]) -> st.SearchStrategy[NumberSet]:
    def of(step: Decimal) -> NumberSet:
        has = lambda value: (value / Fraction(step)).denominator == 1  # noqa: E731
        return NumberSet(f"x {step}", lambda numbers, _: numbers.multiples(step), has)

    return steps.map(abs).filter(bool).map(of)


def lists(values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[NumberSet]:
    def of(some: list[Decimal]) -> NumberSet:
        fractions = set(map(Fraction, some))
        return NumberSet(f"{some}", lambda numbers, _: numbers.exactly(some), lambda value: value in fractions)

    return st.lists(values, max_size=5).map(of)


def both(one: NumberSet, other: NumberSet) -> NumberSet:
    return NumberSet(
        f"({one} and {other})",
        lambda numbers, algebra: numbers.both(one.make(numbers, algebra), other.make(numbers, algebra)),
        lambda value: one.has(value) and other.has(value),
    )


def either(one: NumberSet, other: NumberSet) -> NumberSet:
    return NumberSet(
        f"({one} or {other})",
        lambda numbers, algebra: algebra.alternate([one.make(numbers, algebra), other.make(numbers, algebra)]),
        lambda value: one.has(value) or other.has(value),
    )


def without(one: NumberSet) -> NumberSet:
    def make(numbers: Numbers, algebra: Algebra) -> Term:
        return algebra.intersect([numbers.any(), algebra.complement(one.make(numbers, algebra))])

    return NumberSet(f"not {one}", make, lambda value: not one.has(value))


def combined(simple: st.SearchStrategy[NumberSet]) -> st.SearchStrategy[NumberSet]:
    """Boolean combinations of sets."""
    larger = lambda inner: (  # noqa: E731
        st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(without, inner)
    )
    return st.recursive(simple, larger, max_leaves=3)
