"""Surroundings: what a program gives to its guards besides a policy. It is handed in, never found in an environment.

A policy says what is wanted, and can be kept and compared; keys, callbacks and objects of one's own cannot stand in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from os import PathLike
from typing import Any, Literal, TypeAlias, get_args

from llmpost.contracts.guard import Guard
from llmpost.contracts.record import Recorder
from llmpost.engine.policies import PolicyLike
from llmpost.errors import PolicyError, RequestError, suggestion
from llmpost.guards.tools import Review

OnTraceFailure: TypeAlias = Literal["raise", "note"]
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
    trace: Recorder | str | PathLike[str] | None = None
    """Who is handed a record of each answer and each check: a folder or a file for them, or an object with `add`."""
    on_trace_failure: OnTraceFailure = "raise"
    """What becomes of a text whose record was not kept: it is withheld, or shown with a note and a warning."""
    trace_key: bytes = b""
    """What digests in records depend on; without one, the key that the policy names, else `key`."""
    seal_key: bytes = b""
    """What raw texts in records are encrypted with; without one, the key that the policy names, if it does."""
    telemetry: Any = None
    """Where spans and numbers go, without texts: True for what OpenTelemetry was set up with, else a pair of a tracer
    provider and a meter provider."""

    def __post_init__(self) -> None:
        for name, guard in self.guards.items():
            _check_guard(name, guard)
        for name in ("key", "trace_key", "seal_key"):
            if not isinstance(getattr(self, name), bytes):
                given = f"a {type(getattr(self, name)).__name__}"
                raise RequestError(name, given, "bytes", "Draw it once and keep it safe.")
        if not (self.on_review is None or callable(self.on_review) or isinstance(self.on_review, str | PathLike)):
            given = f"a {type(self.on_review).__name__}"
            raise RequestError("on_review", given, "a function of a text and a verdict, or a path", "Pass one of them.")
        if not (self.trace is None or isinstance(self.trace, str | PathLike) or hasattr(self.trace, "add")):
            given = f"a {type(self.trace).__name__}"
            raise RequestError("trace", given, "a path, or an object with add(record)", "Pass one of them.")
        if self.on_trace_failure not in get_args(OnTraceFailure):
            given = f"{self.on_trace_failure!r:.60}"
            raise RequestError("on_trace_failure", given, "raise or note", "Leave it out for raise.")


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
