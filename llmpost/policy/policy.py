"""A policy: what runs, as plain data with a version and a digest.

This module checks shape: names, types, ranges. What the parts mean together is checked where they are put together
(`engine.assemble`). Files with line numbers come with their own issue; what ships with the package is read here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from llmpost.errors import PolicyError, suggestion
from llmpost.policy.budget import NO_LIMIT, Budget, read_budget
from llmpost.policy.constraint import ConstraintEntry
from llmpost.policy.file import ENDINGS, read_file
from llmpost.policy.guards import GuardEntry, read_guards
from llmpost.policy.plain import thawed
from llmpost.policy.settings import Settings, read_settings
from llmpost.policy.tracing import Tracing

VERSION = 1
_KEYS = ("version", "name", "decode", "constraint", "forbid", "guards", "budget", "release", "notice", "trace")
_LATER = ("extends", "speculate")
Release: TypeAlias = Literal["window", "at_end"]
RELEASES: tuple[Release, ...] = ("window", "at_end")


@dataclass(frozen=True)
class Policy:
    """A frozen policy. Equal content gives an equal digest, whatever it was read from.

    >>> Policy.from_dict({"version": 1, "name": "calm", "decode": {"temperature": 0.2}}).decode.temperature
    0.2
    """

    name: str
    decode: Settings = field(default_factory=Settings)
    constraint: ConstraintEntry | None = None
    """What every output is held to, where a call says nothing else."""
    forbid: tuple[str | Mapping[str, Any], ...] = ()
    """What no output may contain, as it is written: names of entities, and rules."""
    guards: tuple[GuardEntry, ...] = ()
    budget: Budget = NO_LIMIT
    """What all guards of a text have together."""
    release: Release | None = None
    """When a text may be seen; None: piece by piece where its guards allow it, else at its end."""
    notice: str = ""
    """What a blocked text ends with, or is replaced by."""
    trace: Tracing = field(default_factory=Tracing)
    """How much of its texts may be kept."""

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], where: str = "policy") -> Policy:
        """Check and freeze; :class:`PolicyError` says what is wrong with which key."""
        if not isinstance(given, Mapping):
            raise PolicyError(
                where, f"a {type(given).__name__}", "a mapping", "Write keys such as 'version' and 'decode'."
            )
        for key in given:
            _check_key(str(key), where)
        if given.get("version") != VERSION:
            shown = repr(given["version"]) if "version" in given else "a policy without one"
            raise PolicyError(f"{where}.version", shown, str(VERSION), f"Write 'version: {VERSION}' on the first line.")
        name = given.get("name", "unnamed")
        if not isinstance(name, str) or not name:
            raise PolicyError(f"{where}.name", repr(name), "a word or two", "Name the policy; traces show the name.")
        decode = given.get("decode", {})
        if not isinstance(decode, Mapping):
            raise PolicyError(
                f"{where}.decode", repr(decode), "a mapping of settings", "Write {temperature: 0.7}, say."
            )
        return cls(
            name,
            read_settings(decode, f"{where}.decode", PolicyError),
            None
            if given.get("constraint") is None
            else ConstraintEntry.read(given["constraint"], f"{where}.constraint"),
            _rules(given.get("forbid", []), f"{where}.forbid"),
            read_guards(given.get("guards") or (), f"{where}.guards"),
            read_budget(given.get("budget"), f"{where}.budget"),
            _release(given.get("release"), f"{where}.release"),
            _notice(given.get("notice", ""), f"{where}.notice"),
            Tracing.read(given.get("trace") or {}, f"{where}.trace"),
        )

    @classmethod
    def found(cls, word: str) -> Policy:
        """A file, where the word ends as one of YAML or JSON does; else a policy that ships with the package."""
        return cls.read(Path(word)) if word.endswith(ENDINGS) else cls.named(word)

    @classmethod
    def read(cls, path: Path) -> Policy:
        """A policy file."""
        return cls.from_dict(read_file(path), str(path))

    @classmethod
    def named(cls, name: str) -> Policy:
        """A policy that ships with the package."""
        if name not in shipped_names():
            hint = suggestion(name, shipped_names())
            raise PolicyError("policy", f"'{name}'", "a policy that ships with llmpost", hint)
        return cls.from_dict(read_file(_shipped() / f"{name}.yaml"), name)

    @property
    def canonical(self) -> dict[str, Any]:
        """The policy as plain data with everything that was said, in one order."""
        said = {
            "constraint": None if self.constraint is None else self.constraint.said,
            "forbid": [rule if isinstance(rule, str) else dict(rule) for rule in self.forbid],
            "guards": [thawed(entry.said) for entry in self.guards],
            "budget": self.budget.said,
            "release": self.release,
            "notice": self.notice,
            "trace": self.trace.said,
        }
        decode = self.decode.given()
        return {"version": VERSION, "name": self.name, "decode": decode, **{k: v for k, v in said.items() if v}}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, the identity that traces record."""
        return hashlib.sha256(json.dumps(self.canonical, sort_keys=True).encode()).hexdigest()


def _rules(given: Any, where: str) -> tuple[str | Mapping[str, Any], ...]:
    if not isinstance(given, list | tuple):
        raise PolicyError(where, f"{given!r:.60}", "a list of rules", "Write [US_SSN, {regex: ...}], say.")
    for place, rule in enumerate(given):
        if not isinstance(rule, str) and not (isinstance(rule, Mapping) and all(isinstance(key, str) for key in rule)):
            hint = "Write the name of an entity, or {regex: ...}, {phrase: ...}, {phrases: [...]}."
            raise PolicyError(f"{where}[{place}]", f"{rule!r:.60}", "a rule", hint)
    return tuple(rule if isinstance(rule, str) else MappingProxyType(dict(rule)) for rule in given)


def _release(given: Any, where: str) -> Release | None:
    if given is not None and given not in RELEASES:
        raise PolicyError(where, f"{given!r:.60}", "window or at_end", suggestion(str(given), RELEASES))
    release: Release | None = given
    return release


def _notice(given: Any, where: str) -> str:
    if not isinstance(given, str):
        raise PolicyError(where, f"{given!r:.60}", "a text", "Write what people read where a text was blocked.")
    return given


def _check_key(key: str, where: str) -> None:
    if key in _LATER:
        raise PolicyError(
            f"{where}.{key}", f"'{key}'", "in this version yet", f"This version knows: {', '.join(_KEYS)}."
        )
    if key not in _KEYS:
        raise PolicyError(where, f"'{key}'", "a key of a policy", suggestion(key, (*_KEYS, *_LATER)))


@cache
def shipped_names() -> tuple[str, ...]:
    """What ships with the package."""
    return tuple(sorted(path.stem for path in _shipped().glob("*.yaml")))


def _shipped() -> Path:
    """The folder of shipped policies: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "policies"
    return inside if inside.is_dir() else package.parent / "policies"
