"""The budget of a policy: which limits there are, and what they leave for writing."""

from __future__ import annotations

import pytest

from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.policy.budget import NO_LIMIT, Budget


def budget(**given: object) -> Budget:
    return Policy.from_dict({"version": 1, "budget": given}).budget


def test_guards_have_the_shorter_time() -> None:
    """Of what they have together and what the request has."""
    assert budget(total_ms=3000).guard_seconds == 3.0
    assert budget(total_ms=3000, guards_ms=500).guard_seconds == 0.5
    assert budget(guards_ms=500).guard_seconds == 0.5
    assert budget(decode_ms=500).guard_seconds is None
    assert NO_LIMIT.guard_seconds is None


def test_writing_leaves_time_for_guards() -> None:
    """What is written must still be looked at: as long as is said, or a tenth of all; never less than nothing."""
    assert budget(total_ms=1000).seconds_to_write(0.0) == 0.9
    assert budget(total_ms=1000, guards_ms=400).seconds_to_write(0.25) == pytest.approx(0.35)
    assert budget(total_ms=1000, decode_ms=100).seconds_to_write(0.25) == 0.1
    assert budget(decode_ms=100).seconds_to_write(9.0) == 0.1
    assert budget(total_ms=1000).seconds_to_write(5.0) == 0.0
    assert NO_LIMIT.seconds_to_write(5.0) is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"total_ms": 100, "decode_ms": 200}, "policy.budget.decode_ms: 200 of 100 in all is not a part of total_ms."),
        ({"guards_ms": 0}, "policy.budget.guards_ms: 0 is not a number of milliseconds above 0."),
        ({"decoding_ms": 5}, "policy.budget: 'decoding_ms' is not a key of a budget. Did you mean 'decode_ms'?"),
        ({"on_timeout": "skip"}, "policy.budget: a budget without total_ms is not a limit."),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, object], message: str) -> None:
    """With its place, and what to do."""
    with pytest.raises(PolicyError) as caught:
        budget(**given)
    assert str(caught.value).startswith(message)


def test_every_limit_is_in_the_digest() -> None:
    """Two policies that give different times are two policies."""
    given = [{"total_ms": 9}, {"guards_ms": 9}, {"decode_ms": 9}, {"total_ms": 9, "guards_ms": 9}]
    assert len({Policy.from_dict({"version": 1, "budget": each}).digest for each in given}) == len(given)
