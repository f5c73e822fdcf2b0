"""Inspection: what a trace keeps of one text's way through its guards. No word of the text is in it."""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.contracts.action import ActionKind
from llmpost.contracts.guard import Side, Span, Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """What was done where, for those who may not see what was there."""

    before: Span
    """In the text as it was given."""
    after: Span
    """In the text as it came out. Of an end, empty: what is said in its place is no part of the text."""
    label: str
    action: ActionKind
    guard: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How many characters of a stream waited to be shown, over its pieces."""

    most: int
    mean: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """One text before the rules of its side."""

    side: Side
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    held_back: HeldBack | None = None
    """None where the text was looked at as a whole."""
    note: str = ""
    """What came of it, where that is not the end: asked again, or handed to another policy."""
