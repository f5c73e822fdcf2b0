"""Judged: a guard that finds what is regular, and asks of each match what it is, if anything.

A regular guard says where something stands that looks like it; a judge, a pure function of the match alone, says which
of its characters are a finding, of which label and score. What they look for is theirs to know; here is only how the
text of a match is at hand, decoded if need be, when the match is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

from llmpost.contracts.guard import Finding, GuardContext, PossibleScores, Progress, Span
from llmpost.guards.reading import Reading
from llmpost.guards.regular import UNDECIDED, Label, OnUndecided, RegularGuard
from llmpost.guards.tail import Tail
from llmpost.guards.view import View

UNDECIDED_SCORE: Final = 0.5
"""Of what began like one, where nobody says otherwise."""


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
    matching: Any = None
    text: Tail = Tail()


@dataclass(frozen=True, slots=True)
class Judged:
    """A `FollowingGuard`. Nobody is asked about what stays undecided for longer than is waited."""

    matching: RegularGuard
    """The reasons of its labels are tags."""
    judge: Judge
    view: View | None = None
    """How the judge wants to see a match."""
    scores: PossibleScores | None = field(default=None, kw_only=True)
    """What the judge can say, where that is known."""
    is_separable: ClassVar = True

    @classmethod
    def of(
        cls, name: str, labels: Mapping[int, str], reading: Reading, judge: Judge, on_undecided: OnUndecided = "find"
    ) -> Judged:
        """By one reading, whose view is the judge's, too. The labels are those of what is undecided, by tag."""
        by_tag = {tag: Label(label, UNDECIDED_SCORE, str(tag)) for tag, label in labels.items()}
        return cls(RegularGuard(name, by_tag, (reading,), on_undecided), judge, reading.view)

    @property
    def name(self) -> str:
        return self.matching.name

    @property
    def reach(self) -> int:
        return self.matching.reach

    @property
    def context(self) -> int:
        return self.matching.context

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before: _Memory = memory or _Memory()
        progress = self.matching.follow(before.matching, piece, context, is_end)
        text = before.text.with_piece(piece)
        findings = tuple(chain.from_iterable(self._judged(match, text) for match in progress.findings))
        if text.blocks:  # else there is nothing to forget
            text = text.since(max(progress.settled, text.end - self.reach))  # what has begun before that is undecided
        return Progress(_Memory(progress.memory, text), findings, progress.settled)

    def _judged(self, match: Finding, text: Tail) -> Iterator[Finding]:
        if match.reason == UNDECIDED:
            yield match
            return
        first, given = match.span.start, text.between(match.span.start, match.span.end)
        shown, starts, ends = self._shown(given)
        for label, start, end, score, reason in self.judge(int(match.reason), shown):
            span = Span(first + starts[start], first + ends[end - 1])
            yield Finding(self.name, label, span, score, reason)

    def _shown(self, text: str) -> tuple[str, Sequence[int], Sequence[int]]:
        if self.view is None:
            return text, range(len(text)), range(1, len(text) + 1)
        seen = self.view.follow(None, text, True)
        return seen.text, seen.starts, seen.ends
