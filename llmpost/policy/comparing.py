"""Comparing: where two policies differ in what they mean, key by key, each difference stricter, weaker or neither.

Guards are compared by their names and labels by what is done about them, whatever way it is written. What detectors do
of their own accord, and what their options mean, is handed in by whoever knows them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeAlias

from llmpost.contracts.action import Action
from llmpost.policy.budget import LIMITS, NO_LIMIT, Budget
from llmpost.policy.constraint import ConstraintEntry
from llmpost.policy.difference import Difference, Meaning, changes, more_is, ranked, towards, untold
from llmpost.policy.guards import GuardEntry, Otherwise
from llmpost.policy.plain import thawed
from llmpost.policy.policy import Policy
from llmpost.policy.response import Response, named_labels
from llmpost.policy.tracing import Tracing


@dataclass(frozen=True, slots=True)
class Known:
    """Of a detector: what is done about its findings where a policy says nothing, and what its options mean."""

    action: Action
    options: Mapping[str, Meaning]


Detectors: TypeAlias = Mapping[str, Known]
"""By name."""
_UNKNOWN = Known(Action("block"), MappingProxyType({}))
"""A guard that was handed in."""
_NONE: Detectors = MappingProxyType({})

_PLAIN = Meaning()
_OTHERWISE = ranked(("skip", "use", "block"))
_RELEASE = ranked(("window", "at_end"))
_STORE = ranked(("raw", "redacted", "digest"))
_STRICTER, _WEAKER = more_is("stricter"), more_is("weaker")
_ELSE, _ORDER = "other findings", "order"
"""In the place of a label, those that an entry does not name; in that of a guard, the row that all stand in."""


def differences(before: Policy, after: Policy, detectors: Detectors = _NONE) -> tuple[Difference, ...]:
    """In the order of a policy's keys; none where both mean the same.

    >>> calm, wild = ({"version": 1, "name": "a", "decode": {"temperature": heat}} for heat in (0.2, 1.4))
    >>> [change] = differences(Policy.from_dict(calm), Policy.from_dict(wild))
    >>> change.where, change.before, change.after
    (('decode', 'temperature'), 0.2, 1.4)
    """
    return tuple(
        chain(
            changes(before.name, after.name, ("name",)),
            changes(before.decode.said, after.decode.said, ("decode",)),
            _of_constraints(before.constraint, after.constraint),
            _of_rules(before, after),
            _of_guards(before.guards, after.guards, detectors),
            _of_budgets(before.budget, after.budget),
            changes(before.release, after.release, ("release",), _RELEASE),
            changes(before.notice or None, after.notice or None, ("notice",)),
            _of_traces(before.trace, after.trace),
        )
    )


def _of_constraints(before: ConstraintEntry | None, after: ConstraintEntry | None) -> Iterator[Difference]:
    where = ("constraint",)
    if before is None or after is None:
        old, new = (None if one is None else one.said for one in (before, after))
        if old != new:
            yield Difference(where, old, new, _STRICTER(old, new))
    elif before.kind != after.kind:
        yield Difference(where, before.said, after.said)
    else:
        sense = _WEAKER if before.kind == "choice" else untold
        yield from changes(thawed(before.content), thawed(after.content), (*where, before.kind), sense)
        yield from changes(thawed(before.options), thawed(after.options), where)


def _of_rules(before: Policy, after: Policy) -> Iterator[Difference]:
    """Rules have no order, and a text is the name of an entity."""
    old, new = ({_identity(rule): rule for rule in policy.forbid} for policy in (before, after))
    gone = [rule for key, rule in old.items() if key not in new]
    come = [rule for key, rule in new.items() if key not in old]
    yield from (Difference(("forbid",), _plain(rule), None, "weaker") for rule in gone)
    yield from (Difference(("forbid",), None, _plain(rule), "stricter") for rule in come)


def _of_guards(before: Sequence[GuardEntry], after: Sequence[GuardEntry], detectors: Detectors) -> Iterator[Difference]:
    old, new = ({entry.name: entry for entry in entries} for entries in (before, after))
    for name, entry in old.items():
        if name in new:
            yield from _of_entries(entry, new[name], detectors)
        else:
            direction = _WEAKER(None, entry) if _acts(entry, detectors) else None
            yield Difference(("guards", name), thawed(entry.said), None, direction)
    for name, entry in new.items():
        if name not in old:
            direction = _STRICTER(None, entry) if _acts(entry, detectors) else None
            yield Difference(("guards", name), None, thawed(entry.said), direction)
    was, now = ([name for name in one if name in other] for one, other in ((old, new), (new, old)))
    if was != now:
        yield Difference(("guards", _ORDER), was, now)


def _acts(entry: GuardEntry, detectors: Detectors) -> bool:
    """Whether it may do more than tell."""
    responses = [_response(entry, label, detectors) for label in (*named_labels(entry), None)]
    return any(action.kind not in ("allow", "log") for response in responses for _, action in response.steps)


def _response(entry: GuardEntry, label: str | None, detectors: Detectors) -> Response:
    return Response.of(entry, label, detectors.get(entry.use, _UNKNOWN).action)


def _of_entries(before: GuardEntry, after: GuardEntry, detectors: Detectors) -> Iterator[Difference]:
    where = ("guards", after.name)
    yield from changes(before.use, after.use, (*where, "use"))
    yield from _of_responses(before, after, detectors)
    yield from changes(sorted(before.sides), sorted(after.sides), (*where, "on"), _STRICTER)
    yield from changes(before.timeout_ms, after.timeout_ms, (*where, "timeout_ms"))
    yield from _of_otherwise(before.on_timeout, after.on_timeout, (*where, "on_timeout"))
    yield from _of_otherwise(before.on_failure, after.on_failure, (*where, "on_failure"))
    yield from changes(before.on_invalid, after.on_invalid, (*where, "on_invalid"), _OTHERWISE)
    known = detectors.get(after.use, _UNKNOWN).options if before.use == after.use else {}
    for option in dict.fromkeys((*before.options, *after.options)):
        meaning = known.get(option, _PLAIN)
        said = (thawed(entry.options.get(option, meaning.default)) for entry in (before, after))
        old, new = map(meaning.one_form, said)
        yield from changes(old, new, (*where, option), meaning.sense)


def _of_responses(before: GuardEntry, after: GuardEntry, detectors: Detectors) -> Iterator[Difference]:
    """What is done, label by label: one that only one of both names is compared with what the other does about it."""
    for label in dict.fromkeys((*named_labels(before), *named_labels(after), None)):
        old, new = (_response(entry, label, detectors) for entry in (before, after))
        if old != new:
            yield Difference(("guards", after.name, label or _ELSE), old.said, new.said, old.towards(new))


def _of_otherwise(before: Otherwise, after: Otherwise, where: tuple[str, ...]) -> Iterator[Difference]:
    old, new = map(_otherwise, (before, after))
    if old != new:
        yield Difference(where, old, new, _OTHERWISE(before.kind, after.kind))


def _otherwise(given: Otherwise) -> Any:
    if given.kind != "use":
        return given.kind
    return {"use": given.name} if given.entry is None else thawed(given.entry.said)


def _of_budgets(before: Budget, after: Budget) -> Iterator[Difference]:
    """Time is neither strict nor weak; what is done when it is over is."""
    for name in LIMITS:
        yield from changes(getattr(before, name), getattr(after, name), ("budget", name))
    if NO_LIMIT not in (before, after):
        yield from _of_otherwise(before.on_timeout, after.on_timeout, ("budget", "on_timeout"))


def _of_traces(before: Tracing, after: Tracing) -> Iterator[Difference]:
    where = ("trace",)
    yield from changes(before.store, after.store, (*where, "store"), _STORE)
    for name in ("key", "seal"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            direction = towards(old is None, new is None)
            yield Difference((*where, name), _reference(old), _reference(new), direction)
    yield from changes(before.logits, after.logits, (*where, "logits"), _WEAKER)


def _reference(variable: str | None) -> Any:
    return None if variable is None else {"env": variable}


def _identity(rule: str | Mapping[str, Any]) -> str:
    return json.dumps({"entity": rule} if isinstance(rule, str) else _plain(rule), sort_keys=True)


def _plain(rule: str | Mapping[str, Any]) -> Any:
    return rule if isinstance(rule, str) else thawed(rule)
