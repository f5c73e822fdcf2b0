"""Named: a guard under the name that a policy gives it, so that two of one kind are told apart.

Everything but the name is the guard's own. Between the catalogue, which builds guards, and the rules that ask them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from llmpost.contracts.guard import Finding, FollowingGuard, Guard, GuardContext, PossibleScores, Progress
from llmpost.guards.possible_scores import possible_scores


def named(guard: Guard, name: str) -> Guard:
    """The guard itself where that is its name already."""
    if guard.name == name:
        return guard
    return NamedFollowing(guard, name) if isinstance(guard, FollowingGuard) else Named(guard, name)


@dataclass(frozen=True)
class Named:
    """A guard by another name."""

    guard: Any
    name: str

    @property
    def reach(self) -> int | None:
        reach: int | None = self.guard.reach
        return reach

    @property
    def context(self) -> int:
        context: int = self.guard.context
        return context

    @property
    def whole_text(self) -> bool:
        """What it says of itself about JSON documents."""
        return bool(getattr(self.guard, "whole_text", False))

    @property
    def scores(self) -> PossibleScores | None:
        return possible_scores(self.guard)

    @property
    def is_separable(self) -> bool:
        return bool(getattr(self.guard, "is_separable", False))

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self._renamed(self.guard.inspect(text, context))

    def _renamed(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        return [replace(finding, guard=self.name) for finding in findings]


@dataclass(frozen=True)
class NamedFollowing(Named):
    """One that reads a text piece by piece."""

    def follow(self, memory: Any, piece: str, context: GuardContext, is_end: bool) -> Progress:
        progress: Progress = self.guard.follow(memory, piece, context, is_end)
        if not progress.findings:  # nearly always
            return progress
        return replace(progress, findings=tuple(self._renamed(progress.findings)))
