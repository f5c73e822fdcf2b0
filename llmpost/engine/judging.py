"""Judging: which language models the guards of a policy ask, and who writes texts anew.

Guards know no models: here the names in a policy become text models, those that the program handed in before all
others. Nothing is loaded before it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Guard
from llmpost.contracts.text_model import TextModel
from llmpost.engine.text_models import as_text_model, text_model
from llmpost.errors import ModelError, PolicyError
from llmpost.guards.judge import guard as judge
from llmpost.guards.judge.rubric import filled, read_rubric
from llmpost.guards.options import Options
from llmpost.models.openai.address import Address, is_address
from llmpost.policy.guards import GuardEntry

FindModel: TypeAlias = Callable[[str], TextModel]

_DEFAULT_ROUNDS = 2
_WITHOUT = "Write the text anew without what was found in it: {labels}."


def models_among(handed_in: Mapping[str, Any]) -> FindModel:
    """From a name to its model: one that was handed in, or one that can be had by that name."""
    if not handed_in:
        return text_model

    def find(name: str) -> TextModel:
        return as_text_model(name, handed_in[name]) if name in handed_in else text_model(name)

    return find


def build_judge(options: Options, find: FindModel) -> Guard:
    """The guard, without any model yet; PolicyError where one is named that can be none."""
    guard = judge.build(options, find)
    for name in judge.models_of(options):
        if is_address(name):
            try:
                Address.of(name)
            except ModelError as error:
                raise PolicyError(f"{options.where}.model", error.given, error.allowed, error.hint) from error
    return guard


def with_writer(action: Action, entry: GuardEntry) -> Action:
    """Of `rewrite`: who writes, by which instruction, how often at most; what it leaves open is the judge's own."""
    if action.kind != "rewrite":
        return action
    told: Mapping[str, Any] = action.argument or {}
    where = f"{entry.where}.rewrite"
    own = Options(entry.options, entry.where) if entry.use == "judge" else None
    if "model" not in told and own is None:
        raise PolicyError(where, "rewrite without a model", "possible here", "Write {rewrite: {model: ...}}.")
    argument = {
        "model": told["model"] if "model" in told else judge.models_of(cast("Options", own))[0],
        "times": told.get("times", _DEFAULT_ROUNDS),
        "instruction": _instruction(told, own, where),
    }
    return Action("rewrite", MappingProxyType(argument))


def _instruction(told: Mapping[str, Any], own: Options | None, where: str) -> str:
    if "rubric" in told:
        rubric = read_rubric(told["rubric"], f"{where}.rubric").with_values({}, f"{where}.rubric")
    elif own is not None:
        rubric = judge.rubric_of(own)
    else:
        return _WITHOUT
    return filled(rubric.rewrite, {"rule": rubric.rule})
