"""Looks: each text that guards looked at, as a person is told of it: what was found where, and what was done about it.

A finding and the change it led to are one row, with a number that the text bears, too. No text is seen here: spans do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from llmpost.contracts.action import ActionKind
from llmpost.contracts.guard import Finding, Span, Verdict
from llmpost.contracts.inspection import Change, Inspection
from llmpost.contracts.record import Record
from llmpost.pages.marks import Mark
from llmpost.pages.quantities import counted
from llmpost.pages.tones import Tone, tone_of_action
from llmpost.pages.words import Words, words_of_verdict

_MOST_ROWS = 1000
"""Of one text are told: a reader goes through no more, and a page must open."""


@dataclass(frozen=True, slots=True)
class Row:
    """Something found or done."""

    number: int
    guard: str
    label: str
    before: Span
    """In the text as it was looked at."""
    action: ActionKind | None = None
    """None where nothing was done about it."""
    after: Span | None = None
    """In what came out."""
    score: float | None = None
    """None where a guard changed more than it found."""
    reason: str = ""

    @property
    def tone(self) -> Tone:
        return "noted" if self.action is None else tone_of_action(self.action)

    @property
    def done(self) -> str:
        return self.action or "left"

    def mark(self, span: Span) -> Mark:
        """The row over a span of some text."""
        return Mark(span, f"{self.label} ({self.guard}): {self.done}", self.tone, self.number)


@dataclass(frozen=True, slots=True)
class Look:
    """One text before the guards of its side."""

    title: str
    words: Words
    rows: tuple[Row, ...]
    """The first thousand."""
    num_rows: int
    inspection: Inspection

    @property
    def found(self) -> str:
        """How much was found, in words."""
        acted = sum(row.action is not None for row in self.rows)
        more = f", of which the first {len(self.rows):,} are told" if self.num_rows > len(self.rows) else ""
        return f"{counted(self.num_rows, 'finding')}{more}, {acted:,} acted on"

    @property
    def waited(self) -> str:
        """How much of a stream was held back, in words."""
        held = self.inspection.held_back
        if held is None:
            return ""
        return f"At most {counted(held.most, 'character')} waited to be shown, {held.mean:.1f} on average."


def looks_of(record: Record, first_number: int) -> tuple[Look, ...]:
    """Each of the record's inspections, in order, its rows numbered on."""
    inspections = record.trace.inspections or _of_verdict(record)
    looks: list[Look] = []
    for place, inspection in enumerate(inspections):
        rows = tuple(_rows(inspection, first_number))
        title = _title(record, inspection, place == len(inspections) - 1)
        looks.append(Look(title, words_of_verdict(inspection.verdict), rows[:_MOST_ROWS], len(rows), inspection))
        first_number += len(rows)
    return tuple(looks)


def _of_verdict(record: Record) -> tuple[Inspection, ...]:
    """Of a record that has a verdict alone."""
    has_something = record.verdict != Verdict() or bool(record.verdict.outcomes)
    return (Inspection(record.side, record.verdict),) if has_something else ()


def _title(record: Record, inspection: Inspection, is_last: bool) -> str:
    if record.kind == "check":
        return "The text"
    if inspection.side == "input":
        return "The prompt"
    return "The answer" if is_last and not inspection.note else "An earlier answer"


def _rows(inspection: Inspection, number: int) -> Iterator[Row]:
    """Findings with what was done about them, in the order of the text; then changes that no finding stands behind."""
    changes = _Changes(inspection.changes)
    told: set[Change] = set()
    for finding in sorted(inspection.verdict.findings, key=lambda each: (each.span, each.guard, each.label)):
        change = changes.over(finding)
        row = Row(number, finding.guard, finding.label, finding.span, score=finding.score, reason=finding.reason)
        if change is not None:
            told.add(change)
            row = replace(row, action=change.action, after=change.after)
        yield row
        number += 1
    for change in inspection.changes:
        if change not in told:
            yield Row(number, change.guard, change.label, change.before, change.action, change.after)
            number += 1


class _Changes:
    """The changes of a text, to be asked which of them a finding led to."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        self._by_name: dict[tuple[str, str], list[Change]] = {}
        for change in sorted(changes, key=lambda each: each.before):
            self._by_name.setdefault((change.guard, change.label), []).append(change)

    def over(self, finding: Finding) -> Change | None:
        """The last that begins no later than the finding, where it reaches as far."""
        own = self._by_name.get((finding.guard, finding.label), [])
        place = bisect_right(own, finding.span.start, key=lambda each: each.before.start) - 1
        return own[place] if place >= 0 and own[place].before.end >= finding.span.end else None
