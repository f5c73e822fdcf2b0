"""A policy: what runs, as plain data with a version and a digest.

This module checks shape: names, types, ranges. What the parts mean together is checked where they are put together
(`engine.assemble`), and how files are read and put together is known to `policy.files`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeAlias

from llmpost.errors import PolicyError, suggestion
from llmpost.policy.budget import NO_LIMIT, Budget, read_budget
from llmpost.policy.constraint import ConstraintEntry
from llmpost.policy.files.library import ENDINGS
from llmpost.policy.files.node import Node
from llmpost.policy.files.resolved import VERSION, Resolved, resolved_data, resolved_file
from llmpost.policy.files.shipped import shipped_folder, shipped_names
from llmpost.policy.files.source import Source
from llmpost.policy.guards import GuardEntry, read_guards
from llmpost.policy.located import located
from llmpost.policy.plain import frozen_plain, thawed
from llmpost.policy.settings import Settings, read_settings
from llmpost.policy.tracing import Tracing

_KEYS = ("version", "name", "decode", "constraint", "forbid", "guards", "budget", "release", "notice", "trace")
_LATER = ("speculate",)
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

    sources: tuple[Source, ...] = field(default=(), compare=False, repr=False)
    """The files that it was made of: itself, what it extends, schemas, lists."""
    _tree: Node | None = field(default=None, compare=False, repr=False)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], folder: str | PathLike[str] | None = None) -> Policy:
        """Check and freeze; :class:`PolicyError` says what is wrong with which key. It may extend what ships; names of
        files are looked up in the folder, and refused where there is none."""
        return cls.of(resolved_data(given, None if folder is None else Path(folder)))

    @classmethod
    def found(cls, word: str) -> Policy:
        """A file, where the word ends as one of YAML or JSON does; else a policy that ships with the package."""
        return cls.read(Path(word)) if word.endswith(ENDINGS) else cls.named(word)

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Policy:
        """A policy file. Errors tell file, line and column."""
        return cls.of(resolved_file(Path(path)))

    @classmethod
    def named(cls, name: str) -> Policy:
        """A policy that ships with the package."""
        if name not in shipped_names():
            hint = suggestion(name, shipped_names())
            raise PolicyError("policy", f"'{name}'", "a policy that ships with llmpost", hint)
        return cls.read(shipped_folder() / f"{name}.yaml")

    @classmethod
    def of(cls, resolved: Resolved) -> Policy:
        """Check and freeze what was read."""
        given = resolved.tree.plain
        try:
            return cls(**_values(given), sources=resolved.sources, _tree=resolved.tree)
        except PolicyError as error:
            raise located(error, resolved.tree) from error.__cause__

    def located(self, error: PolicyError) -> PolicyError:
        """The same, told at the place where the key was written that it names, as far as that is known."""
        return error if self._tree is None else located(error, self._tree)

    @property
    def canonical(self) -> dict[str, Any]:
        """The policy as plain data with everything that was said, in one order."""
        said = {
            "constraint": None if self.constraint is None else self.constraint.said,
            "forbid": [rule if isinstance(rule, str) else thawed(rule) for rule in self.forbid],
            "guards": [thawed(entry.said) for entry in self.guards],
            "budget": self.budget.said,
            "release": self.release,
            "notice": self.notice,
            "trace": self.trace.said,
        }
        decode = self.decode.said
        return {"version": VERSION, "name": self.name, "decode": decode, **{k: v for k, v in said.items() if v}}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, the identity that traces record."""
        return hashlib.sha256(json.dumps(self.canonical, sort_keys=True).encode()).hexdigest()


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    """By field; PolicyError names the place by its keys."""
    for key in given:
        _check_key(str(key))
    given = {key: value for key, value in given.items() if value is not None}
    decode = given.get("decode", {})
    if not isinstance(decode, Mapping):
        raise PolicyError("policy.decode", f"{decode!r:.60}", "a mapping of settings", "Write {temperature: 0.7}, say.")
    constraint = given.get("constraint")
    return {
        "name": _name(given.get("name", "unnamed")),
        "decode": read_settings(decode, "policy.decode", PolicyError),
        "constraint": None if constraint is None else ConstraintEntry.read(constraint, "policy.constraint"),
        "forbid": _rules(given.get("forbid", ()), "policy.forbid"),
        "guards": read_guards(given.get("guards", ()), "policy.guards"),
        "budget": read_budget(given.get("budget"), "policy.budget"),
        "release": _release(given.get("release"), "policy.release"),
        "notice": _notice(given.get("notice", ""), "policy.notice"),
        "trace": Tracing.read(given.get("trace", {}), "policy.trace"),
    }


def _name(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise PolicyError("policy.name", f"{given!r:.60}", "a word or two", "Name the policy; traces show the name.")
    return given


def _rules(given: Any, where: str) -> tuple[str | Mapping[str, Any], ...]:
    if not isinstance(given, list | tuple):
        raise PolicyError(where, f"{given!r:.60}", "a list of rules", "Write [US_SSN, {regex: ...}], say.")
    for place, rule in enumerate(given):
        if not isinstance(rule, str) and not (isinstance(rule, Mapping) and all(isinstance(key, str) for key in rule)):
            hint = "Write the name of an entity, or {regex: ...}, {phrase: ...}, {phrases: [...]}."
            raise PolicyError(f"{where}[{place}]", f"{rule!r:.60}", "a rule", hint)
    return tuple(frozen_plain(rule, f"{where}[{place}]") for place, rule in enumerate(given))


def _release(given: Any, where: str) -> Release | None:
    if given is not None and given not in RELEASES:
        raise PolicyError(where, f"{given!r:.60}", "window or at_end", suggestion(str(given), RELEASES))
    release: Release | None = given
    return release


def _notice(given: Any, where: str) -> str:
    if not isinstance(given, str):
        raise PolicyError(where, f"{given!r:.60}", "a text", "Write what people read where a text was blocked.")
    return given


def _check_key(key: str) -> None:
    if key in _LATER:
        known = f"This version knows: {', '.join(_KEYS)}."
        raise PolicyError(f"policy.{key}", f"'{key}'", "in this version yet", known)
    if key not in _KEYS:
        raise PolicyError("policy", f"'{key}'", "a key of a policy", suggestion(key, (*_KEYS, *_LATER, "extends")))
