"""Judged: a guard that finds what is regular, and asks of each match what it is, if anything.

A finder says where something stands that looks like it; a judge, a pure function of the match alone, says which of its
characters are a finding, of which label and score. What they look for is theirs to know; here is only how the text of a
match is at hand, as the finder saw it, when the match is settled, however the text was cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from llmpost.automata.finding.match import Match
from llmpost.contracts.guard import Finding, GuardContext, Progress, Span
from llmpost.guards.pii.tail import Tail
from llmpost.guards.reading import Reading
from llmpost.guards.regular import UNDECIDED, OnUndecided


class Judgement(NamedTuple):
    """Characters of a match, counted from its beginning, and what they are. Never without characters."""

    label: str
    start: int
    end: int
    score: float
    reason: str


Judge: TypeAlias = Callable[[int, str], Iterable[Judgement]]
"""From the tag and the text of a match to what it is. Pure, and linear in the text."""


class _Memory(NamedTuple):
    reading: Any = None
    text: Tail = Tail()


@dataclass(frozen=True, slots=True)
class Judged:
    """A `FollowingGuard`. Nobody is asked about what stays undecided for longer than the finder's reach: it has the
    label of its tag, unless it is allowed."""

    name: str
    reading: Reading
    judge: Judge
    labels: Mapping[int, str]
    on_undecided: OnUndecided = "find"
    undecided_score: float = 0.5

    @property
    def reach(self) -> int:
        return self.reading.reach

    @property
    def context(self) -> int:
        """As far as a match goes that another one may lie in."""
        return self.reading.reach

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before: _Memory = memory or _Memory()
        read = self.reading.follow(before.reading, piece, is_end)
        text = before.text.with_piece(piece)
        findings = tuple(one for match in read.matches for one in self._findings(match, text))
        needed = max(read.settled, text.end - self.reach)  # what has begun before that is undecided
        return Progress(_Memory(read.memory, text.since(needed)), findings, read.settled)

    def _findings(self, match: Match, text: Tail) -> Iterator[Finding]:
        if not match.is_undecided:
            yield from self._judged(match, text.between(match.start, match.end))
        elif self.on_undecided == "find":
            span = Span(match.start, match.end)
            yield Finding(self.name, self.labels[match.tag], span, self.undecided_score, UNDECIDED)

    def _judged(self, match: Match, text: str) -> Iterator[Finding]:
        starts: Sequence[int] = range(len(text))
        ends: Sequence[int] = range(1, len(text) + 1)
        if self.reading.view is not None:
            seen = self.reading.view.follow(None, text, True)
            text, starts, ends = seen.text, seen.starts, seen.ends
        for label, start, end, score, reason in self.judge(match.tag, text):
            span = Span(match.start + starts[start], match.start + ends[end - 1])
            yield Finding(self.name, label, span, score, reason)
