"""The guards of a policy as they are written: who looks, on which side, what is done, and what if it breaks.

This module checks shape: names, types, ranges. An entry's other keys belong to its detector and are handed on unread;
what detectors there are, and what goes together, is found out where they are built (`engine.guarding`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Side
from llmpost.errors import PolicyError, suggestion
from llmpost.policy.actions import read_action
from llmpost.policy.plain import frozen_plain, is_finite

_SHOWN = 60
_SIDES: tuple[Side, ...] = ("input", "output")
_OTHERWISE = ("block", "skip")
_NOTHING: Mapping[str, Any] = MappingProxyType({})

Thresholds: TypeAlias = Mapping[str, tuple[tuple[float, Action], ...]]
"""By label, thresholds ascending: from each score up, what is done."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What to do where a guard gave no answer: ``block``, ``skip``, or ask another one, by name or written out."""

    kind: Literal["block", "skip", "use"] = "block"
    name: str | None = None
    entry: GuardEntry | None = None


BLOCK = Otherwise()


@dataclass(frozen=True, slots=True)
class GuardEntry:
    """One entry of ``guards``.

    >>> GuardEntry.read({"use": "pii", "entities": ["US_SSN"], "action": "redact"}, "guards[0]").options["entities"]
    ('US_SSN',)
    """

    use: str
    name: str
    where: str = field(compare=False)
    action: Action | None = None
    """None: the detector's own habit."""
    actions: Mapping[str, Action] = field(default_factory=lambda: _NOTHING)
    thresholds: Thresholds = field(default_factory=lambda: _NOTHING)
    sides: frozenset[Side] = frozenset({"output"})
    timeout_ms: float | None = None
    on_timeout: Otherwise = BLOCK
    on_failure: Otherwise = BLOCK
    on_invalid: Literal["block", "skip"] = "block"
    options: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """Everything else: the detector's own."""
    said: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """All of it, as it was written."""

    @classmethod
    def read(cls, given: Any, where: str) -> GuardEntry:
        """Check and freeze; PolicyError names the place."""
        if not isinstance(given, Mapping) or not all(isinstance(key, str) or key is True for key in given):
            raise PolicyError(where, f"{given!r:.{_SHOWN}}", "a guard", "Write {use: pii, action: redact}, say.")
        # YAML 1.1 reads the key `on` as true
        named = {"on" if key is True else key: value for key, value in given.items() if value is not None}
        use = _name(named.get("use"), f"{where}.use")
        if named.get("name") == use:
            del named["name"]  # it goes without saying, and makes no other policy
        said = frozen_plain(named, where)
        own = {_FIELDS[key]: _READERS[key](value, f"{where}.{key}") for key, value in said.items() if key in _READERS}
        options = {key: value for key, value in said.items() if key not in _READERS and key != "use"}
        return cls(use, **{"name": use, **own}, where=where, options=MappingProxyType(options), said=said)


def read_guards(given: Any, where: str) -> tuple[GuardEntry, ...]:
    """The entries of a policy, each under a name of its own, each name that is referred to one of them."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise PolicyError(where, f"{given!r:.{_SHOWN}}", "a list of guards", "Write [{use: pii, action: redact}], say.")
    entries = tuple(GuardEntry.read(item, f"{where}[{place}]") for place, item in enumerate(given))
    for place, entry in enumerate(entries):
        if any(other.name == entry.name for other in entries[:place]):
            raise PolicyError(
                f"{entry.where}.name", f"'{entry.name}'", "a name of its own", "Give it another: name: ..."
            )
    return entries


def read_otherwise(given: Any, where: str) -> Otherwise:
    """``block``, ``skip`` or ``{use: ...}``."""
    if given in _OTHERWISE:
        return Otherwise(given)
    if isinstance(given, Mapping) and "use" in given:
        entry = GuardEntry.read(given, where)
        return Otherwise("use", name=entry.use) if len(given) == 1 else Otherwise("use", entry=entry)
    shown = f"'{given}'" if isinstance(given, str) else repr(given)
    hint = suggestion(str(given), _OTHERWISE)
    raise PolicyError(where, f"{shown:.{_SHOWN}}", "one of block, skip or {use: another guard}", hint)


def _name(given: Any, where: str) -> str:
    if not isinstance(given, str) or not given:
        raise PolicyError(where, f"{given!r:.{_SHOWN}}", "a name", "Write use: pii, say.")
    return given


def _actions(given: Any, where: str) -> Mapping[str, Action]:
    _check_labels(given, where, "Write {EMAIL_ADDRESS: redact}, say.")
    return MappingProxyType({label: read_action(action, f"{where}.{label}") for label, action in given.items()})


def _thresholds(given: Any, where: str) -> Thresholds:
    _check_labels(given, where, "Write {hate: {review: 0.4, block: 0.8}}, say.")
    return MappingProxyType({label: _tiers(tiers, f"{where}.{label}") for label, tiers in given.items()})


def _tiers(given: Any, where: str) -> tuple[tuple[float, Action], ...]:
    """Of one label. A stronger action has the higher threshold: the other way round one of them would never be."""
    _check_labels(given, where, "Write {review: 0.4, block: 0.8}, say.")
    tiers = [(_score(score, f"{where}.{kind}"), read_action(kind, where)) for kind, score in given.items()]
    tiers.sort(key=lambda tier: (tier[0], tier[1].strength))
    for (low, weaker), (high, stronger) in pairwise(tiers):
        if stronger.strength < weaker.strength:
            out_of_order = f"{weaker.kind} at {low:g} below {stronger.kind} at {high:g}"
            raise PolicyError(where, out_of_order, "an order in which both happen", "Swap their thresholds.")
    return tuple(tiers)


def _score(given: Any, where: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise PolicyError(where, f"{given!r:.{_SHOWN}}", "a score from 0 to 1", "Write 0.8, say.")
    return float(given)


def _check_labels(given: Any, where: str, hint: str) -> None:
    if not isinstance(given, Mapping) or not given or not all(isinstance(key, str) for key in given):
        raise PolicyError(where, f"{given!r:.{_SHOWN}}", "a mapping by name", hint)


def _sides(given: Any, where: str) -> frozenset[Side]:
    sides = (given,) if isinstance(given, str) else given
    if not isinstance(sides, list | tuple) or not sides or not all(side in _SIDES for side in sides):
        allowed = "input, output or a list of both"
        raise PolicyError(where, f"{given!r:.{_SHOWN}}", allowed, "Leave it out for output.")
    return frozenset(sides)


def read_milliseconds(given: Any, where: str) -> float:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not is_finite(given) or given <= 0:
        raise PolicyError(
            where, f"{given!r:.{_SHOWN}}", "a number of milliseconds above 0", "Leave it out for no limit."
        )
    return float(given)


def _on_invalid(given: Any, where: str) -> str:
    if given not in _OTHERWISE:
        raise PolicyError(where, f"{given!r:.{_SHOWN}}", "block or skip", suggestion(str(given), _OTHERWISE))
    return str(given)


_READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "name": _name,
    "action": read_action,
    "actions": _actions,
    "thresholds": _thresholds,
    "on": _sides,
    "timeout_ms": read_milliseconds,
    "on_timeout": read_otherwise,
    "on_failure": read_otherwise,
    "on_invalid": _on_invalid,
}
"""The keys of every guard, but for ``use``, and how each is read."""
KEYS = ("use", *_READERS)
_FIELDS = {key: "sides" if key == "on" else key for key in _READERS}
