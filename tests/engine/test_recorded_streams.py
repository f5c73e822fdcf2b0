"""A stream has its record however it ends: read to its end, closed, forgotten, never begun."""

from __future__ import annotations

import gc
import itertools
from typing import Any

import pytest
from hostile_guards import Pattern
from hypothesis import given, settings
from hypothesis import strategies as st
from listing_recorder import Listing
from speaking_engine import cut, speaking

from llmpost.contracts.result import Finished, TextDelta
from llmpost.engine import Engine

SECRET = "swordfish"
TEXT = f"the word is {SECRET}, they say, and {SECRET} it was"
TOY = {"toy": Pattern(SECRET, "WORD", reach=len(SECRET))}
ACTIONS: list[Any] = ["redact", {"mask": {"keep": 3}}, "truncate", "block", "log", {"refuse": "No."}]


def policy(action: Any = "redact", **keys: Any) -> dict[str, Any]:
    return {"version": 1, "name": "toys", "notice": "[cut]", "guards": [{"use": "toy", "action": action}], **keys}


def recorded(*answers: Any, policy: Any = "bare", **around: Any) -> tuple[Engine, Listing]:
    records = Listing()
    return speaking(*answers, policy=policy, trace=records, guards=TOY, **around), records


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, len(TEXT))), st.sampled_from(ACTIONS), st.booleans(), st.data())
def test_what_has_left_is_in_the_record(places: list[int], action: Any, is_guarded: bool, data: st.DataObject) -> None:
    """Wherever a stream is left, its record has exactly the text that was handed out, and what had been written."""
    chosen: Any = policy(action, trace={"store": "raw"}) if is_guarded else {"version": 1, "trace": {"store": "raw"}}
    engine, records = recorded(cut(TEXT, *places), policy=chosen)
    events = engine.stream("a>")
    shown, is_over = [], False
    for _ in range(data.draw(st.integers(0, 60))):
        event = next(events, None)
        is_over = event is None or isinstance(event, Finished)
        if isinstance(event, TextDelta):
            shown.append(event.text)
        if is_over:
            break
    events.close()
    record = records.only
    assert engine.loaded.model.num_open == 0
    if is_over or (shown and action == {"refuse": "No."} and is_guarded):
        assert record.finish_reason in ("stop", "blocked")
    else:
        assert (record.finish_reason, record.error) == ("abandoned", "")
    assert record.released.text == "".join(shown)
    assert (record.raw is None) == (record.usage.completion_tokens == 0 and not is_over and not shown)
    assert record.raw is None or TEXT.startswith(record.raw.text)


def test_a_stream_that_ends_is_recorded_once() -> None:
    """Read to its end it has the same record as an answer at once, but for how guards looked at it; and its id."""
    engine, records = recorded(cut(TEXT, *range(len(TEXT))), policy=policy(trace={"store": "raw"}))
    whole = engine.generate("a>", seed=3)
    *_, last = engine.stream("a>", seed=3)
    assert isinstance(last, Finished)
    assert [record.id for record in records] == [whole.trace.id, last.result.trace.id]
    one, other = records
    assert (one.raw, one.released, one.finish_reason, one.usage) == (
        other.raw, other.released, other.finish_reason, other.usage,
    )  # fmt: skip
    assert (one.trace.inspections[0].held_back is None, other.trace.inspections[0].held_back is None) == (True, False)


def test_a_stream_that_nobody_began_is_recorded() -> None:
    """Guards have looked at its prompt: it is recorded when it is closed, and when it is forgotten."""
    engine, records = recorded(["fine"], policy={"version": 1, "trace": {"store": "raw"}})
    engine.stream("a>").close()
    assert (records.only.finish_reason, records.only.prompt.text, records.only.usage.completion_tokens) == (
        "abandoned", "a>", 0,
    )  # fmt: skip
    engine.stream("b>")
    gc.collect()
    assert [record.prompt.text for record in records] == ["a>", "b>"]


def test_candidates_of_a_stream_that_is_left_are_all_recorded() -> None:
    """Each with what was shown of it, also where that is nothing."""
    engine, records = recorded(cut("one two three", *range(20)), policy={"version": 1, "trace": {"store": "raw"}})
    events = engine.stream("a>", n=3, temperature=1.0)
    shown = [""] * 3
    for event in itertools.islice(events, 8):
        assert isinstance(event, TextDelta)
        shown[event.candidate] += event.text
    events.close()
    assert [(record.candidate, record.released.text) for record in records] == list(enumerate(shown))
    assert len({record.id for record in records}) == 1


def test_who_is_left_while_guards_have_not_spoken_says_so() -> None:
    """No guard that was not done has passed: its outcome says that the text was given up."""
    engine, records = recorded(cut(TEXT, *range(len(TEXT))), policy=policy(trace={"store": "redacted"}))
    events = engine.stream("a>")
    first = next(events)
    events.close()
    (outcome,) = records.only.verdict.outcomes
    assert (outcome.status, outcome.why) == ("skipped", "the text was given up")
    assert records.only.trace.inspections[-1].verdict == records.only.verdict
    assert "given up before its end" in records.only.trace.notes
    assert (records.only.raw.text, records.only.released.text) == (None, first.text)


@pytest.mark.parametrize("store", ["redacted", "digest"])
def test_a_stream_ended_by_a_guard_keeps_what_was_looked_at(store: str) -> None:
    """Behind the place where a guard ended a stream nobody looked: of the raw text no more than its length is kept."""
    engine, records = recorded(cut(TEXT, 14, 30), policy=policy("block", trace={"store": store}))
    list(engine.stream("a>"))
    record = records.only
    assert (record.finish_reason, record.raw.text) == ("blocked", None)
    assert record.released.text == ("the word is [cut]" if store == "redacted" else None)
    assert record.released.characters == len("the word is [cut]")
