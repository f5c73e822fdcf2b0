"""Judged: a guard that finds what is regular, and asks of each match what it is, if anything.

A finder says where something stands that looks like it; a judge, a pure function of the match alone, says which of its
characters are a finding, of which label and score. What it was looking for is for the judge to know; here is only how
the text of a match is at hand when the match is, however the text was cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from llmpost.automata.finding.finder import LOOK_AHEAD, Finder
from llmpost.automata.finding.match import Match
from llmpost.contracts.guard import Finding, GuardContext, Progress, Span


class Judgement(NamedTuple):
    """Characters of a match, counted from its beginning, and what they are."""

    label: str
    start: int
    end: int
    score: float
    reason: str


Judge: TypeAlias = Callable[[int, str], Iterable[Judgement]]
"""From the tag and the text of a match to what it is. Pure, and linear in the text."""


@dataclass(frozen=True, slots=True)
class _Memory:
    finding: Any = None
    kept: str = ""
    """The last characters read: matches to come begin there, but for those that nobody is asked about."""
    read: int = 0


class Judged:
    """A `FollowingGuard`. What stays undecided for longer than the finder's reach has the label of its tag, unless
    nothing is to be done about it."""

    def __init__(
        self, name: str, finder: Finder, judge: Judge, labels: Mapping[int, str], undecided_score: float = 0.5
    ) -> None:
        self.name = name
        self.reach = finder.reach + LOOK_AHEAD
        self.context = finder.reach + LOOK_AHEAD
        self._finder = finder
        self._judge = judge
        self._labels = labels
        self._undecided_score = undecided_score

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: _Memory | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before = memory or _Memory()
        found = self._finder.follow(before.finding, piece, is_end)
        text, start = before.kept + piece, before.read - len(before.kept)
        findings = tuple(one for match in found.matches for one in self._findings(match, text, start))
        read = before.read + len(piece)
        first = max(found.settled, read - self.reach - LOOK_AHEAD, start)
        return Progress(_Memory(found.memory, text[first - start :], read), findings, found.settled)

    def _findings(self, match: Match, text: str, start: int) -> Iterator[Finding]:
        if match.is_undecided:
            reason = "begins like one, and goes on for longer than can be waited for"
            span = Span(match.start, match.end)
            yield Finding(self.name, self._labels[match.tag], span, self._undecided_score, reason)
            return
        for one in self._judge(match.tag, text[match.start - start : match.end - start]):
            yield Finding(
                self.name, one.label, Span(match.start + one.start, match.start + one.end), one.score, one.reason
            )
