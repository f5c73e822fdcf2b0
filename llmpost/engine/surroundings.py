"""Surroundings: what a program gives to its guards besides a policy. It is handed in, never found in an environment.

A policy says what is wanted, and can be kept and compared; keys, callbacks and objects of one's own cannot stand in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from os import PathLike
from typing import Any

from llmpost.contracts.guard import Guard
from llmpost.engine.policies import PolicyLike
from llmpost.errors import PolicyError, RequestError, suggestion
from llmpost.guards.tools import Review

_MEMBERS = ("name", "reach", "context", "inspect")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Checked when they are made."""

    guards: Mapping[str, Guard] = field(default_factory=dict)
    """Guards of one's own, by the names that policies use for them."""
    on_review: Review | str | PathLike[str] | None = None
    """Who is handed a text that a person must see; or a file to which a line is added for each, without the text."""
    key: bytes = b""
    """What hashes and keyed pseudonyms depend on: the same key, the same marks."""
    policies: Mapping[str, PolicyLike] = field(default_factory=dict)
    """Policies by the names that `reroute` and callers may use for them, besides those that ship."""
    models: Mapping[str, Any] = field(default_factory=dict)
    """Loaded models, or engines around them, by the names that `reroute` may use."""

    def __post_init__(self) -> None:
        for name, guard in self.guards.items():
            _check_guard(name, guard)
        if not isinstance(self.key, bytes):
            raise RequestError("key", f"a {type(self.key).__name__}", "bytes", "Draw it once and keep it safe.")
        if not (self.on_review is None or callable(self.on_review) or isinstance(self.on_review, str | PathLike)):
            given = f"a {type(self.on_review).__name__}"
            raise RequestError("on_review", given, "a function of a text and a verdict, or a path", "Pass one of them.")


NAMES = tuple(f.name for f in fields(Surroundings))


def surroundings_of(given: Mapping[str, Any]) -> Surroundings:
    """By keyword; RequestError with a suggestion for a name that is none."""
    for name in given:
        if name not in NAMES:
            raise RequestError("Checker.load", f"'{name}'", "known here", suggestion(name, NAMES))
    return Surroundings(**given)


def _check_guard(name: str, guard: Any) -> None:
    missing = [member for member in _MEMBERS if not hasattr(guard, member)]
    if missing:
        hint = "A guard has name, reach, context and inspect(text, context)."
        raise PolicyError(f"guards.{name}", f"an object without {missing[0]}", "a guard", hint)
    if guard.reach is not None and (not isinstance(guard.reach, int) or guard.reach < 0):
        raise PolicyError(f"guards.{name}.reach", f"{guard.reach!r:.60}", "a number of characters, or None", "Mend it.")
    if not isinstance(guard.context, int) or guard.context < 0:
        raise PolicyError(f"guards.{name}.context", f"{guard.context!r:.60}", "a number of characters", "Mend it.")
