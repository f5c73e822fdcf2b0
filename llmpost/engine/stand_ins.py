"""Stand-ins: whatever a program hands in besides a policy, where a policy is looked at without that program.

A policy names guards, policies and models that exist nowhere else. Told their names, one can still say what is wrong
with all the rest; what the real ones find and need is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from llmpost.contracts.guard import Finding, GuardContext
from llmpost.engine.surroundings import Surroundings

_KEY = b"a key for looking, and not for hashing"


@dataclass(frozen=True, slots=True)
class StandIn:
    """A guard that finds nothing, and so needs nothing."""

    name: str
    reach: int = 0
    context: int = 0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return ()


def stand_ins(names: Iterable[str]) -> Surroundings:
    """In which each name is known as a guard, a policy and a model, and hashes have a key."""
    known = tuple(names)
    return Surroundings(
        guards={name: StandIn(name) for name in known},
        key=_KEY,
        policies=dict.fromkeys(known, "bare"),
        models=dict.fromkeys(known),
    )
