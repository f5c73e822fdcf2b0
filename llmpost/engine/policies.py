"""What a caller may hand in as a policy: one that was read, its content, a file, or the name of one that ships."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.policy.files.library import ENDINGS
from llmpost.policy.files.shipped import shipped_names

PolicyLike: TypeAlias = str | PathLike[str] | Mapping[str, Any] | Policy
"""A policy, its content, a file with it, or the name of one that ships with the package."""
_NONE: Mapping[str, Any] = MappingProxyType({})


def as_policy(policy: PolicyLike, named: Mapping[str, PolicyLike] = _NONE) -> Policy:
    """The policy meant; `named` are those that have a name here besides those that ship."""
    if isinstance(policy, str) and policy in named:
        return as_policy(named[policy])
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, Mapping):
        return Policy.from_dict(policy, Path())
    if isinstance(policy, PathLike):
        return Policy.read(policy)
    if isinstance(policy, str):
        return Policy.read(policy) if policy.endswith(ENDINGS) else _shipped(policy)
    raise PolicyError(
        "policy", f"a {type(policy).__name__}", "a name, a path, a mapping or a Policy", "Use Policy.from_dict."
    )


@lru_cache(maxsize=16)
def _shipped(name: str) -> Policy:
    """Kept: it comes with every text, and its file is read no second time."""
    return Policy.named(name)


def is_shipped(policy: Policy) -> bool:
    """Whether it is one that ships, as it was read here."""
    return policy.name in shipped_names() and policy is _shipped(policy.name)
