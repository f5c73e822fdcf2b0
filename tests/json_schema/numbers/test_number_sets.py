"""Sets of numbers hold exactly the spellings of their values, and every state of their automata leads to one."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from number_spellings import (
    ALGEBRAS,
    NumberSet,
    all_beginnings,
    all_spellings,
    combined,
    decimals,
    intervals,
    lists,
    multiples,
    texts,
)

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.json_schema.numbers.limits import Limits
from llmpost.constraints.json_schema.numbers.numbers import Numbers
from llmpost.errors import ConstraintError

FEWEST = Limits(2, 1, 1, 1)
SMALL = {FEWEST: 30, Limits(1, 2, 1, 1): 4, Limits(2, 1, 2, 1): 4}  # and how many sets are tried

values = st.sampled_from([Decimal(text) for text in ("0", "1", "-1", "10", "0.1", "12", "1e5", "-0.02", "3e-7")])
near = decimals(2, 3)
small_sets = intervals(near) | multiples(near) | lists(values)
wide = decimals(4, 6) | values
wide_sets = intervals(wide) | multiples(wide) | lists(wide)


def has(algebra: Algebra, term: Term, text: str) -> bool:
    """By derivatives alone: nobody asks what is alive, which takes long for an intersection without a text."""
    for octet in text.encode():
        term = algebra.derive(term, octet)
    return algebra.can_end(term)


def check_exact(algebra: Algebra, term: Term, limits: Limits, one: NumberSet) -> None:
    """Every text within the limits, and whether each of its beginnings leads to one in the set."""
    spelled, longer = all_spellings(limits), all_beginnings(limits)
    known = {value: one.has(value) for value in set(spelled.values())}
    members = {text for text, value in spelled.items() if known[value]}
    alive = {text[:size] for text in members for size in range(len(text) + 1)}
    todo = [("", term)]
    while todo:
        text, here = todo.pop()
        assert (algebra.can_end(here), algebra.is_live(here)) == (text in members, text in alive), text
        if text in alive:
            todo += [(text + octet, algebra.derive(here, ord(octet))) for octet in longer.get(text, ())]


@pytest.mark.parametrize("limits", SMALL, ids=str)
def test_exact(limits: Limits) -> None:
    """A text is in a set exactly when its value is, and a beginning is alive exactly when some text of the set
    begins so."""

    @settings(max_examples=SMALL[limits], deadline=None)
    @given(one=small_sets)
    def check(one: NumberSet) -> None:
        algebra = ALGEBRAS["plain"]()
        check_exact(algebra, one.make(Numbers(algebra, limits), algebra), limits, one)

    check()


@pytest.mark.parametrize("kind", ALGEBRAS)
@settings(max_examples=20, deadline=None)
@given(one=combined(small_sets))
def test_combinations_exact(kind: str, one: NumberSet) -> None:
    """What the algebra makes of sets, relative to any number, is what logic makes of them, down to each beginning."""
    algebra = ALGEBRAS[kind]()
    check_exact(algebra, one.make(Numbers(algebra, FEWEST), algebra), FEWEST, one)


@settings(max_examples=120, deadline=None)
@given(one=combined(wide_sets), some=st.lists(texts(Limits()), max_size=8))
def test_membership(one: NumberSet, some: list[str]) -> None:
    """Within the real limits, a spelling is in a set exactly when its value is, in both algebras."""
    for kind in ALGEBRAS:
        algebra = ALGEBRAS[kind]()
        term = one.make(Numbers(algebra), algebra)
        assert [has(algebra, term, text) for text in some] == [one.has(Fraction(Decimal(text))) for text in some], kind


@settings(max_examples=100, deadline=None)
@given(value=wide, one=wide_sets, other=wide_sets)
def test_known_sets_meet(value: Decimal, one: NumberSet, other: NumberSet) -> None:
    """Sets that meet without the algebra have the numbers of both, and the few values of a set are those it has."""
    algebra = ALGEBRAS["plain"]()
    numbers = Numbers(algebra)
    met = numbers.both(one.make(numbers, algebra), other.make(numbers, algebra))
    assert has(algebra, met, str(value).lower()) == (one.has(Fraction(value)) and other.has(Fraction(value)))
    few = numbers.few(met, 50)
    if few is not None:
        assert all(one.has(Fraction(found)) and other.has(Fraction(found)) for found in few)
        assert (value in few) == (one.has(Fraction(value)) and other.has(Fraction(value)))


@settings(max_examples=100, deadline=None)
@given(value=st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_printed(value: float) -> None:
    """What `json.dumps` prints of an integer or float is a number, exactly that number, and an integer if it is one."""
    algebra = ALGEBRAS["plain"]()
    numbers, text = Numbers(algebra), json.dumps(value)
    exact = Decimal(text)
    for term in (numbers.any(), numbers.exactly([exact]), numbers.bounded(exact, exact)):
        assert has(algebra, term, text)
    assert has(algebra, numbers.integers(), text) == (Fraction(exact).denominator == 1)


@settings(max_examples=20, deadline=None)
@given(value=st.integers(-(10**309) + 1, 10**309 - 1))
def test_long_integers(value: int) -> None:
    """The integers of as many digits as the largest float has are there."""
    algebra = ALGEBRAS["plain"]()
    numbers = Numbers(algebra)
    assert all(has(algebra, term, str(value)) for term in (numbers.any(), numbers.integers()))


@pytest.mark.parametrize("text", ["1e3", "1E+3", "12e2", "1.5e1", "0.5e1", "100e-2", "0e0", "-0.0", "1.20", "1e308"])
def test_spellings(text: str) -> None:
    """The usual ways to write a number are within the limits."""
    algebra = ALGEBRAS["plain"]()
    assert has(algebra, Numbers(algebra).any(), text)


@pytest.mark.parametrize(
    "text", ["", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "1e0001", "NaN", "1" * 310]
)
def test_no_spellings(text: str) -> None:
    """What is no JSON number, or too long, is in no set."""
    algebra = ALGEBRAS["plain"]()
    assert not has(algebra, Numbers(algebra).any(), text)


@pytest.mark.parametrize(("step", "places"), [(1, 2), (5, 0), (7, 0), (6, -1), (1024, 0), (3, 1), (99991, 0)])
def test_multiples_of_many_digits(step: int, places: int) -> None:
    """Remainders are exact however long the number is, and every beginning of a multiple is alive."""
    algebra = ALGEBRAS["plain"]()
    term = Numbers(algebra).multiples(Decimal(step).scaleb(-places))
    text = f"{step * 123_456_789_123}e{-places}"
    assert has(algebra, term, text)
    assert not has(algebra, term, f"{step * 123_456_789_123}.5e{-places}")
    assert all(algebra.is_live(algebra.after(term, text[:size].encode())) for size in range(len(text)))


def test_emptiness() -> None:
    """A set without a number is EMPTY: nothing needs to search for one."""
    numbers = Numbers(ALGEBRAS["plain"]())
    one, two = Decimal(1), Decimal(2)
    assert numbers.bounded(two, one) == EMPTY
    assert numbers.bounded(one, one, low_excluded=True) == EMPTY
    assert numbers.integers_bounded(one, two, low_excluded=True, high_excluded=True) == EMPTY
    assert numbers.both(numbers.bounded(one, Decimal(16383)), numbers.multiples(Decimal(16384))) == EMPTY
    assert numbers.exactly([]) == EMPTY
    assert numbers.few(numbers.bounded(two, one), 5) == []


@pytest.mark.parametrize("text", ["1e1000000000", "-1e1000000000", "1e-1000000000", "9" * 5000, "0." + "9" * 5000])
def test_far_bounds(text: str) -> None:
    """Bounds no spelling comes near to are compared with all the same, at no cost."""
    algebra = ALGEBRAS["plain"]()
    numbers, bound = Numbers(algebra), Decimal(text)
    for spelled in ("0", "5", "-5", "1e-999", "1e999"):
        assert has(algebra, numbers.bounded(bound, None), spelled) == (Decimal(spelled) >= bound)
        assert has(algebra, numbers.integers_bounded(None, bound), spelled) == (
            Decimal(spelled) <= bound and spelled != "1e-999"
        )


@pytest.mark.parametrize("text", ["1e1000000000", "1e-1000000000"])
def test_far_steps(text: str) -> None:
    """Multiples of a huge number that have a spelling are zero, and of a tiny one all are."""
    algebra = ALGEBRAS["plain"]()
    term = Numbers(algebra).multiples(Decimal(text))
    assert [has(algebra, term, spelled) for spelled in ("0", "1e-999", "3")] == [True, text[2] == "-", text[2] == "-"]


@pytest.mark.parametrize("step", ["0", "-1", "123456.7", "1" * 5000])
def test_refused_steps(step: str) -> None:
    """What cannot be counted in is refused by name, never answered wrongly."""
    with pytest.raises(ConstraintError, match="multipleOf"):
        Numbers(ALGEBRAS["plain"]()).multiples(Decimal(step))


@pytest.mark.parametrize("text", ["1e2000", "-1e-2000", "1" * 310, "1." + "1" * 60])
def test_values_without_spelling(text: str) -> None:
    """A given value that is longer than any spelling is refused: it is not dropped in silence."""
    with pytest.raises(ConstraintError, match="number"):
        Numbers(ALGEBRAS["plain"]()).exactly([Decimal(text)])


def test_many_values() -> None:
    """Of a hundred thousand given values nothing is read before a text comes to it, and each is there."""
    for make in ALGEBRAS.values():
        algebra = make()
        term = Numbers(algebra).exactly([Decimal(number * 37) / 4 for number in range(100_000)])
        assert algebra.num_terms < 500
        assert [has(algebra, term, text) for text in ("9.25", "37e0", "36", "0.925e1", "924990.75")] == [
            True,
            True,
            False,
            True,
            True,
        ]
