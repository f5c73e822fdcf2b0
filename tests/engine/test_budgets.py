"""The time of a request: writing ends in it, guards are told it, and what comes too late is what its policy says."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Event
from typing import Any

import pytest
from speaking_engine import cut, speaking

from llmpost.contracts.guard import Finding, GuardContext, Span

MINUTE = 60_000
NOTHING_LEFT = 1e-6


class Noting:
    """Notes by when it is to answer, and finds the word that it was given."""

    name = "noting"
    reach = None
    context = 0

    def __init__(self, word: str = "") -> None:
        self.word = word
        self.deadlines: list[float | None] = []

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        self.deadlines.append(context.deadline)
        at = text.find(self.word) if self.word else -1
        return [] if at < 0 else [Finding(self.name, "word", Span(at, at + len(self.word)))]


class Slow(Noting):
    """Answers when nobody waits any more."""

    def __init__(self) -> None:
        super().__init__()
        self.is_late = Event()

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        self.is_late.wait(MINUTE / 1000)
        return super().inspect(text, context)


def policy(budget: dict[str, Any], **entry: Any) -> dict[str, Any]:
    return {"version": 1, "guards": [{"use": "noting", **entry}], "budget": budget}


def test_writing_ends_in_its_time() -> None:
    """With what there is, as `max_time` does, and guards look at that."""
    noting = Noting()
    engine = speaking(["a"] * 50, policy=policy({"decode_ms": NOTHING_LEFT}), guards={"noting": noting})
    result = engine.generate(">")
    assert result.finish_reason == "time"
    assert result.text == "a" * len(result.token_ids) != "a" * 50
    assert noting.deadlines == [None]


def test_the_total_ends_writing_too() -> None:
    """So early that guards have their time."""
    budget = {"total_ms": MINUTE, "guards_ms": MINUTE}
    engine = speaking(["a"] * 50, policy=policy(budget), guards={"noting": Noting()})
    result = engine.generate(">")
    assert result.finish_reason == "time"
    assert [outcome.status for outcome in result.verdict.outcomes] == ["passed"]


@pytest.mark.parametrize("on", ["input", "output"])
def test_guards_are_told_when_the_request_ends(on: str) -> None:
    """Whichever side they look at: so long after the request began."""
    noting = Noting()
    engine = speaking(["yes"], policy=policy({"total_ms": MINUTE}, on=on), guards={"noting": noting})
    begun = time.monotonic()
    engine.generate(">")
    assert begun + 60 <= noting.deadlines[0] <= time.monotonic() + 60


def test_a_guard_is_told_its_own_time_where_that_is_shorter() -> None:
    """Whoever waits goes by the shorter of the two."""
    noting = Noting()
    given = policy({"total_ms": MINUTE}, timeout_ms=MINUTE / 2)
    begun = time.monotonic()
    speaking(["yes"], policy=given, guards={"noting": noting}).generate(">")
    assert begun + 30 <= noting.deadlines[0] <= time.monotonic() + 30


def test_what_is_asked_again_has_no_new_time() -> None:
    """All attempts share the end of the request."""
    noting = Noting("no")
    given = policy({"total_ms": MINUTE}, action={"retry": {"times": 3}})
    engine = speaking(["no"], ["no", "!"], policy=given, guards={"noting": noting})
    engine.generate(">", temperature=1.0, seed=1)
    assert len(noting.deadlines) == 4
    assert len(set(noting.deadlines)) == 1


@pytest.mark.parametrize(("on_timeout", "text", "status"), [("block", "", "failed"), ("skip", "yes", "skipped")])
def test_what_comes_too_late_is_what_the_policy_says(on_timeout: str, text: str, status: str) -> None:
    """A check whose time is over was not passed."""
    given = policy({"guards_ms": 5, "on_timeout": on_timeout})
    slow = Slow()
    engine = speaking(["yes"], policy=given, guards={"noting": slow})
    for result in (engine.generate(">"), engine.check("yes"), list(engine.stream(">"))[-1].result):
        assert result.text == text
        assert [outcome.status for outcome in result.verdict.outcomes] == [status]
    slow.is_late.set()


def test_a_stream_of_texts_from_elsewhere_is_not_hurried() -> None:
    """How long their writer takes is not in our hands: only the time of guards counts."""
    given = policy({"total_ms": MINUTE})
    stream = speaking(["yes"], policy=given, guards={"noting": Noting()}).check_stream(cut("a text", 2, 4))
    assert "".join(stream) == "a text"
