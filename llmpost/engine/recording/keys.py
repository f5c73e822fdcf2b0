"""The keys of a policy's records: handed in, or in the environment under the names that the policy gives them.

They are looked up when an engine is put together, or meets a policy for the first time, so that a key that is missing
is said before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from llmpost.engine.surroundings import Surroundings
from llmpost.errors import PolicyError, TraceError
from llmpost.policy import Policy
from llmpost.traces.keys import read_key, read_seal


@dataclass(frozen=True, slots=True)
class Keys:
    """Empty where there is none."""

    digest: bytes = field(default=b"", repr=False)
    seal: bytes = field(default=b"", repr=False)


def keys_of(policy: Policy, surroundings: Surroundings, environment: Mapping[str, str]) -> Keys:
    """What is handed in counts first; PolicyError where the policy names a variable that is not there, or is no key."""
    try:
        return _keys_of(policy, surroundings, environment)
    except PolicyError as error:
        raise policy.located(error) from None


def _keys_of(policy: Policy, surroundings: Surroundings, environment: Mapping[str, str]) -> Keys:
    digest, seal = surroundings.trace_key, surroundings.seal_key
    if not digest and policy.trace.key is not None:
        digest = read_key(_value(policy.trace.key, "policy.trace.key", environment))
    if not seal and policy.trace.seal is not None:
        where = "policy.trace.seal"
        seal = _seal(_value(policy.trace.seal, where, environment), where)
    return Keys(digest or surroundings.key, seal)


def _value(variable: str, where: str, environment: Mapping[str, str]) -> str:
    value = environment.get(variable, "").strip()
    if not value:
        hint = "Set it before the program starts, or hand the key in: trace_key=, seal_key=."
        raise PolicyError(where, f"the variable {variable}", "set in the environment", hint)
    return value


def _seal(value: str, where: str) -> bytes:
    try:
        return read_seal(value, where)
    except TraceError as error:
        raise PolicyError(error.where, error.given, error.allowed, error.hint) from None
