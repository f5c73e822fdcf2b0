"""Guarding: the guards of a policy, built, and what they mean together.

A policy's shape was checked where it was read. Here each entry's detector is found and built, names that refer to other
guards are resolved, and what cannot be is refused: a stream whose guards need the whole text, for one. Asking guards is
the business of `guards`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from llmpost.contracts.action import REPLACES_ANSWER, Action
from llmpost.contracts.guard import Guard
from llmpost.engine.guard_models import ASKING
from llmpost.engine.json_document import JsonDocument
from llmpost.engine.judging import FindModel, build_judge, with_writer
from llmpost.engine.surroundings import Surroundings
from llmpost.engine.text_models import text_model
from llmpost.errors import ConstraintError, PolicyError, RequestError, suggestion
from llmpost.guards import schema
from llmpost.guards.catalogue import BLOCK, CATALOGUE, Build, Detector
from llmpost.guards.fixed_texts import actions_of, rules_within
from llmpost.guards.named import named
from llmpost.guards.options import Options
from llmpost.guards.possible_scores import possible_scores
from llmpost.guards.rule import ANY, Fallback, Guarding, Release, Rule, Tier
from llmpost.policy import Policy
from llmpost.policy.files.shipped import shipped_names
from llmpost.policy.guards import KEYS, GuardEntry, Otherwise
from llmpost.policy.plain import thawed

_OF_ANSWERS = ("retry", "rewrite")
_LOG = Action("log")
_HINT_AT_END = "Write release: at_end, or leave release out."


def build_guarding(policy: Policy, detectors: Mapping[str, Detector]) -> Guarding:
    """All rules of the policy, ready to be asked; PolicyError where they mean nothing together."""
    builder = _Builder(policy, detectors)
    rules = tuple(builder.rule(entry, ()) for entry in policy.guards)
    where = "policy.budget.on_timeout"
    return Guarding(
        rules,
        policy.budget.guard_seconds,
        builder.fallback(policy.budget.on_timeout, where, ()),
        _release(policy, rules),
        policy.notice,
    )


def detectors_of(own: Mapping[str, Guard], find_model: FindModel = text_model) -> Mapping[str, Detector]:
    """The catalogue, and guards of one's own by the names that policies use for them."""
    given = {name: Detector(_as_it_is(guard), BLOCK) for name, guard in own.items()}
    built_here = {
        "judge": Detector(lambda options: build_judge(options, find_model), BLOCK),
        "schema": Detector(_build_schema, BLOCK),
        **ASKING,
    }
    return MappingProxyType({**CATALOGUE, **built_here, **given})


def packages_of(policy: Policy) -> tuple[str, ...]:
    """Whose versions decide with ours what the guards of a policy find."""
    named = [package for entry in policy.guards if entry.use in CATALOGUE for package in CATALOGUE[entry.use].packages]
    return tuple(dict.fromkeys(named))


def check_routes(guarding: Guarding, surroundings: Surroundings) -> None:
    """PolicyError where a text would be handed to a policy or a model that nobody knows."""
    for rule in (each for asked in guarding.rules for each in rules_within(asked)):
        for action in (action for action in actions_of(rule) if action.kind == "reroute"):
            _check_route(action.argument, f"guards.{rule.guard.name}.reroute", surroundings)


class _Builder:
    """The entries of one policy, each detector built once."""

    def __init__(self, policy: Policy, detectors: Mapping[str, Detector]) -> None:
        self._entries = {entry.name: entry for entry in policy.guards}
        self._detectors = detectors
        self._guards: dict[str, Guard] = {}

    def rule(self, entry: GuardEntry, way: tuple[str, ...]) -> Rule:
        """`way`: the places that led here; who is asked for want of himself would be asked for ever."""
        if entry.where in way:
            raise PolicyError(way[-1], "a circle of guards that stand in for each other", "one that ends", "Cut it.")
        detector = self._detector(entry)
        action = _LOG if detector.thresholds else entry.action or detector.action
        way = (*way, entry.where)
        rule = Rule(
            guard=self._guard(entry, detector),
            action=with_writer(action, entry),
            actions=MappingProxyType(
                {label: with_writer(each, entry) for label, each in _actions(entry, detector).items()}
            ),
            tiers=MappingProxyType(_tiers_by_label(entry, detector, self._guard(entry, detector))),
            sides=entry.sides,
            timeout_seconds=None if entry.timeout_ms is None else entry.timeout_ms / 1000,
            on_timeout=self.fallback(entry.on_timeout, f"{entry.where}.on_timeout", way),
            on_failure=self.fallback(entry.on_failure, f"{entry.where}.on_failure", way),
            on_invalid=entry.on_invalid,
        )
        _check_sides(rule, entry.where)
        return rule

    def fallback(self, otherwise: Otherwise, where: str, way: tuple[str, ...]) -> Fallback:
        if otherwise.kind != "use":
            return Fallback(otherwise.kind)
        entry = otherwise.entry or self._entries.get(otherwise.name or "")
        entry = entry or GuardEntry.read({"use": otherwise.name}, where)
        return Fallback("use", self.rule(entry, way))

    def _guard(self, entry: GuardEntry, detector: Detector) -> Guard:
        if entry.where not in self._guards:
            options = Options(entry.options, entry.where, KEYS)
            self._guards[entry.where] = named(detector.build(options), entry.name)
        return self._guards[entry.where]

    def _detector(self, entry: GuardEntry) -> Detector:
        if entry.use not in self._detectors:
            hint = suggestion(entry.use, self._detectors)
            raise PolicyError(f"{entry.where}.use", f"'{entry.use}'", "a guard that there is", hint)
        return self._detectors[entry.use]


def _check_route(route: Mapping[str, str], where: str, surroundings: Surroundings) -> None:
    model = route.get("model")
    if model is not None and model not in surroundings.models:
        hint = suggestion(model, surroundings.models) if surroundings.models else "Pass Engine.load(models={...})."
        raise PolicyError(f"{where}.model", f"'{model}'", "a model that was handed in", hint)
    known = (*surroundings.policies, *shipped_names())
    if "policy" in route and route["policy"] not in known:
        hint = suggestion(route["policy"], known)
        raise PolicyError(f"{where}.policy", f"'{route['policy']}'", "a policy that ships, or was handed in", hint)


def _actions(entry: GuardEntry, detector: Detector) -> Mapping[str, Action]:
    """By label, but for those of which the detector's own tiers decide."""
    if ANY in entry.thresholds:
        return entry.actions
    return {label: action for label, action in entry.actions.items() if label not in detector.thresholds}


def _tiers_by_label(entry: GuardEntry, detector: Detector, guard: Guard) -> dict[str, tuple[Tier, ...]]:
    """As the policy says; of a label that is reported and about which it says nothing, as the detector does."""
    given = {label: _tiers(tiers, entry) for label, tiers in entry.thresholds.items()}
    if ANY in given:
        return given
    action = entry.action or detector.action
    reported = possible_scores(guard) or detector.thresholds
    least = {label: least for label, least in detector.thresholds.items() if label in (*reported, ANY)}
    own = {
        label: (Tier(score, with_writer(entry.actions.get(label, action), entry)),) for label, score in least.items()
    }
    return own | given


def _tiers(tiers: tuple[tuple[float, Action], ...], entry: GuardEntry) -> tuple[Tier, ...]:
    """An action beside tiers replaces what each of them would do."""
    return tuple(Tier(score, with_writer(entry.action or action, entry)) for score, action in tiers)


def _check_sides(rule: Rule, where: str) -> None:
    kinds = [action.kind for action in actions_of(rule) if action.kind in _OF_ANSWERS]
    if "input" in rule.sides and kinds:
        hint = "Write block, refuse or reroute, or on: output."
        given = f"{kinds[0]} beside input"
        raise PolicyError(f"{where}.on", given, "possible: nobody is asked again for a prompt", hint)


def _release(policy: Policy, rules: tuple[Rule, ...]) -> Release:
    """As the policy says, where that is possible; else piece by piece where nothing speaks against it."""
    reason = next(against_windows(rules), None)
    if policy.release == "window" and reason is not None:
        raise PolicyError("policy.release", f"'window' beside {reason}", "possible", _HINT_AT_END)
    return policy.release or ("window" if reason is None else "at_end")


def against_windows(rules: tuple[Rule, ...]) -> Iterator[str]:
    """Why nothing of a text may be seen before its end."""
    for rule in (each for asked in rules if "output" in asked.sides for each in rules_within(asked)):
        if rule.guard.reach is None:
            yield f"{rule.guard.name}, which needs the whole text"
        for action in actions_of(rule):
            if action.kind in REPLACES_ANSWER:
                yield f"{action.kind} by {rule.guard.name}, which replaces the whole answer"


def _build_schema(options: Options) -> Guard:
    """Which texts a schema takes is the constraints' to say."""
    return schema.build(options, _accepting)


def _accepting(given: Any, where: str) -> Callable[[str], bool]:
    try:
        return JsonDocument.of_schema(thawed(given)).accepts
    except (RequestError, ConstraintError) as error:
        raise PolicyError(where, error.given, error.allowed, error.hint) from error


def _as_it_is(guard: Guard) -> Build:
    """One's own guard takes no options: it was made with them."""

    def build(options: Options) -> Guard:
        options.finish()
        return guard

    return build
