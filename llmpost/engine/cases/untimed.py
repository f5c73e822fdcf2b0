"""Untimed: a policy without its limits of time. A case is about what is found, and comes out the same on any machine.

What a policy does where a guard is late is not tried here.
"""

from __future__ import annotations

from dataclasses import replace

from llmpost.policy import Policy
from llmpost.policy.budget import NO_LIMIT


def untimed(policy: Policy) -> Policy:
    """The same otherwise; stand-ins of other guards keep their own limits, since they are asked for want of anybody.

    >>> late = {"version": 1, "guards": [{"use": "pii", "timeout_ms": 1}], "budget": {"total_ms": 1}}
    >>> untimed(Policy.from_dict(late)).guards[0].timeout_ms is None
    True
    """
    guards = tuple(replace(entry, timeout_ms=None) for entry in policy.guards)
    return replace(policy, guards=guards, budget=NO_LIMIT)
