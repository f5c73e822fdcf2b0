"""Judging: which language models the guards of a policy ask, and who writes texts anew.

Guards know no models: here the names in a policy become text models, those that the program handed in before all
others. Nothing is loaded before it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from llmpost.contracts.action import Action
from llmpost.contracts.text_model import TextModel
from llmpost.engine.text_models import as_text_model, text_model
from llmpost.errors import PolicyError
from llmpost.guards.judge.guard import models_of, rubric_of
from llmpost.guards.judge.rubric import filled, read_rubric
from llmpost.guards.options import Options
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


def with_writer(action: Action, entry: GuardEntry) -> Action:
    """Of `rewrite`: who writes, by which instruction, how often at most; what it leaves open is the judge's own."""
    if action.kind != "rewrite":
        return action
    told: Mapping[str, Any] = action.argument or {}
    where = f"{entry.where}.rewrite"
    judge = Options(entry.options, entry.where) if entry.use == "judge" else None
    if "model" not in told and judge is None:
        raise PolicyError(where, "rewrite without a model", "possible here", "Write {rewrite: {model: ...}}.")
    argument = {
        "model": told["model"] if "model" in told else models_of(cast("Options", judge))[0],
        "times": told.get("times", _DEFAULT_ROUNDS),
        "instruction": _instruction(told, judge, where),
    }
    return Action("rewrite", MappingProxyType(argument))


def _instruction(told: Mapping[str, Any], judge: Options | None, where: str) -> str:
    if "rubric" in told:
        rubric = read_rubric(told["rubric"], f"{where}.rubric").with_values({}, f"{where}.rubric")
    elif judge is not None:
        rubric = rubric_of(judge)
    else:
        return _WITHOUT
    return filled(rubric.rewrite, {"rule": rubric.rule})
