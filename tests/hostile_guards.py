"""Guards for tests: a regular expression as a detector, and guards that behave as badly as one can.

Policies made of toys are short here: a guard, an action, and what else a test is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Finding, GuardContext, Progress, Span
from llmpost.guards.rule import Fallback, Rule

SKIP = Fallback("skip")


@dataclass(frozen=True)
class Pattern:
    """Every match of an expression, under one label. Its reach is what its writer says."""

    pattern: str
    label: str = "TOY"
    name: str = "toy"
    score: float = 1.0
    reach: int | None = 0
    context: int = 0
    is_separable: bool = False

    def inspect(self, text: str, context: GuardContext) -> list[Finding]:
        found = re.finditer(self.pattern, text)
        return [Finding(self.name, self.label, Span(*one.span()), self.score, "a toy matched") for one in found]


@dataclass(frozen=True)
class Fixed:
    """Whatever it was given, for every text."""

    findings: Any
    name: str = "fixed"
    reach: int | None = None
    context: int = 0

    def inspect(self, text: str, context: GuardContext) -> Any:
        return self.findings


@dataclass(frozen=True)
class Raising:
    """Breaks, with an error that quotes the text."""

    error: type[BaseException] = ValueError
    name: str = "raising"
    reach: int | None = 0
    context: int = 0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        raise self.error(text)


@dataclass(frozen=True)
class Hanging:
    """Does not come back before it is let go."""

    name: str = "hanging"
    reach: int | None = 0
    context: int = 0
    go: Event = field(default_factory=Event)
    gone: Event = field(default_factory=Event)

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        self.go.wait()
        self.gone.set()
        return ()


@dataclass(frozen=True)
class Calling:
    """Calls somebody with the text and its context, and finds what is returned."""

    call: Callable[[str, GuardContext], Sequence[Finding]]
    name: str = "calling"
    reach: int | None = 0
    context: int = 0
    whole_text: bool = False
    is_separable: bool = False

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.call(text, context)


@dataclass(frozen=True)
class Quick(Calling):
    """The same, made to follow a stream: asked in place even where all guards have a time together."""

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        raise NotImplementedError


def rule(guard: Any, action: str | Action = "redact", **more: Any) -> Rule:
    return Rule(guard, Action(action) if isinstance(action, str) else action, **more)  # type: ignore[arg-type]
