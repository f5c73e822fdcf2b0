"""No character of anything that a guard found is in a record that keeps texts redacted: of no text, on no way."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st
from listing_recorder import Listing
from toy_guards import TEXTS, cut, numbered, places, toys

from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.contracts.inspection import Change
from llmpost.engine import Checker
from llmpost.engine.recording.seen import Seen, placed, seen_in_parts
from llmpost.errors import PolicyError

ACTIONS = ["allow", "log", "redact", "truncate", "refuse", "block"]


def flagged(text: str, guards: dict[str, Any]) -> set[int]:
    """The places of all characters that any guard finds in the text."""
    found = [finding for guard in guards.values() for finding in guard.inspect(text, GuardContext())]
    return {place for finding in found for place in places(text[finding.span.start : finding.span.end])}


@st.composite
def checkers(draw: st.DrawFn, whole: bool) -> tuple[Checker, dict[str, Any], Listing]:
    guards = {name: draw(toys(name, whole=whole)) for name in ("one", "two")}
    actions = ACTIONS if whole else [action for action in ACTIONS if action != "refuse"]
    entries = [{"use": name, "action": draw(st.sampled_from(actions))} for name in guards]
    own = {"version": 1, "name": "toys", "notice": "(cut)", "guards": entries, "trace": {"store": "redacted"}}
    records = Listing()
    try:
        return Checker.load(own, guards=guards, trace=records), guards, records
    except PolicyError:  # a toy that finds the words in which another is answered
        reject()


@settings(max_examples=300, deadline=None)
@given(checkers(whole=True), TEXTS)
def test_nothing_found_is_in_a_record_of_a_text(made: tuple[Checker, dict[str, Any], Listing], plain: str) -> None:
    """Of a text that was checked whole the record has all that was not found, and what was shown of that."""
    checker, guards, records = made
    text = numbered(plain)
    shown = checker.check(text).text
    hidden = flagged(text, guards)
    assert set(places(records.only.raw.text)) == set(places(text)) - hidden
    assert set(places(records.only.released.text)) == set(places(shown)) - hidden


@settings(max_examples=300, deadline=None)
@given(checkers(whole=False), TEXTS, st.integers(0, 20), st.data())
def test_nothing_found_is_in_a_record_of_a_stream(
    made: tuple[Checker, dict[str, Any], Listing], plain: str, length: int, data: st.DataObject
) -> None:
    """However a stream is cut, and wherever it is left: of what was shown the record has all that was not found."""
    checker, guards, records = made
    text = numbered(plain)
    stream = checker.check_stream(data.draw(cut(text)))
    shown = "".join(itertools.islice(stream, length))
    stream.close()
    hidden = flagged(text, guards)
    for record in records:
        assert set(places(record.released.text)) == set(places(shown)) - hidden
        assert not hidden & set(places(record.raw.text or ""))


SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Span(min(pair), max(pair)))


@st.composite
def changes(draw: st.DrawFn) -> list[Change]:
    """Replacements of various lengths, none of which meets another."""
    made, at, after = [], 0, 0
    for _ in range(draw(st.integers(0, 5))):
        start = at + draw(st.integers(0, 4))
        end, size = start + draw(st.integers(1, 4)), draw(st.integers(0, 4))
        after += start - at
        made.append(Change(Span(start, end), Span(after, after + size), "X", "replace", "toy"))
        at, after = end, after + size
    return made


def changed(text: str, done: list[Change]) -> str:
    parts, at = [], 0
    for change in done:
        parts += [text[at : change.before.start], "-" * (change.after.end - change.after.start)]
        at = change.before.end
    return "".join([*parts, text[at:]])


@settings(max_examples=300, deadline=None)
@given(changes(), st.lists(SPANS, max_size=4))
def test_where_findings_stand_after_changes(done: list[Change], spans: list[Span]) -> None:
    """They cover what is left of their characters, and the whole of every replacement that they met; nothing else."""
    text = "".join(chr(0x4E00 + place) for place in range(40))
    after = changed(text, done)
    for span in spans:
        found = placed([Finding("toy", "X", span)], done)
        covered = {place for one in found for place in range(one.span.start, one.span.end)}
        own = {place for place, letter in enumerate(after) if letter in text[span.start : span.end]}
        met = [change.after for change in done if _meet(change.before, span)]
        assert covered >= own | {place for each in met for place in range(each.start, each.end)}
        touched = [c.after for c in done if c.before.start <= span.end and span.start <= c.before.end]
        allowed = own | {place for each in touched for place in range(each.start, each.end)}
        assert span.start == span.end or covered <= allowed


def _meet(one: Span, other: Span) -> bool:
    return max(one.start, other.start) < min(one.end, other.end)


@given(st.lists(st.tuples(TEXTS, st.booleans()), max_size=4))
def test_a_text_in_parts(parts: list[tuple[str, bool]]) -> None:
    """Findings stand where they stood in their part; where one part was not looked at, the whole was not."""
    seen = [Seen(text, (Finding("toy", "X", Span(0, len(text))),) if looked else None) for text, looked in parts]
    whole = seen_in_parts(seen, "\n")
    assert whole.text == "\n".join(text for text, _ in parts)
    assert (whole.findings is None) == any(not looked for _, looked in parts)
    for finding, (text, _) in zip(whole.findings or (), parts, strict=False):
        assert whole.text[finding.span.start : finding.span.end] == text
