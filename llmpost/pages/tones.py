"""Tones: how good or bad a thing is, as a word, a sign and a colour, so that colour never tells it alone."""

from __future__ import annotations

from typing import Literal, TypeAlias

from llmpost.contracts.action import CHANGES_SPAN, ActionKind
from llmpost.contracts.guard import Status

Tone: TypeAlias = Literal["plain", "good", "noted", "changed", "again", "stopped"]

STRENGTH: dict[Tone, int] = {"plain": 0, "good": 1, "noted": 2, "changed": 3, "again": 4, "stopped": 5}
"""Where several concern the same text, the strongest is seen."""
SIGNS: dict[Tone, str] = {"plain": "·", "good": "✓", "noted": "•", "changed": "~", "again": "↻", "stopped": "✕"}
MEANINGS: dict[Tone, str] = {
    "plain": "told", "good": "allowed", "noted": "found, left as it is", "changed": "changed", "again": "asked again",
    "stopped": "withheld",
}  # fmt: skip
"""What a mark in a tone says."""
_BY_STATUS: dict[Status, Tone] = {
    "passed": "good", "changed": "changed", "blocked": "stopped", "skipped": "noted", "failed": "stopped",
}  # fmt: skip


def tone_of_action(kind: ActionKind) -> Tone:
    """
    >>> tone_of_action("redact"), tone_of_action("block")
    ('changed', 'stopped')
    """
    if kind == "allow":
        return "good"
    if kind == "log":
        return "noted"
    if kind in ("retry", "reroute"):
        return "again"
    return "changed" if kind in CHANGES_SPAN or kind in ("truncate", "rewrite") else "stopped"


def tone_of_status(status: Status) -> Tone:
    """How a guard's run is shown: one that did not run is no good news, and one that broke is bad."""
    return _BY_STATUS[status]
