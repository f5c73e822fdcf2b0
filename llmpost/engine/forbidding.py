"""Forbidding: what a call and its policy forbid together.

A call adds to what its policy forbids and takes nothing away. Rules are read and checked here; that no output contains
a match is the constraints' business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.errors import ConstraintError, PolicyError
from llmpost.policy import Policy
from llmpost.policy.plain import thawed


def forbidden_by(policy: Policy, given: Forbidden | None) -> Forbidden | None:
    """What a policy forbids, and what a call adds to it; PolicyError where the policy's rules are broken."""
    if not policy.forbid:
        return given
    rules = [{"entity": rule} if isinstance(rule, str) else thawed(rule) for rule in policy.forbid]
    together = _read(json.dumps(rules)).and_also(given)
    return together if together.rules else None


@lru_cache(maxsize=16)
def _read(rules: str) -> Forbidden:
    """Kept: each request comes with a policy."""
    try:
        return Forbidden.of(json.loads(rules))
    except ConstraintError as error:
        where, given = _place(error, rules)
        raise PolicyError(f"policy.{where}", given, error.allowed, error.hint) from error


def _place(error: ConstraintError, rules: str) -> tuple[str, str]:
    """Where, and what was given: of a pattern that cannot be read, its reader knows no more than the character."""
    if error.where.startswith("forbid"):
        return error.where, error.given
    broken = next(place for place, rule in enumerate(json.loads(rules)) if not _is_readable(rule))
    return f"forbid[{broken}].regex", f"{error.given} ({error.where.removeprefix('regex, ')})"


def _is_readable(rule: Any) -> bool:
    try:
        Forbidden.of([rule])
    except ConstraintError:
        return False
    return True


def read_forbidden(given: Mapping[str, Any]) -> Forbidden | None:
    """The rules of a call, if it has any."""
    rules = given.get("forbid")
    forbidden = None if rules is None else Forbidden.of(rules)
    return forbidden if forbidden is not None and forbidden.rules else None
