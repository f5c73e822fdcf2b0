"""Bad input: each ends in a four-part error before any work is done."""

from pathlib import Path
from typing import Any

import pytest

import llmpost
from llmpost.engine import Engine
from llmpost.errors import LlmpostError, ModelError, PolicyError, RequestError
from llmpost.testing import ScriptedModel, random_script, scripted_engine

LETTERS = [bytes([97 + i]) for i in range(26)]

TABLE: list[tuple[Any, dict[str, Any], str]] = [
    ("", {}, "prompt: an empty prompt is not a prompt of at least one token"),
    ([], {}, "an empty prompt"),
    ("a" * 70, {}, "a prompt of 70 tokens is not shorter than the model's context of 64"),
    ([0, 26], {}, r"prompt\[1\]: token id 26 is not in this model's vocabulary of 26"),
    ([0, -1], {}, "token id -1"),
    (7, {}, "prompt: a int is not a string"),
    ([{"role": "user", "content": "a"}], {}, "messages: "),
    ("a", {"top_p": 0}, "top_p: 0 is not a number above 0 and at most 1. Use 1"),
    ("a", {"top_p": 2}, "top_p: 2 is not"),
    ("a", {"top_p": float("nan")}, "top_p: nan is not"),
    ("a", {"top_p": "0.9"}, "top_p: '0.9' is not"),
    ("a", {"temperature": -0.1}, "temperature: -0.1 is not a number from 0 up"),
    ("a", {"temperature": 10**400}, "is not a number from 0 up"),
    ("a", {"temperature": True}, "temperature: True is not"),
    ("a", {"temperature": float("inf")}, "temperature: inf"),
    ("a", {"temprature": 1}, "'temprature' is not a known keyword. Did you mean 'temperature'?"),
    ("a", {"top_k": -1}, "top_k: -1 is not a whole number from 0 up"),
    ("a", {"top_k": 2.5}, "top_k: 2.5 is not"),
    ("a", {"stop": ""}, "stop: '' is not a string or a list of strings, none empty"),
    ("a", {"stop": ["x", ""]}, "none empty"),
    ("a", {"max_new_tokens": 0}, "max_new_tokens: 0 is not a whole number from 1 up"),
    ("a", {"repetition_penalty": 0}, "repetition_penalty: 0 is not a number above 0"),
    ("a", {"logit_bias": {26: 1.0}}, "logit_bias: token id 26 is not in this model's vocabulary"),
    ("a", {"logit_bias": {0: float("inf")}}, "logit_bias: {0: inf} is not"),
    ("a", {"suppress_tokens": [99]}, "suppress_tokens: token id 99"),
    ("a", {"bad_words_ids": [[]]}, r"bad_words_ids: \[\[\]\] is not a list of lists of token ids, none empty"),
    ("a", {"n": 2, "temperature": 0}, "with greedy decoding"),
    ("a", {"temperature": 0, "do_sample": True}, "0 with do_sample"),
    ("a", {"order": ["topk"]}, "'topk' is not the name of a stage, once. Did you mean 'top_k'?"),
    ("a", {"order": ["top_p"], "top_p": 0.5, "top_k": 3}, "an order without top_k"),
    ("a", {"order": ["top_k", "top_k"], "top_k": 3}, "Name each stage once"),
    ("a", {"schema": {"type": "objec"}}, "schema at /type"),
    ("a", {"grammar": "a+"}, "'grammar' is not in this version yet"),
    ("a", {"num_beams": 4}, "'num_beams' is not in this version yet"),
    ("a", {"template": "yes"}, "template: 'yes' is not true or false"),
    ("a", {"logits_processor": [1]}, "logits_processor"),
    ("a", {"policy": "strct"}, "'strct' is not a policy that ships with llmpost"),
    ("a", {"policy": 3}, "policy: a int"),
]


@pytest.mark.parametrize(("prompt", "arguments", "message"), TABLE, ids=[f"{p!r:.12}-{a}" for p, a, _ in TABLE])
def test_bad_input_is_refused_before_any_work(prompt: Any, arguments: dict[str, Any], message: str) -> None:
    """The error names where, what was given, what is allowed and what to do; the model was never called."""
    engine = scripted_engine(random_script(26), LETTERS, context_length=64)
    with pytest.raises(LlmpostError, match=message) as caught:
        engine.generate(prompt, **arguments)
    assert all((caught.value.where, caught.value.given, caught.value.allowed, caught.value.hint))
    assert isinstance(engine.loaded.model, ScriptedModel)
    assert engine.loaded.model.num_forwards == 0


def test_a_list_of_the_wrong_length_is_refused() -> None:
    """One value for all, or one for each: anything else names both numbers."""
    engine = scripted_engine(random_script(26), LETTERS)
    with pytest.raises(RequestError, match="a list of 3 is not one value, or a list with one for each of 2 requests"):
        engine.generate(["a", "b"], seed=[1, 2, 3])


def test_lists_that_are_values_are_told_from_lists_of_values() -> None:
    """Stop strings for all are a list; a list of lists is one for each request."""
    engine = scripted_engine(lambda tokens: [float(i == len(tokens) % 26) for i in range(26)], LETTERS)
    for_all = engine.generate(["a", "a"], temperature=0, max_new_tokens=6, stop=["d", "x"])
    assert [r.text for r in for_all] == ["bc", "bc"]
    for_each = engine.generate(["a", "a"], temperature=0, max_new_tokens=6, stop=[["d"], None])
    assert [r.text for r in for_each] == ["bc", "bcdefg"]


def test_a_folder_without_a_tokenizer(random_model_folder: Path, tmp_path: Path) -> None:
    """A model folder that lacks its tokenizer says that the tokenizer is missing."""
    for name in ("config.json", "model.safetensors", "generation_config.json"):
        (tmp_path / name).write_bytes((random_model_folder / name).read_bytes())
    with pytest.raises(ModelError, match="tokenizer cannot be read"):
        Engine.load(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("./nothing-here", "a path where nothing is"),
        ("/nothing/here", "a path where nothing is"),
        (".", "a folder without config.json"),
    ],
)
def test_a_model_that_is_not_there(name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is no model is refused without asking any hub."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=message):
        Engine.load(name)


def test_broken_weights(random_model_folder: Path, tmp_path: Path) -> None:
    """Weights that cannot be read are named as such."""
    for file in random_model_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"not safetensors")
    with pytest.raises(ModelError, match="weights cannot be read"):
        Engine.load(str(tmp_path))


def test_unknown_load_option(random_model_folder: Path) -> None:
    """An option of ``Engine.load`` that does not exist is refused with a suggestion; so is an unknown dtype."""
    with pytest.raises(ModelError, match=r"'dtyp' is not an option of Engine.load. Did you mean 'dtype'\?"):
        Engine.load(str(random_model_folder), dtyp="float32")
    with pytest.raises(ModelError, match="'int7' is not one of float32"):
        Engine.load(str(random_model_folder), dtype="int7")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, r"policy.version: a policy without one is not 1"),
        ({"version": 2}, "policy.version: 2 is not 1"),
        ({"version": 1, "decod": {}}, "'decod' is not a key of a policy. Did you mean 'decode'?"),
        (
            {"version": 1, "extends": "bear"},
            "policy.extends: 'bear' is not a policy that ships .* Did you mean 'bare'?",
        ),
        ({"version": 1, "speculate": "auto"}, "policy.speculate: 'speculate' is not in this version yet"),
        ({"version": 1, "decode": {"top_q": 1}}, "policy.decode: 'top_q' is not a setting. Did you mean 'top_"),
        ({"version": 1, "decode": {"top_p": 3}}, "policy.decode.top_p: 3 is not a number above 0 and at most 1"),
        ({"version": 1, "decode": []}, "policy.decode"),
        ({"version": 1, "name": ""}, "policy.name: '' is not a word or two"),
        ([], "policy: a list is not a mapping"),
    ],
)
def test_bad_policies(given: Any, message: str) -> None:
    """A policy with a key or value that cannot be done says which, and what is allowed."""
    with pytest.raises(PolicyError, match=message):
        llmpost.Policy.from_dict(given)
