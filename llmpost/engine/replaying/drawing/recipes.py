"""Recipes: under which settings an answer would be drawn if another policy held.

A record has the settings in force, of call, policy and model together. What differs from what the policy and the model
say alone, the call had said, and says still. What outputs are held to besides is not at hand here: where anything is,
or would be, nothing is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, cast

from llmpost.contracts.record import Record
from llmpost.engine.assemble import Recipe, assemble
from llmpost.engine.language import KINDS
from llmpost.engine.replaying.asked import NotKept
from llmpost.engine.replaying.drawing.facts import ModelFacts
from llmpost.errors import LlmpostError, RequestError
from llmpost.logits import RepetitionPenalty
from llmpost.models import LoadedModel
from llmpost.policy import Policy, Settings, read_settings

_HOLDING = ("forbid", *KINDS)
_ENDING = ("stop", "eos_token_id")
_ASKED_AGAIN = "asked again"
_NAMES = tuple(f.name for f in fields(Settings))


@dataclass(frozen=True, slots=True)
class _Width:
    vocab_size: int


@dataclass(frozen=True, slots=True)
class _Ends:
    end_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Model:
    """What stands for a loaded model where settings are put together."""

    model: _Width
    vocabulary: _Ends
    generation_config: Mapping[str, Any]


def recipe_under(record: Record, policy: Policy, old: Policy | None, facts: ModelFacts) -> Recipe:
    """NotKept, with the reason, where it cannot be told."""
    if record.trace.model != facts.name:
        raise NotKept("another model wrote it")
    own = next((each for each in (policy, old) if each and each.digest == record.trace.policy_digest), None)
    if own is None:
        raise NotKept("it was written under a policy that is not at hand")
    if any(name in record.trace.settings for name in _HOLDING) or _holds(policy):
        raise NotKept("it was, or would be, held to a constraint")
    try:
        given = _said_by_call(record, own, facts).over(policy.decode)
        recipe = _assembled(given, facts)
    except LlmpostError:
        raise NotKept("its settings cannot be put together any more") from None
    settings = recipe.settings
    if any(_plain(record.trace.settings.get(name)) != _plain(getattr(settings, name)) for name in _ENDING):
        raise NotKept("other strings or tokens would end it")
    if settings.conditional or settings.max_time is not None:
        raise NotKept("it was drawn in tries, or against the clock")
    if any(isinstance(stage, RepetitionPenalty) for stage in recipe.chain.effective):
        raise NotKept("a repetition penalty looks at more of a row than is kept")
    return recipe


def candidate_of(record: Record) -> int:
    """Whose noise it was: who is asked again is asked alone."""
    notes = [each.note for each in record.trace.inspections]
    return 0 if any(note.endswith(_ASKED_AGAIN) for note in notes) else record.candidate


def _said_by_call(record: Record, policy: Policy, facts: ModelFacts) -> Settings:
    """What a call said that its policy said too is taken for the policy's."""
    recorded = {name: value for name, value in record.trace.settings.items() if name in _NAMES}
    force = read_settings(_spelled(recorded), "trace.settings", RequestError)
    recipe = _assembled(policy.decode, facts)
    alone: dict[str, Any] = {**recipe.settings.given(), "do_sample": not recipe.chain.is_greedy}
    return Settings(**{name: value for name, value in force.given().items() if alone.get(name) != value})


def _spelled(settings: Mapping[str, Any]) -> dict[str, Any]:
    """As a policy spells them: pairs of token and bias are read from a mapping."""
    spelled = dict(settings)
    if spelled.get("logit_bias") is not None:
        spelled["logit_bias"] = {int(token): bias for token, bias in spelled["logit_bias"]}
    return spelled


def _assembled(given: Settings, facts: ModelFacts) -> Recipe:
    model = _Model(_Width(facts.vocab_size), _Ends(facts.end_ids), facts.generation_config)
    return assemble(given, cast("LoadedModel", model))


def _plain(value: Any) -> list[Any]:
    return list(value or ())


def _holds(policy: Policy) -> bool:
    return bool(policy.forbid) or policy.constraint is not None
