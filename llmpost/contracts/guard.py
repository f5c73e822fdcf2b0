"""What a guard is: it finds, and says how far later text may change its mind. It never acts.

Positions are characters of the text as it was given, ends exclusive. What is done about a finding is decided by rules
(`contracts.action`), in one place for all guards; what ran, and how it ended, is an outcome of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from llmpost.contracts.action import ActionKind

Side: TypeAlias = Literal["input", "output"]

ALL_BEFORE = sys.maxsize
"""The `context` of a guard that counts from the beginning of a text."""


PossibleScores: TypeAlias = Mapping[str, tuple[float, float]]
"""By label the lowest and the highest score with which a guard can report it. A guard may say so, as `scores`: what is
not in it, it never reports."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters of a text. Empty only where a finding concerns a place and no characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a guard saw. `reason` says why in words, and never quotes the text."""

    guard: str
    label: str
    span: Span
    score: float = 1.0
    reason: str = ""

    def moved(self, by: int) -> Finding:
        """The same, so many characters further on."""
        return replace(self, span=Span(self.span.start + by, self.span.end + by)) if by else self


@dataclass(frozen=True, slots=True)
class GuardContext:
    """What a guard may look at besides the text."""

    side: Side = "output"
    prompt: str = ""
    """All that the model was given, as text; empty where nobody knows."""
    system: str = ""
    """The part of it that the user did not write."""
    path: str | None = None
    """Where in a JSON value the text stands, as a JSON pointer, where it is the content of a string there."""
    deadline: float | None = None
    """When an answer is of no use any more, in seconds of `time.monotonic`: who asks somebody else gives up by then."""

    def by(self, deadline: float | None) -> GuardContext:
        """The same, with an end of its time."""
        return self if deadline is None else replace(self, deadline=deadline)


class Guard(Protocol):
    """A detector. Shared by all requests and threads, and never changed by them.

    Of any text it finds the same, whatever stands more than `context` characters before a finding, and more than
    `reach` behind the place of each of its characters: whether and how a character is part of a finding is settled when
    `reach` more characters are there, or the end.
    """

    @property
    def name(self) -> str: ...

    @property
    def reach(self) -> int | None:
        """How many characters of later text can change a finding; None: it needs the whole text."""

    @property
    def context(self) -> int:
        """How many characters before a span it must see."""

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        """What there is in the text: in any order, overlapping or not."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a guard is that reads a text piece by piece."""

    memory: Any
    """A value, handed to the next call; the old one stays valid."""
    findings: tuple[Finding, ...]
    """Those settled since the call before; spans count from the beginning of the text."""
    settled: int
    """No finding still to come has a character before this one. Never less than before."""


@runtime_checkable
class FollowingGuard(Protocol):
    """A guard that also reads a text once, piece by piece, holding back no more than it must.

    For every way to cut a text into pieces, all findings of :meth:`follow` together are those of :meth:`Guard.inspect`.
    """

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        """What the next piece settles; `memory` is None at first. With `is_end` everything is settled."""


Status: TypeAlias = Literal["passed", "changed", "blocked", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a guard's run ended. ``passed``: it ran, and nothing that it found was acted on; ``changed`` and ``blocked``:
    what its findings led to; ``skipped``: it did not run, or broke, and its policy lets the text go on without;
    ``failed``: it broke or ran out of time, and the text paid for that."""

    guard: str
    status: Status
    seconds: float = field(default=0.0, compare=False)
    why: str = ""
    """Of a skip or a failure, in words that never quote the text; empty else."""
    side: Side = "output"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a text, by whom, and how everyone fared who was asked."""

    action: ActionKind = "allow"
    """The strongest that was taken."""
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    decided_by: str | None = None
    """The guard behind `action`; None where nothing was done."""

    @property
    def is_blocked(self) -> bool:
        """Whether the text as a whole was kept from whoever asked."""
        return self.action in ("review", "refuse", "block")
