"""Remembering: a guard that two policies have in common is asked once about a text, and both are told what it found.

It remembers the last text alone, and how long the guard took, so that each policy's cost is what it would be without
the other. A guard that asks a model is where this pays most: both policies get the one answer that there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from llmpost.contracts.guard import Finding, FollowingGuard, Guard, GuardContext
from llmpost.guards.catalogue import Detector
from llmpost.guards.named import Named, NamedFollowing
from llmpost.guards.options import Options


@dataclass(slots=True)
class Spared:
    """How long guards would have worked that remembered."""

    seconds: float = 0.0

    def taken(self) -> float:
        """Since this was asked last."""
        seconds, self.seconds = self.seconds, 0.0
        return seconds


@dataclass(slots=True)
class _Memory:
    """Of one guard, for one thread."""

    spared: Spared
    asked: tuple[str, GuardContext] | None = None
    found: Sequence[Finding] = ()
    seconds: float = 0.0

    def inspected(self, guard: Guard, text: str, context: GuardContext) -> Sequence[Finding]:
        if self.asked == (text, context):
            self.spared.seconds += self.seconds
            return self.found
        begun = time.perf_counter()
        self.asked = None  # who raises is asked again
        self.found = guard.inspect(text, context)
        self.seconds = time.perf_counter() - begun
        self.asked = (text, context)
        return self.found


@dataclass(frozen=True)
class Remembering(Named):
    """A guard like the one within."""

    memory: _Memory = field(default_factory=lambda: _Memory(Spared()))

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.memory.inspected(self.guard, text, context)


@dataclass(frozen=True)
class RememberingFollowing(NamedFollowing):
    """One that reads a text piece by piece; then it is asked each time."""

    memory: _Memory = field(default_factory=lambda: _Memory(Spared()))

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.memory.inspected(self.guard, text, context)


def remembering(detectors: Mapping[str, Detector], spared: Spared) -> Mapping[str, Detector]:
    """The same detectors, but that what is built twice from the same options is one guard."""
    return {name: replace(detector, build=_once(detector.build, spared)) for name, detector in detectors.items()}


def _once(build: Callable[[Options], Guard], spared: Spared) -> Callable[[Options], Guard]:
    made: list[tuple[Mapping[str, Any], Guard]] = []

    def built(options: Options) -> Guard:
        for given, guard in made:
            if given == options.given:
                return guard
        guard = build(options)
        kind = RememberingFollowing if isinstance(guard, FollowingGuard) else Remembering
        made.append((options.given, kind(guard, guard.name, _Memory(spared))))
        return made[-1][1]

    return built
