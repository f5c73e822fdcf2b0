"""Seen: a text together with what was found in it, as a record may keep it.

What a policy calls redacted depends on what guards found, in the text as it was handed to them and in what they made of
it. It keeps nothing and hides nothing itself.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from llmpost.contracts.action import ENDS_TEXT
from llmpost.contracts.guard import Finding, Span, Verdict
from llmpost.contracts.inspection import Change
from llmpost.guards.checking import Checked


@dataclass(frozen=True, slots=True)
class Seen:
    """A text, or what changes made of one."""

    text: str
    found: tuple[Finding, ...] | None = None
    """Before the changes. None: not everybody who should have looked at all of it did."""
    changes: Sequence[Change] = ()

    @property
    def findings(self) -> tuple[Finding, ...] | None:
        """As they stand in the text; worked out when asked for, which most records never do."""
        return None if self.found is None else placed(self.found, self.changes)


def handed_in(text: str, checked: Checked, is_stream: bool = False) -> Seen:
    """The text as its guards were given it. What a stream did not read of a text that was ended, nobody looked at."""
    is_cut = is_stream and checked.verdict.action in ENDS_TEXT
    return Seen(text, None if is_cut else _findings(checked.verdict))


def let_out(checked: Checked) -> Seen:
    """What guards made of it: whatever stands in the place of something that was found counts as found, too, for a
    mask shows some of what it hides."""
    return Seen(checked.text, _findings(checked.verdict), checked.changes)


def seen_in_parts(parts: Sequence[Seen], between: str) -> Seen:
    """A text that was looked at in parts."""
    text = between.join(part.text for part in parts)
    findings: list[Finding] = []
    start = 0
    for part in parts:
        found = part.findings
        if found is None:
            return Seen(text)
        findings += (finding.moved(start) for finding in found)
        start += len(part.text) + len(between)
    return Seen(text, tuple(findings))


def placed(findings: Sequence[Finding], changes: Sequence[Change]) -> tuple[Finding, ...]:
    """Where they stand after the changes, which are in the order of the text; those of which nothing is left are gone.

    >>> change = Change(Span(5, 15), Span(5, 9), "PHONE", "mask", "pii")
    >>> [f.span for f in placed([Finding("pii", "PHONE", Span(5, 15)), Finding("pii", "URL", Span(20, 25))], [change])]
    [Span(start=5, end=9), Span(start=14, end=19)]
    """
    if not changes:
        return tuple(findings)
    ways = _Ways(changes)
    moved = (replace(finding, span=ways.after(finding.span)) for finding in findings)
    return tuple(finding for finding in moved if finding.span.start < finding.span.end)


class _Ways:
    """From places in a text to places in what came of it."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes
        self._starts = [change.before.start for change in changes]
        self._ends = [change.before.end for change in changes]

    def after(self, span: Span) -> Span:
        """Of a span that meets a change, with all that stands in that one's place."""
        return Span(self._start(span.start), self._end(span.end))

    def _start(self, place: int) -> int:
        """The first change that ends behind the place begins before it, or leaves it alone."""
        following = bisect_right(self._ends, place)
        if following < len(self._changes) and self._starts[following] <= place:
            return self._changes[following].after.start
        return self._shifted(place, following)

    def _end(self, place: int) -> int:
        preceding = bisect_left(self._starts, place) - 1
        if preceding >= 0 and self._ends[preceding] >= place:
            return self._changes[preceding].after.end
        return self._shifted(place, preceding + 1)

    def _shifted(self, place: int, num_before: int) -> int:
        if not num_before:
            return place
        last = self._changes[num_before - 1]
        return place - last.before.end + last.after.end


def _findings(verdict: Verdict) -> tuple[Finding, ...] | None:
    """A guard that broke, or was passed over, might have found more."""
    has_gap = any(outcome.status in ("skipped", "failed") for outcome in verdict.outcomes)
    return None if has_gap or not verdict.outcomes else verdict.findings
