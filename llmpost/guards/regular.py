"""RegularGuard: a guard of regular languages, that reads a text once, in one or several views of it.

It gives findings their labels, and one that several readings have only once. It knows neither languages nor views: a
detector hands it finders, and says what their tags stand for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from llmpost.automata.finding.match import Match
from llmpost.contracts.guard import Finding, GuardContext, Progress, Span
from llmpost.guards.reading import Read, Reading

OnUndecided: TypeAlias = Literal["find", "allow"]

SLICE = 1 << 16
"""Characters: what is kept of a piece while it is read does not grow with it."""
UNDECIDED = "it began like one, and went on for longer than is waited"


@dataclass(frozen=True, slots=True)
class Label:
    """What a tag stands for."""

    name: str
    score: float = 1.0
    reason: str = ""


class _Memory(NamedTuple):
    readings: tuple[Any, ...]
    given: tuple[Finding, ...]
    """Findings that another reading may still have, too."""


@dataclass(frozen=True, slots=True)
class RegularGuard:
    """A `FollowingGuard`. What stays undecided for longer than a finder's reach is a finding until it can no more
    become a match; or it is allowed, and with it what of its label lies in it.

    >>> from llmpost.automata.entities.table import entity_named
    >>> from llmpost.automata.finding.finder import Finder, Sought
    >>> finder = Finder([Sought(form, 0) for form in entity_named("US_SSN").forms], reach=20)
    >>> guard = RegularGuard("pii", {0: Label("US_SSN")}, (Reading(finder),))
    >>> [(found.label, found.span.start) for found in guard.inspect("It is 078-05-1120.", GuardContext())]
    [('US_SSN', 6)]
    """

    name: str
    labels: Mapping[int, Label]
    """Of each tag of the finders."""
    readings: tuple[Reading, ...]
    on_undecided: OnUndecided = "find"
    is_separable: ClassVar = True
    """What a match may be is bounded (`fields.joined`)."""

    @property
    def reach(self) -> int:
        return max(reading.reach for reading in self.readings)

    @property
    def context(self) -> int:
        """As far as a match goes that another one may lie in."""
        return self.reach

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        if len(piece) <= SLICE:
            return self._follow(memory, piece, is_end)
        progress = Progress(memory, (), 0)
        findings: list[Finding] = []
        for start in range(0, len(piece), SLICE):
            is_last = start + SLICE >= len(piece)
            progress = self._follow(progress.memory, piece[start : start + SLICE], is_end and is_last)
            findings += progress.findings
        return replace(progress, findings=tuple(findings))

    def _follow(self, memory: Any, piece: str, is_end: bool) -> Progress:
        before: _Memory = memory or _Memory((None,) * len(self.readings), ())
        reads: list[Read] = []
        for reading, one in zip(self.readings, before.readings, strict=True):
            reads.append(reading.follow(one, piece, is_end, self._plain(reading, reads)))
        matches = [match for read in reads for match in read.matches if self._counts(match)]
        found = dict.fromkeys(map(self._finding, matches))
        fresh = tuple([finding for finding in found if finding not in before.given])
        given = _that_may_come_again((*before.given, *fresh), reads) if len(reads) > 1 and not is_end else ()
        return Progress(
            _Memory(tuple(read.memory for read in reads), given), fresh, min(read.settled for read in reads)
        )

    def _plain(self, reading: Reading, reads: Sequence[Read]) -> Read | None:
        """What the finder of a reading has read in the text as it is, where the first reading is that."""
        first = self.readings[0]
        return reads[0] if reads and first.view is None and first.finder is reading.finder else None

    def _counts(self, match: Match) -> bool:
        return not match.is_undecided or self.on_undecided == "find"

    def _finding(self, match: Match) -> Finding:
        label = self.labels[match.tag]
        reason = UNDECIDED if match.is_undecided else label.reason
        return Finding(self.name, label.name, Span(match.start, match.end), label.score, reason)


def _that_may_come_again(findings: Sequence[Finding], reads: Sequence[Read]) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in findings
        if any(finding.span.start in read.starts or finding.span.start >= read.read for read in reads)
    )
