"""Passages: a text as overlapping stretches of one size, for detectors that weigh a stretch as a whole.

A sentence that ends one passage stands in the middle of the next, so nothing is missed for where it was cut. It knows
nothing of what is weighed; a detector hands it a function that scores one passage under every label.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from llmpost.contracts.guard import ALL_BEFORE, Finding, GuardContext, PossibleScores, Progress, Span


class Opinion(NamedTuple):
    """What is thought of a passage under one label."""

    score: float
    reason: str = ""


Weigh: TypeAlias = Callable[[str], Mapping[str, Opinion]]


class _Memory(NamedTuple):
    start: int = 0
    """Where the next passage begins."""
    text: str = ""
    """What there is of it."""


@dataclass(frozen=True, slots=True)
class PassageGuard:
    """A `FollowingGuard`. Passages have `size` characters and begin `step` apart; the last has what is left. Without a
    step there is one, the beginning of the text.

    >>> shouting = lambda text: {"shouting": Opinion(text.count("!") / len(text))}
    >>> guard = PassageGuard("mine", shouting, {"shouting": (0.0, 1.0)}, size=4, step=2)
    >>> [(found.span.start, found.span.end, found.score) for found in guard.inspect("Help!!", GuardContext())]
    [(0, 4, 0.0), (2, 6, 0.5)]
    """

    name: str
    weigh: Weigh
    scores: PossibleScores
    size: int
    step: int | None

    @property
    def reach(self) -> int:
        return self.size

    @property
    def context(self) -> int:
        """Passages are counted from the beginning."""
        return ALL_BEFORE

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: _Memory | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before = memory or _Memory()
        if self.step is None and before.start:
            return Progress(_Memory(before.start + len(piece)), (), before.start + len(piece))
        text, at = before.text + piece, 0
        step = len(text) if self.step is None else self.step
        findings: list[Finding] = []
        while len(text) - at >= self.size and (at == 0 or self.step is not None):
            findings += self._findings(text[at : at + self.size], before.start + at)
            at += step
        is_first = before.start + at == 0
        if is_end and len(text) - at > (0 if is_first else self.size - step):
            findings += self._findings(text[at:], before.start + at)
        after = _Memory(before.start + at, text[at:])
        return Progress(after, tuple(findings), before.start + (len(text) if is_end else at))

    def _findings(self, passage: str, start: int) -> list[Finding]:
        span = Span(start, start + len(passage))
        return [Finding(self.name, label, span, score, why) for label, (score, why) in self.weigh(passage).items()]
