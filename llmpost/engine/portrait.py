"""Portrait: a policy with everything that follows from it, for whoever tells people what it does.

Nothing runs. Guards that a program hands in are not here; a stand-in takes their place and is named as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llmpost.constraints.forbid.forbidden import Rule as ForbidRule
from llmpost.contracts.action import Action
from llmpost.engine.checker import Checker
from llmpost.engine.forbidding import forbidden_by
from llmpost.engine.guarding import against_windows, detectors_of
from llmpost.engine.stand_ins import stand_ins
from llmpost.guards.fixed_texts import actions_of, rules_within
from llmpost.guards.rule import Guarding
from llmpost.policy import Policy
from llmpost.policy.files.library import ENDINGS
from llmpost.policy.files.shipped import shipped_names
from llmpost.policy.guards import GuardEntry, Otherwise

_DETECTORS = frozenset(detectors_of({}))


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that a policy comes to."""

    policy: Policy
    guarding: Guarding
    """Its rules, in the order of its entries."""
    handed_in: tuple[str, ...]
    """What only the program that runs it knows."""
    needs_end: tuple[str, ...]
    """Why nothing of an output may be seen before its end; empty where it may."""
    forbidden: tuple[ForbidRule, ...]
    needs_key: bool
    """Whether hashes or pseudonyms depend on a key that the program hands in."""

    @classmethod
    def of(cls, policy: Policy) -> Portrait:
        """PolicyError where it means nothing."""
        handed_in = tuple(dict.fromkeys(_unknown(policy)))
        guarding = Checker(policy, stand_ins(handed_in)).guarding(policy)
        forbidden = forbidden_by(policy, None)
        return cls(
            policy,
            guarding,
            handed_in,
            tuple(dict.fromkeys(against_windows(guarding.rules))),
            () if forbidden is None else forbidden.rules,
            any(_is_keyed(action) for action in _actions(guarding)),
        )


def _unknown(policy: Policy) -> Iterator[str]:
    """Names of guards, policies and models that are none of ours."""
    entries = [inner for entry in policy.guards for inner in _within(entry)]
    entries += _instead(policy.budget.on_timeout)
    own = {entry.name for entry in policy.guards}
    otherwise = [
        policy.budget.on_timeout,
        *(each for entry in entries for each in (entry.on_timeout, entry.on_failure)),
    ]
    yield from (entry.use for entry in entries if entry.use not in _DETECTORS)
    yield from (each.name for each in otherwise if each.name is not None and each.name not in {*own, *_DETECTORS})
    for route in (action.argument or {} for entry in entries for action in _said(entry) if action.kind == "reroute"):
        yield from (name for key, name in route.items() if key == "model" or not _is_found(name))


def _within(entry: GuardEntry) -> Iterator[GuardEntry]:
    yield entry
    for otherwise in (entry.on_timeout, entry.on_failure):
        yield from _instead(otherwise)


def _instead(otherwise: Otherwise) -> Iterator[GuardEntry]:
    if otherwise.entry is not None:
        yield from _within(otherwise.entry)


def _said(entry: GuardEntry) -> Iterator[Action]:
    yield from (action for action in (entry.action, *entry.actions.values()) if action is not None)
    yield from (action for tiers in entry.thresholds.values() for _, action in tiers)


def _is_found(policy: str) -> bool:
    return policy.endswith(ENDINGS) or policy in shipped_names()


def _actions(guarding: Guarding) -> Iterator[Action]:
    for asked in guarding.rules:
        for rule in rules_within(asked):
            yield from actions_of(rule)


def _is_keyed(action: Action) -> bool:
    is_keyed_name = action.kind == "pseudonymise" and (action.argument or {}).get("style") == "keyed"
    return action.kind == "hash" or is_keyed_name
