"""Excepting: a guard without those findings that lie in what is let pass.

What is let pass is found by the same guard, under a label of its own. So of "apple pie", where that is allowed, no
"apple" is found, and anywhere else it is. Knows nothing of what either is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from llmpost.contracts.guard import Finding, GuardContext, PossibleScores, Progress, Span
from llmpost.guards.judged import Judged

PASSES = "passes"
"""The label of what is let pass."""


class _Memory(NamedTuple):
    inner: Any = None
    waiting: tuple[Finding, ...] = ()
    passing: tuple[Span, ...] = ()
    """In which findings to come may lie."""


@dataclass(frozen=True, slots=True)
class Excepting:
    """A `FollowingGuard` around another one."""

    inner: Judged

    @property
    def is_separable(self) -> bool:
        """Not where something is let pass: of two fields together that might be a finding of one of them."""
        return all(label.name != PASSES for label in self.inner.matching.labels.values())

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def scores(self) -> PossibleScores | None:
        said = self.inner.scores
        return None if said is None else {label: score for label, score in said.items() if label != PASSES}

    @property
    def reach(self) -> int:
        return self.inner.reach

    @property
    def context(self) -> int:
        return self.inner.context

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before: _Memory = memory or _Memory()
        progress = self.inner.follow(before.inner, piece, context, is_end)
        settled = progress.settled
        if not (progress.findings or before.waiting or before.passing):  # nearly always
            return Progress(_Memory(progress.memory), (), settled)
        new_passing = (one.span for one in progress.findings if one.label == PASSES)
        passing = (*before.passing, *new_passing)
        found = [*before.waiting, *(one for one in progress.findings if one.label != PASSES)]
        open_spans = _Open(passing)
        ready = tuple(one for one in found if _is_ready(one, settled, is_end) and not open_spans.has(one.span))
        waiting = tuple(one for one in found if not _is_ready(one, settled, is_end))
        left = tuple(span for span in passing if span.end > settled)
        return Progress(_Memory(progress.memory, waiting, left), ready, settled)


def _is_ready(finding: Finding, settled: int, is_end: bool) -> bool:
    """Whether nothing that is still to come may hold all of it: that would begin no later."""
    return is_end or finding.span.start < settled


class _Open:
    """Which spans lie in one of many."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [span.start for span in ordered]
        self._furthest: list[int] = []
        for span in ordered:
            self._furthest.append(max(span.end, self._furthest[-1] if self._furthest else 0))

    def has(self, span: Span) -> bool:
        begun = bisect_right(self._starts, span.start)
        return begun > 0 and self._furthest[begun - 1] >= span.end
