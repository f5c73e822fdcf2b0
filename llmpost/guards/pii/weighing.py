"""Weighing: from a match of a kind to a finding: how sure it is where it stands, and whether it counts.

A word beside a match makes it surer; below its entity's threshold it does not count, and neither does what is allowed.
Knows neither languages nor views.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from llmpost.contracts.guard import Finding
from llmpost.guards.pii.context_words import BEFORE, BEHIND, is_behind, is_near
from llmpost.guards.pii.matched import Matched
from llmpost.guards.tail import Tail

IN_CONTEXT = ", and a word beside it that says so"


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is said of all matches of a guard."""

    guard: str
    thresholds: Mapping[str, float]
    """Of every entity of a kind."""
    allowed: Callable[[str], bool]

    def finding(self, match: Matched, text: Tail) -> Finding | None:
        """None where it does not count. `text` has what stands beside it."""
        kind, span = match.kind, match.span
        score = self._score(match, text)
        if score < self.thresholds[kind.entity]:
            return None
        if match.is_whole and self.allowed(text.between(span.start, span.end)):
            return None
        why = match.why if score == kind.score else match.why + IN_CONTEXT
        return Finding(self.guard, kind.entity, span, score, why)

    def _score(self, match: Matched, text: Tail) -> float:
        kind, span = match.kind, match.span
        if match.is_whole and kind.score_in_context > kind.score:
            before = text.between(span.start - BEFORE - 1, span.start)
            behind = text.between(span.end, span.end + BEHIND)
            if is_near(kind.words, before) or is_behind(kind.words_behind, behind):
                return kind.score_in_context
        return kind.score
