"""The detector of refusals, on openings that were written for it."""

from __future__ import annotations

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.guards.refusal import SIZE, THRESHOLDS, refusal, weigh
from llmpost.testing import check_guard
from tools.labelled.refusals import ANSWERS, REFUSALS


def is_refusal(text: str) -> bool:
    [found] = refusal().inspect(text, GuardContext())
    return found.score >= THRESHOLDS["refusal"]


def test_most_refusals_are_seen() -> None:
    """At least two of three, and of the answers that only sound alike at most one of ten."""
    assert sum(map(is_refusal, REFUSALS)) * 3 >= len(REFUSALS) * 2
    assert sum(map(is_refusal, ANSWERS)) * 10 <= len(ANSWERS)


def test_only_the_opening_counts() -> None:
    """There is one score for an answer, of its opening, whatever follows."""
    opening = "Here are the opening hours of the museum. " * 10
    assert len(opening) >= SIZE
    [found] = refusal().inspect(opening + REFUSALS[0], GuardContext())
    assert (found.span.start, found.span.end, found.score) == (0, SIZE, weigh(opening)["refusal"].score)


@pytest.mark.slow
def test_it_keeps_its_promises() -> None:
    """The suite finds nothing to say."""
    check_guard(refusal(), [REFUSALS[0], ANSWERS[0] * 12])
