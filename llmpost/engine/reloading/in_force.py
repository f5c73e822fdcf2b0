"""In force: the policies that hold at one time, the one that holds where a call names none, and those that have names.

Each call looks once and keeps what it saw until its answer is finished, whatever is switched meanwhile. Where policies
come from is the business of `handed_in`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from llmpost.engine.policies import PolicyLike, as_policy
from llmpost.policy import Policy


@dataclass(frozen=True, slots=True)
class InForce:
    """Never changed."""

    policy: Policy
    named: Mapping[str, Policy]

    @property
    def by_name(self) -> dict[str, Policy]:
        """All of them; the one without a name first, under an empty one."""
        return {"": self.policy, **self.named}

    def policy_of(self, given: PolicyLike) -> Policy:
        """The policy meant: one of these, or one that ships, a file, its content."""
        return as_policy(given, self.named)
