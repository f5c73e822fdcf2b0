"""Reading: how far one rule is with a stream, and what its guard says about the next piece.

A guard's word is held against what it said before: what it had settled it may not find anything in any more. The panel
keeps one reading for each rule, and alone moves it on: what a guard is asked in a thread of its own changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from llmpost.contracts.guard import FollowingGuard, GuardContext, Outcome, Progress, Side
from llmpost.guards.honesty import Read, honest_progress
from llmpost.guards.rule import Rule
from llmpost.guards.runner import Answer
from llmpost.guards.windowed import Windowed, following


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be read next."""

    text: str
    end: int
    """Where it ends in the whole text."""
    is_end: bool


@dataclass(slots=True)
class Reading:
    """One rule's way through a stream. Positions count from the beginning of the whole text."""

    rule: Rule
    """Of whoever reads now: the rule's own guard, or one that is asked in its place."""
    follower: FollowingGuard
    start: int = 0
    """Where it began to read."""
    settled: int = 0
    memory: Any = None
    seconds: float = 0.0
    troubles: tuple[Outcome, ...] = ()
    """Of all who read before and broke."""
    is_over: bool = False
    """Nobody reads any more: the last who did broke."""
    is_in_time: bool = True
    """The time that all guards have together holds for it: it was not asked in the place of one that lacked it."""

    @classmethod
    def begin(cls, rule: Rule, start: int = 0, is_in_time: bool = True) -> Reading:
        return cls(rule, following(rule.guard), start, start, is_in_time=is_in_time)

    def keeps(self, piece: Piece, context: GuardContext) -> bool:
        """Whether the piece need only be kept for later, and was: the guard is not asked."""
        follower = self.follower
        if not isinstance(follower, Windowed) or follower.is_due(self.memory, piece.text, piece.is_end):
            return False
        self.memory = follower.follow(self.memory, piece.text, context, False).memory
        return True

    def read(self, piece: Piece, context: GuardContext) -> Progress:
        """What the guard says about the piece; nothing is moved on. Raises what the guard raises, and `Dishonest`."""
        given = self.follower.follow(self.memory, piece.text, context, piece.is_end)
        read = Read(piece.end - self.start, self.settled - self.start, piece.is_end)
        progress = honest_progress(given, self.rule.guard.name, read)
        if not self.start:
            return progress
        findings = tuple(finding.moved(self.start) for finding in progress.findings)
        return Progress(progress.memory, findings, self.start + progress.settled)

    def go_on(self, progress: Progress) -> None:
        self.memory, self.settled = progress.memory, progress.settled

    def asked(self) -> Rule:
        """The rule to ask by: of its time, what is left."""
        if self.rule.timeout_seconds is None:
            return self.rule
        return replace(self.rule, timeout_seconds=max(0.0, self.rule.timeout_seconds - self.seconds))

    def stop(self, why: str, side: Side) -> None:
        """Nobody reads on: who was not done has not passed."""
        if not self.is_over:
            self.is_over = True
            self.troubles += (Outcome(self.rule.guard.name, "skipped", self.seconds, why, side),)

    def answer(self) -> Answer[str]:
        """How it fared so far, as of one who was asked once."""
        return Answer(self.rule, None if self.is_over else "", self.seconds, self.troubles)
