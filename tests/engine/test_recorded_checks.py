"""A text that was checked has one record, whole or as a stream, finished or not; and what may not be kept is not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hostile_guards import Pattern, Raising
from hypothesis import given, settings
from hypothesis import strategies as st
from listing_recorder import Listing
from speaking_engine import cut

from llmpost.contracts.keeping import Kept
from llmpost.engine import Checker
from llmpost.errors import ConstraintError
from llmpost.testing.nasty_texts import NASTY
from llmpost.traces.lines import from_line, to_line

SECRET = "swordfish"
TEXT = f"it is {SECRET}, yes"
GUARDS = {"toy": Pattern(SECRET, "WORD", reach=len(SECRET)), "raising": Raising()}


def checker(action: Any = "redact", store: str = "raw", **keys: Any) -> tuple[Checker, Listing]:
    records = Listing()
    own = {
        "version": 1, "name": "toys", "notice": "[cut]", "guards": [{"use": "toy", "action": action}],
        "trace": {"store": store}, **keys,
    }  # fmt: skip
    return Checker.load(own, guards=GUARDS, trace=records), records


def test_a_record_says_what_its_check_says() -> None:
    """Verdict and trace are those of the result; the texts are what was handed in, and what came out."""
    made, records = checker()
    result = made.check(TEXT, prompt="what is it?", system="be brief")
    record = records.only
    assert (record.kind, record.side, record.finish_reason, record.error) == ("check", "output", "", "")
    assert (record.id, record.trace, record.verdict) == (result.trace.id, result.trace, result.verdict)
    assert (record.raw.text, record.released.text) == (TEXT, "it is [WORD], yes")
    assert (record.prompt.text, record.system.text) == ("what is it?", "be brief")
    assert record.seconds > 0
    assert from_line(to_line(record), "here") == record


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 20)), st.sampled_from(["redact", "block", "truncate"]), st.integers(0, 25))
def test_a_stream_that_is_closed_says_what_has_left(places: list[int], action: str, length: int) -> None:
    """Wherever it is closed: exactly the pieces that were handed out, and the text as far as it was read."""
    made, records = checker(action)
    stream = made.check_stream(cut(TEXT, *places))
    shown = list(itertools.islice(stream, length))
    stream.close()
    if not length:
        assert records == []  # nothing was read
        return
    record = records.only
    assert record.released.text == "".join(shown)
    assert TEXT.startswith(record.raw.text)
    assert record.finish_reason in ("", "abandoned")
    if record.finish_reason == "abandoned" and record.raw.text != TEXT:
        assert record.verdict.outcomes[0].status == "skipped"


def test_a_stream_at_its_end_is_recorded_once() -> None:
    """With the result's verdict and id; what a document's stream shows comes after its record."""
    made, records = checker()
    stream = made.check_stream(cut(TEXT, 3, 9))
    "".join(stream)
    stream.close()
    assert (records.only.id, records.only.verdict) == (stream.result.trace.id, stream.result.verdict)
    records.clear()
    document = made.check_stream([f'{{"a": "{SECRET}"}}'], schema={"type": "object"})
    next(document)
    assert (records.only.is_document, records.only.released.text) == (True, '{"a": "[WORD]"}')


def test_a_source_that_breaks_is_recorded() -> None:
    """The kind of its error stands in the record, and nothing that the error says."""

    def source() -> Iterator[str]:
        yield "the word is swordfish, it is sword"
        raise OSError(SECRET)

    made, records = checker()
    with pytest.raises(OSError, match=SECRET):
        list(made.check_stream(source()))
    assert (records.only.finish_reason, records.only.error, records.only.raw.text) == (
        "error", "OSError", "the word is swordfish, it is sword",
    )  # fmt: skip
    assert records.only.released.text == "the word is [WORD], it"


def test_who_interrupts_a_check_is_recorded() -> None:
    """Ctrl-C while a guard looks: the text was read, and nothing of it shown."""
    records = Listing()
    guards = {"raising": Raising(KeyboardInterrupt)}
    own = {"version": 1, "guards": [{"use": "raising"}], "trace": {"store": "raw"}}
    with pytest.raises(KeyboardInterrupt):
        Checker.load(own, guards=guards, trace=records).check(TEXT)
    assert (records.only.finish_reason, records.only.error) == ("abandoned", "KeyboardInterrupt")
    assert (records.only.raw.text, records.only.released.text) == (TEXT, "")


def test_wrong_use_is_no_check() -> None:
    """What cannot be checked has no record: nothing was looked at."""
    made, records = checker()
    with pytest.raises(ConstraintError):
        made.check(TEXT, schema={"type": 7})
    assert records == []


@pytest.mark.parametrize(
    ("guards", "kept"),
    [
        ([{"use": "toy", "action": "redact"}], "it is [WORD], yes"),
        ([{"use": "toy", "action": "log"}], "it is [WORD], yes"),
        ([{"use": "toy", "action": {"mask": {"keep": 4}}}], "it is [WORD], yes"),
        ([{"use": "toy", "action": "block"}], "it is [WORD], yes"),
        ([{"use": "toy"}, {"use": "raising", "on_failure": "block"}], None),
        ([{"use": "toy"}, {"use": "raising", "on_failure": "skip"}], None),
        ([{"use": "toy", "on": "input"}], None),
        ([], None),
    ],
)
def test_redacted_is_what_everybody_looked_at(guards: Any, kept: str | None) -> None:
    """All that was found is out of it, whatever was done about it; where a guard did not look, nothing is kept."""
    made, records = checker(store="redacted", guards=guards)
    made.check(TEXT, prompt=SECRET, system=SECRET)
    assert records.only.raw.text == kept
    assert (records.only.prompt, records.only.system) == (Kept(9), Kept(9))
    assert SECRET not in to_line(records.only).decode()
    assert "fish" not in to_line(records.only).decode()


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("store", ["digest", "redacted", "raw"])
def test_any_text_can_be_recorded(text: str, store: str) -> None:
    """What a disk is handed can be written and read back the same, whatever the text has in it."""
    made, records = checker(store=store)
    made.check(text, prompt=text, system=text)
    assert records.only.raw.characters == len(text)
    assert from_line(to_line(records.only), "here") == records.only
