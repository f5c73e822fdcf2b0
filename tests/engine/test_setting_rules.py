"""What is told of settings without a model is what a request is told with one."""

from typing import Any

import pytest

from llmpost.engine.assemble import assemble
from llmpost.engine.setting_rules import STAGES, check_alone, stages_in_force
from llmpost.errors import RequestError
from llmpost.logits import ORDER
from llmpost.policy import read_settings
from llmpost.testing import random_script, scripted_engine

TOKENS = [*(bytes([octet]) for octet in range(32, 127)), b"<end>"]
LOADED = scripted_engine(random_script(len(TOKENS)), TOKENS, (len(TOKENS) - 1,)).loaded
GIVEN: list[dict[str, Any]] = [
    {"no_repeat_ngram_size": 2}, {"no_repeat_ngram_size": 0}, {"min_new_tokens": 3}, {"min_new_tokens": 0},
    {"forced_tokens": [1]}, {"forced_tokens": []}, {"logit_bias": {1: 0.5}}, {"sequence_bias": [[[1], 2.0]]},
    {"bad_words_ids": [[1]]}, {"suppress_tokens": [1]}, {"begin_suppress_tokens": [1]}, {"repetition_penalty": 1.1},
    {"repetition_penalty": 1.0}, {"presence_penalty": 0.1}, {"presence_penalty": 0}, {"frequency_penalty": 0.1},
    {"temperature": 0.5}, {"temperature": 1.0}, {"temperature": 0}, {"top_k": 4}, {"top_k": 0}, {"top_p": 0.5},
    {"top_p": 1.0}, {"min_p": 0.1}, {"min_p": 0},
]  # fmt: skip


def test_the_names_of_stages_are_those_that_there_are() -> None:
    """An order of a policy names the stages that requests have, and the default order is the same."""
    assert tuple(STAGES) == tuple(ORDER)


@pytest.mark.parametrize("given", GIVEN)
def test_a_setting_switches_the_same_stage_on_without_a_model(given: dict[str, Any]) -> None:
    """A policy's order that leaves out a stage which its own settings switch on is refused alone exactly when it is
    refused with a model that adds nothing."""
    settings = read_settings({"top_k": 0, **given, "order": []}, "decode", RequestError)
    if stages_in_force(settings):
        with pytest.raises(RequestError, match="an order without"):
            check_alone(settings)
        with pytest.raises(RequestError, match="an order without"):
            assemble(settings, LOADED)
    else:
        check_alone(settings)
        assert assemble(settings, LOADED).chain.stages == ()
