"""What becomes of a text whose record was not kept: it is withheld, or its reader is told; never shown as if."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hostile_guards import Raising
from listing_recorder import Full, Listing
from speaking_engine import cut, speaking

from llmpost.contracts.result import Finished, TextDelta
from llmpost.engine import Checker
from llmpost.errors import LlmpostError, RequestError, TraceError

TEXT = "nobody may know"
LOST = "no record of this was kept"


def test_what_is_not_recorded_is_not_shown() -> None:
    """By default the text is withheld, with all that spells it: the call raises, and its result has none of it."""
    engine = speaking([TEXT], policy={"version": 1, "trace": {"store": "raw"}}, trace=Full())
    with pytest.raises(TraceError, match="traces/: a disk without room is not written") as caught:
        engine.generate("a>", logprobs=True)
    result = caught.value.result
    assert (result.text, result.token_ids, result.logprobs, result.finish_reason) == ("", (), None, "error")
    assert result.trace.notes == ("withheld: its record was not kept",)
    assert TEXT not in json.dumps(result.to_dict())
    with pytest.raises(TraceError):
        Checker.load("bare", trace=Full()).check(TEXT)


def test_in_a_batch_everybody_is_withheld_alone() -> None:
    """Each request and candidate is tried: a record that was kept belongs to a text that is shown."""

    class Every(Listing):
        def add(self, record: Any) -> None:
            if record.candidate == 1:
                raise TraceError("traces/", "a disk without room", "written", "Make room.")
            super().add(record)

    records = Every()
    engine = speaking([TEXT], trace=records)
    results = engine.generate(["a>", "b>"], n=3, temperature=1.0)
    assert [[each.text for each in result.candidates] for result in results] == [[TEXT, "", TEXT]] * 2
    assert [record.candidate for record in records] == [0, 2, 0, 2]
    assert all(isinstance(result.error, TraceError) for result in results)


@pytest.mark.parametrize("is_late", [True, False])
def test_a_stream_is_withheld_as_far_as_it_can_be(is_late: bool) -> None:
    """What is released at its end is not; what was shown on the way is in the result of the error at its end."""
    own = {"version": 1, "guards": [{"use": "length", "most": 99}], "release": "at_end"} if is_late else "bare"
    engine = speaking(cut(TEXT, 3, 7), policy=own, trace=Full())
    shown: list[Any] = []
    with pytest.raises(TraceError) as caught:
        shown.extend(engine.stream("a>"))
    text = "".join(event.text for event in shown if isinstance(event, TextDelta))
    assert text == caught.value.result.text == ("" if is_late else TEXT)
    assert not any(isinstance(event, Finished) for event in shown)


def test_a_checked_stream_has_a_result_all_the_same() -> None:
    """Its pieces had left: the error comes behind the last, and the result can be asked for."""
    stream = Checker.load("bare", trace=Full()).check_stream(cut(TEXT, 3))
    shown = []
    with pytest.raises(TraceError) as caught:
        shown.extend(stream)
    assert caught.value.result == stream.result
    assert stream.result.text == TEXT
    document = Checker.load("bare", trace=Full()).check_stream(["{}"], schema={"type": "object"})
    with pytest.raises(TraceError):
        list(document)
    with pytest.raises(RequestError):
        _ = document.result


def test_who_goes_on_is_told() -> None:
    """With `on_trace_failure="note"` the text is shown, with a warning and a note that counts what was lost."""
    engine = speaking(cut(TEXT, 3), trace=Full(), on_trace_failure="note")
    with pytest.warns(RuntimeWarning, match=LOST):
        result = engine.generate("a>")
    assert result.text == TEXT
    assert result.trace.notes[-1].startswith(f"{LOST} (1 lost so far): traces/: a disk without room")
    with pytest.warns(RuntimeWarning, match=LOST):
        *_, last = engine.stream("a>")
    assert isinstance(last, Finished)
    assert last.result.trace.notes[-1].startswith(f"{LOST} (2 lost so far)")
    with pytest.warns(RuntimeWarning, match=LOST):
        assert engine.check(TEXT).trace.notes[-1].startswith(f"{LOST} (3 lost so far)")


def test_a_recorder_may_break_as_it_likes() -> None:
    """What a program's own recorder raises is a record that was not kept; its words are not told."""
    engine = speaking([TEXT], trace=Full(ValueError(TEXT)))
    with pytest.raises(TraceError, match=r"trace: a record that was not taken \(ValueError\) is not kept") as caught:
        engine.generate("a>")
    assert TEXT not in str(caught.value)
    with pytest.raises(KeyboardInterrupt):
        speaking([TEXT], trace=Full(KeyboardInterrupt())).generate("a>")  # type: ignore[arg-type]


def test_who_closes_a_stream_hears_of_it() -> None:
    """A stream that is given up raises when its record is not kept; a call that failed before says so beside."""
    events = speaking(cut(TEXT, 3), trace=Full()).stream("a>")
    next(events)
    with pytest.raises(TraceError):
        events.close()  # type: ignore[attr-defined]
    stream = Checker.load("bare", trace=Full()).check_stream(cut(TEXT, 3, 5))
    next(stream)
    with pytest.raises(TraceError):
        stream.close()
    with pytest.raises(LlmpostError) as refused:
        speaking([TEXT], trace=Full()).generate("")
    assert isinstance(refused.value, TraceError)
    raising = Checker.load(
        {"version": 1, "guards": [{"use": "raising"}]}, guards={"raising": Raising(KeyboardInterrupt)}, trace=Full()
    )
    with pytest.raises(KeyboardInterrupt) as interrupted:
        raising.check(TEXT)
    assert "no record of it was kept" in interrupted.value.__notes__[0]


def test_every_candidate_is_tried_when_a_stream_is_given_up() -> None:
    """One lost record is no reason to lose the others."""
    full = Full()
    events = speaking(cut(TEXT, 3), trace=full).stream("a>", n=3, temperature=1.0)
    next(events)
    with pytest.raises(TraceError):
        events.close()  # type: ignore[attr-defined]
    assert full.num_asked == 3
