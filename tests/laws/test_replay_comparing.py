"""How replaying tells differences and how sure it is of them, against slow and obvious twins."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from llmpost.contracts.action import KINDS as ACTIONS
from llmpost.contracts.guard import Finding, Span, Verdict
from llmpost.contracts.inspection import Change
from llmpost.engine.replaying.comparing import Kind, kind_of
from llmpost.engine.replaying.intervals import Pairs, difference_interval, p_value, wilson
from llmpost.engine.replaying.seen import Seen

counts = st.integers(0, 60)
tables = st.builds(Pairs, counts, counts, counts)
spans = st.tuples(st.integers(0, 12), st.integers(1, 4)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@st.composite
def seens(draw: st.DrawFn) -> Seen:
    """A text of sixteen characters that some policy may have left so; changes in order, none over another."""
    taken: list[Change] = []
    for span in sorted(draw(st.lists(spans, max_size=3))):
        if not taken or taken[-1].before.end <= span.start:
            taken.append(
                Change(span, span, draw(st.sampled_from("AB")), draw(st.sampled_from(("redact", "mask"))), "g")
            )
    findings = tuple(Finding("g", change.label, change.before) for change in taken)
    findings += tuple(Finding("g", "C", span) for span in draw(st.lists(spans, max_size=1)))
    return Seen(
        Verdict(draw(st.sampled_from(ACTIONS)), findings), tuple(taken), draw(st.sampled_from((None, "x", "y")))
    )


def obvious_kind(before: Seen, after: Seen) -> Kind:
    """By sets of characters."""
    fates = [
        "blocked" if seen.verdict.action in ("review", "refuse", "block")
        else "asked_again" if seen.verdict.action in ("retry", "rewrite", "reroute") else "shown"
        for seen in (before, after)
    ]  # fmt: skip
    if fates[0] != fates[1]:
        return {"blocked": "newly_blocked", "asked_again": "newly_asked_again", "shown": "newly_allowed"}[fates[1]]  # type: ignore[return-value]
    if fates[1] != "shown" and before.verdict.action != after.verdict.action:
        return "stopped_otherwise"
    then, now = ({at for c in seen.changes for at in range(c.before.start, c.before.end)} for seen in (before, after))
    if then != now:
        return "more_changed" if then < now else "fewer_changed" if now < then else "other_changed"
    told = [[(c.before, c.label, c.action) for c in seen.changes] for seen in (before, after)]
    if told[0] != told[1] or (None not in (before.text, after.text) and before.text != after.text):
        return "changed_otherwise"
    found = [{(f.label, f.span) for f in seen.verdict.findings} for seen in (before, after)]
    return "same" if found[0] == found[1] else "found_otherwise"


@given(seens(), seens())
def test_kinds_are_told_by_characters(before: Seen, after: Seen) -> None:
    """Fast arithmetic on spans tells the kind that sets of characters tell."""
    assert kind_of(before, after) == obvious_kind(before, after)


@given(seens())
def test_nothing_differs_from_itself(seen: Seen) -> None:
    """The same outcome is the same, whatever it is."""
    assert kind_of(seen, seen) == "same"


def test_pseudonyms_may_have_other_numbers() -> None:
    """Which number a pseudonym has is no difference; what stands around it is."""
    changes = [(Change(Span(3, 6), Span(3, end), "PERSON", "pseudonymise", "g"),) for end in (13, 14)]
    first, second, other = "hi [PERSON_1]!", "hi [PERSON_12]!", "ho [PERSON_12]!"
    before = Seen(Verdict("pseudonymise"), changes[0], first)
    assert kind_of(before, Seen(Verdict("pseudonymise"), changes[1], second)) == "same"
    assert kind_of(before, Seen(Verdict("pseudonymise"), changes[1], other)) == "changed_otherwise"


@given(st.integers(0, 200), st.integers(0, 200))
def test_intervals_of_a_share_are_wilsons(count: int, more: int) -> None:
    """As scipy has them, and the share is always inside."""
    of = count + more
    own = wilson(count, of)
    if of:
        theirs = binomtest(count, of).proportion_ci(0.95, method="wilson")
        assert (own.low, own.high) == (pytest.approx(theirs.low, abs=1e-12), pytest.approx(theirs.high, abs=1e-12))
        assert own.low <= count / of <= own.high


@given(tables)
def test_p_is_that_of_the_exact_test(pairs: Pairs) -> None:
    """As scipy's test of a fair coin has it, thrown once for each text that changed sides."""
    number = pairs.only_before + pairs.only_after
    theirs = binomtest(pairs.only_before, number).pvalue if number else 1.0
    assert p_value(pairs) == pytest.approx(theirs, rel=1e-9)


def test_p_of_many_is_a_number() -> None:
    """A million changes are counted as exactly as ten, and the most uneven ones are no error."""
    assert p_value(Pairs(0, 500_000, 501_000)) == pytest.approx(binomtest(500_000, 1_001_000).pvalue, rel=1e-6)
    assert p_value(Pairs(0, 0, 1_000_000)) == 0.0


def slow_interval(pairs: Pairs, of: int) -> tuple[float, float]:
    """The method as it is written down: square roots of sums of squares of the distances to Wilson's limits."""
    a, b, c = pairs.both, pairs.only_after, pairs.only_before
    d = of - a - b - c
    z = 1.959963984540054

    def limits(x: int) -> tuple[float, float]:
        root = z * math.sqrt(z * z + 4 * x * (of - x) / of)
        return (2 * x + z * z - root) / (2 * (of + z * z)), (2 * x + z * z + root) / (2 * (of + z * z))

    (l1, u1), (l2, u2), p1, p2 = limits(a + b), limits(a + c), (a + b) / of, (a + c) / of
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    cross = a * d - b * c
    corrected = cross - of / 2 if cross > of / 2 else 0.0 if cross >= 0 else cross
    phi = corrected / math.sqrt(margins) if margins else 0.0
    low = math.sqrt((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2)
    high = math.sqrt((u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2)
    return p1 - p2 - low, p1 - p2 + high


@given(tables, st.integers(1, 60))
def test_intervals_of_differences_are_newcombes(pairs: Pairs, neither: int) -> None:
    """The fast form gives what the paper's formula gives, and the difference is inside."""
    of = pairs.both + pairs.only_before + pairs.only_after + neither
    own, (low, high) = difference_interval(pairs, of), slow_interval(pairs, of)
    assert own.low == pytest.approx(max(-1.0, low), abs=1e-9)
    assert own.high == pytest.approx(min(1.0, high), abs=1e-9)
    difference = (pairs.only_after - pairs.only_before) / of
    assert own.low - 1e-12 <= difference <= own.high + 1e-12


def test_the_interval_covers_the_truth() -> None:
    """Of many samples drawn from known shares, about 95 in a hundred have the true difference in their interval."""
    dice, covered, rounds = random.Random(5), 0, 2_000
    for _ in range(rounds):
        pairs = Pairs()
        for _ in range(80):
            throw = dice.random()
            pairs.add(throw < 0.3, throw < 0.2 or throw > 0.95)
        interval = difference_interval(pairs, 80)
        covered += interval.low <= -0.05 <= interval.high
    assert 0.935 <= covered / rounds <= 0.985


def test_of_nothing_everything_is_possible() -> None:
    """Without texts the interval is all there is, and at the ends nothing leaves it."""
    assert difference_interval(Pairs(), 0).low == -1.0
    whole = difference_interval(Pairs(0, 0, 3), 3)
    assert whole.high == 1.0
    assert difference_interval(Pairs(5, 0, 0), 5).low <= 0.0 <= difference_interval(Pairs(5, 0, 0), 5).high
