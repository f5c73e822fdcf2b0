"""Windowed: any guard that declares its reach and its context, made one that reads a text piece by piece.

It keeps the last characters of the text, has them inspected again when enough new ones have come, and gives each
finding out once, in positions of the whole text. It does not know what a guard looks for, nor what is done about what
it finds; the release window asks it as it asks a guard that follows a text by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from llmpost.contracts.guard import Finding, FollowingGuard, Guard, GuardContext, Progress, Span
from llmpost.guards.honesty import honest_findings
from llmpost.guards.waiting_text import WaitingText

_LEAST_CADENCE = 8
"""Two or three tokens: to ask more often costs more than it shows."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is remembered between two pieces: no more of the text than the next inspection needs."""

    start: int = 0
    """Where `text` begins in the whole text."""
    text: str = ""
    waiting: WaitingText = field(default_factory=WaitingText)
    """What came after it and was not inspected yet."""
    settled: int = 0
    given: frozenset[Span] = frozenset()
    """Spans given out that the next inspection will see again."""

    @property
    def end(self) -> int:
        return self.start + len(self.text) + len(self.waiting)


class Windowed:
    """A `FollowingGuard` around a guard.

    After an inspection of the text up to `n`, what begins more than `reach` characters before `n` is settled and given
    out. Of the text, `context` characters before that and `reach` more are kept: those serve to catch a guard in the
    act. What it finds there without having said so in time is given out late, for its reader to see that its reach is
    too short.

    `cadence` is how many new characters are worth an inspection; it decides when findings come, and never which. A
    small one holds back less text, `reach + cadence` characters at most, and inspects each character more often:
    ``1 + (context + 2 * reach) / cadence`` times. Where it is not given, it is a quarter of the larger of reach and
    context, and 8 at least: no character is inspected more than thirteen times.

    A guard without a reach is asked once, at the end.
    """

    def __init__(self, guard: Guard, cadence: int | None = None) -> None:
        if cadence is not None and cadence < 1:
            raise ValueError(f"a cadence of {cadence} characters: it is at least 1")
        self.guard = guard
        self.name = guard.name
        self.reach = guard.reach
        self.context = guard.context
        self.cadence = cadence or max(_LEAST_CADENCE, -(-max(guard.reach or 0, guard.context) // 4))

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.guard.inspect(text, context)

    def follow(self, memory: _Kept | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before = memory or _Kept()
        waiting = before.waiting.with_piece(piece)
        kept = _Kept(before.start, before.text, waiting, before.settled, before.given)
        is_due = self.is_due(before, piece, is_end)
        return self._inspected(kept, context, is_end) if is_due else Progress(kept, (), kept.settled)

    def is_due(self, memory: _Kept | None, piece: str, is_end: bool) -> bool:
        """Whether the next piece will be inspected, and not only kept."""
        kept = memory or _Kept()
        if self.reach is None or is_end:
            return is_end
        return kept.end + len(piece) - self.reach - kept.settled >= self.cadence

    def _inspected(self, kept: _Kept, context: GuardContext, is_end: bool) -> Progress:
        text = kept.text + kept.waiting.joined()
        settled = kept.end if is_end else kept.end - (self.reach or 0)
        sure = kept.start + self.context if kept.start else 0  # before this, a finding may lack what it must see
        given = honest_findings(self.guard.inspect(text, context), self.name, len(text))
        seen = [finding.moved(kept.start) for finding in given]
        seen = [finding for finding in seen if is_end or finding.span.start < settled]
        findings = tuple(
            finding
            for finding in seen
            if finding.span.start >= kept.settled
            or (finding.span.start >= sure and not _is_covered(finding.span, kept.given))
        )
        return Progress(self._next(kept, text, settled, findings), findings, settled)

    def _next(self, kept: _Kept, text: str, settled: int, findings: Iterable[Finding]) -> _Kept:
        start = max(kept.start, settled - (self.reach or 0) - self.context)
        given = kept.given.union(finding.span for finding in findings)
        return _Kept(
            start, text[start - kept.start :], settled=settled, given=frozenset(s for s in given if s.end > start)
        )


def following(guard: Guard) -> FollowingGuard:
    """The guard itself where it follows a text by itself, else a window around it."""
    return guard if isinstance(guard, FollowingGuard) else Windowed(guard)


def _is_covered(span: Span, given: frozenset[Span]) -> bool:
    """Whether each of its characters is in one of the spans given."""
    if span in given:
        return True
    at = span.start
    for other in sorted(given):
        if other.start <= at:
            at = max(at, other.end)
    return at >= span.end
