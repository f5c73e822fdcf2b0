"""Honesty: what a guard gave back is held against what it was asked, before anybody relies on it.

A guard may be anybody's, so nothing about its answer is taken for granted: neither types, nor that spans lie in the
text, nor that scores are numbers. What passes is plain data of our own. Whether a finding is true is not to be known
here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import index
from typing import NamedTuple

from llmpost.contracts.guard import Finding, Progress, Span


class Dishonest(Exception):
    """An answer that no honest guard gives; says what is wrong with it, and never what was in it."""

    @property
    def why(self) -> str:
        """As an outcome tells it."""
        return f"dishonest: {self}"


class DishonestReach(Dishonest):
    """Something was found where nothing more was to be found; it says what, since that counts all the same."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("dishonest reach")
        self.findings = findings

    @property
    def why(self) -> str:
        return str(self)


def honest_findings(given: object, guard: str, length: int) -> tuple[Finding, ...]:
    """The findings of a text of that length, each under the guard's own name."""
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        raise Dishonest("no sequence of findings")
    return tuple([_honest(finding, guard, length) for finding in given])


class Read(NamedTuple):
    """How much of a text a guard was given so far, and what it said was settled before."""

    length: int
    settled: int = 0
    is_end: bool = False


def honest_progress(given: object, guard: str, read: Read) -> Progress:
    """How far a guard is. Nothing that was settled is taken back; at the end all of it is settled."""
    if not isinstance(given, Progress):
        raise Dishonest("no Progress")
    settled = read.length if read.is_end else _whole(given.settled)
    if not read.settled <= settled <= read.length:
        raise Dishonest("a place settled that is not there, or was before")
    findings = honest_findings(given.findings, guard, read.length)
    if findings and min(finding.span.start for finding in findings) < read.settled:
        raise DishonestReach(findings)
    return Progress(given.memory, findings, settled)


def _honest(finding: object, guard: str, length: int) -> Finding:
    if not isinstance(finding, Finding) or not isinstance(finding.span, Span):
        raise Dishonest("something that is no Finding")
    if not isinstance(finding.label, str) or not isinstance(finding.reason, str):
        raise Dishonest("a label or a reason that is no text")
    start, end = _whole(finding.span.start), _whole(finding.span.end)
    if not 0 <= start <= end <= length:
        raise Dishonest("a span outside the text")
    return Finding(guard, finding.label, Span(start, end), _score(finding.score), finding.reason)


def _whole(number: object) -> int:
    """Whole numbers of arrays are numbers, too."""
    try:
        return index(number)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        raise Dishonest("a place that is no whole number") from None


def _score(score: object) -> float:
    try:
        number = float(score)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise Dishonest("a score that is no number") from None
    if not math.isfinite(number):
        raise Dishonest("a score that is no number")
    return number
