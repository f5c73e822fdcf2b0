"""The guard under attack, and whether a single answer of it is one: findings, inside the text, that do not quote it.

What is wrong is said in words, as a `WrongAnswer`. How answers to different texts agree is asked elsewhere
(`guard_laws`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from llmpost.contracts.guard import Finding, Guard, GuardContext, Span

Place = tuple[int, int, str, float]
"""What two findings of one thing agree in: span, label and score."""

_SHOWN = 160
_QUOTED_DIGITS = 4
_QUOTED = 3


class WrongAnswer(Exception):
    """What is wrong with an answer, in words."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A guard, and what it may look at besides the texts."""

    guard: Guard
    context: GuardContext

    def findings(self, text: str) -> tuple[Finding, ...]:
        """In the order of the text; WrongAnswer where that is no answer."""
        try:
            given = self.guard.inspect(text, self.context)
        except Exception as error:
            raise WrongAnswer(f"it raises {type(error).__name__} on {shown(text)}") from error
        return self.checked(given, text)

    def places(self, text: str) -> list[Place]:
        return [place(finding) for finding in self.findings(text)]

    def checked(self, given: object, text: str) -> tuple[Finding, ...]:
        if not isinstance(given, Sequence) or not all(isinstance(finding, Finding) for finding in given):
            raise WrongAnswer(f"what it gives back is no sequence of Findings, on {shown(text)}")
        for finding in given:
            wrong = self._wrong(finding, text)
            if wrong:
                raise WrongAnswer(f"{wrong}, on {shown(text)}")
        return tuple(sorted(given, key=place))

    def _wrong(self, finding: Finding, text: str) -> str:
        span, score = finding.span, finding.score
        if not isinstance(span, Span) or not all(type(end) is int for end in (span.start, span.end)):
            return "a finding's span is no Span of two whole numbers"
        if not 0 <= span.start <= span.end <= len(text):
            return f"a finding from {span.start} to {span.end} is not inside its text of {len(text)} characters"
        if finding.guard != self.guard.name:
            return f"a finding names the guard {finding.guard!r}, which is {self.guard.name!r}"
        if not isinstance(finding.label, str) or not finding.label:
            return "a finding has no label"
        if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
            return "a finding's score is no number"
        if not isinstance(finding.reason, str):
            return "a finding's reason is no text"
        quoted = _quoted(finding.reason, text[span.start : span.end]) if finding.reason else ""
        return f"a reason quotes {shown(quoted)} of what was found" if quoted else ""


def place(finding: Finding) -> Place:
    return finding.span.start, finding.span.end, finding.label, finding.score


def shown(text: str) -> str:
    """The text for a message that any terminal can print."""
    return ascii(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!a}… ({len(text)} characters)"


def _quoted(reason: str, found: str) -> str:
    """All of what was found, or a run of it with a digit in it. A word in common is none: a reason may speak of cards
    where a text does."""
    whole = found.strip()
    if len(whole) >= _QUOTED and whole.casefold() in reason.casefold():
        return whole
    runs = (found[at : at + _QUOTED_DIGITS] for at in range(min(len(found), len(reason)) - _QUOTED_DIGITS + 1))
    return next((run for run in runs if run in reason and any(map(str.isdigit, run))), "")
