"""What a caller may hand in as a policy: one that was read, its content, or the name of one that ships."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from llmpost.errors import PolicyError
from llmpost.policy import Policy

PolicyLike: TypeAlias = str | Mapping[str, Any] | Policy
"""A policy, its content, or the name of one that ships with the package."""


def as_policy(policy: PolicyLike) -> Policy:
    """The policy meant."""
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, Mapping):
        return Policy.from_dict(policy)
    if isinstance(policy, str):
        return Policy.named(policy)
    raise PolicyError("policy", f"a {type(policy).__name__}", "a name, a mapping or a Policy", "Use Policy.from_dict.")
