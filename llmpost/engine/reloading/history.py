"""History: which policies were taken, and which were refused and why, the last of them.

It says what held when, so that a trace can be laid beside it. It holds no text that anybody checked; an error may quote
its policy.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from llmpost.errors import LlmpostError
from llmpost.policy import Policy

_MOST_KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A policy that was taken; or one that was refused, and the present one stayed."""

    at: float
    """Seconds since 1970."""
    called: str
    """The name that it has here; empty for the one that holds where a call names none."""
    name: str
    """Its own; that of the present one where the new one could not be read."""
    digest: str
    """Of the policy that holds from here on."""
    outcome: Literal["taken", "refused"]
    error: str = ""
    """What is wrong with the one that was refused."""


class History:
    """Of one checker; who adds to it holds its lock."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._changes: deque[PolicyChange] = deque(maxlen=_MOST_KEPT)

    @property
    def changes(self) -> tuple[PolicyChange, ...]:
        """The oldest first."""
        return tuple(self._changes.copy())

    def taken(self, called: str, policy: Policy) -> PolicyChange:
        return self._added(PolicyChange(self._clock(), called, policy.name, policy.digest, "taken"))

    def refused(self, called: str, present: Policy, error: Exception) -> PolicyChange:
        """Once: what is refused again for the same reason is no news."""
        told = str(error) if isinstance(error, LlmpostError) else type(error).__name__
        last = next((change for change in reversed(self.changes) if change.called == called), None)
        if last is not None and last.error == told:
            return last
        return self._added(PolicyChange(self._clock(), called, present.name, present.digest, "refused", told))

    def _added(self, change: PolicyChange) -> PolicyChange:
        self._changes.append(change)
        return change
