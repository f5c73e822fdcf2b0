"""Rule: one guard, what is done about what it finds, and what happens when it breaks. Data; `decide` reads it.

A `Guarding` is all rules of a policy together, ready to be asked. Neither knows how a policy spells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Guard, Side

BLOCK = Action("block")
ANY = "any"
"""The label under which tiers stand for the highest of all categories."""


@dataclass(frozen=True, slots=True)
class Tier:
    """From this score up, this is done."""

    threshold: float
    action: Action


@dataclass(frozen=True, slots=True)
class Fallback:
    """What happens where a guard gave no answer: the text is blocked, goes on without, or another guard is asked."""

    kind: Literal["block", "skip", "use"] = "block"
    rule: Rule | None = None
    """Of ``use``: who is asked; its own fallback holds in turn."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a policy's guards."""

    guard: Guard
    action: Action
    """About a finding for whose label nothing else is said."""
    actions: Mapping[str, Action] = field(default_factory=lambda: MappingProxyType({}))
    """By label."""
    tiers: Mapping[str, tuple[Tier, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By label, thresholds ascending; a label with tiers, or any label beside tiers of `ANY`, has no other action."""
    sides: frozenset[Side] = frozenset({"output"})
    timeout_seconds: float | None = None
    on_timeout: Fallback = Fallback()
    on_failure: Fallback = Fallback()
    on_invalid: Literal["block", "skip"] = "block"
    """Where a change would make a JSON value invalid: block the answer, or leave the value as it is and say so."""


Release: TypeAlias = Literal["window", "at_end"]


@dataclass(frozen=True, slots=True)
class Guarding:
    """All that a policy's guards add up to."""

    rules: tuple[Rule, ...] = ()
    total_seconds: float | None = None
    """All guards of a text together have so long."""
    on_timeout: Fallback = Fallback()
    """Of those that had not answered by then."""
    release: Release = "window"
    notice: str = ""
    """What a blocked text ends with, or is replaced by."""
