"""The options are the settings, the load options and the names of later versions: one name everywhere."""

from argparse import Namespace
from dataclasses import fields

import pytest

from llmpost.cli import generate_options, setting_options
from llmpost.cli.arguments import Parser
from llmpost.cli.setting_options import add_settings, given_settings, option_of
from llmpost.engine import json_options, language, request
from llmpost.models import LoadOptions
from llmpost.policy import SETTINGS


def parse(*words: str) -> Namespace:
    parser = Parser("llmpost generate", allow_abbrev=False)
    parser.set_defaults(parser=parser)
    generate_options.add_options(parser)
    return parser.parse_everything(words)


def test_every_setting_is_an_option_with_its_help() -> None:
    """A row of the table is an option of the same name, described in the table's words."""
    parser = Parser("llmpost generate")
    add_settings(parser)
    options = {option: action for action in parser._actions for option in action.option_strings}
    for name, setting in SETTINGS.items():
        assert setting.help in str(options[option_of(name)].help)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--preset", "creative"], {"preset": "creative"}),
        (["--temperature", "0"], {"temperature": 0}),
        (["--top-p=0.9", "--top-k", "50"], {"top_p": 0.9, "top_k": 50}),
        (["--presence-penalty", "-1.5"], {"presence_penalty": -1.5}),
        (["--do-sample"], {"do_sample": True}),
        (["--no-do-sample"], {"do_sample": False}),
        (["--stop", "\n", "--stop", "[1]"], {"stop": ["\n", "[1]"]}),
        (["--suppress-tokens", "5", "--suppress-tokens", "[6, 7]"], {"suppress_tokens": [5, 6, 7]}),
        (["--eos-token-id", "1"], {"eos_token_id": [1]}),
        (["--bad-words-ids", "[[5, 6], [7]]"], {"bad_words_ids": [[5, 6], [7]]}),
        (["--logit-bias", '{"50": -1.5}'], {"logit_bias": {"50": -1.5}}),
        (["--sequence-bias", "[[[5, 6], 2.0]]"], {"sequence_bias": [[[5, 6], 2.0]]}),
        (["--penalty-window", "output"], {"penalty_window": "output"}),
        (["--penalty-window", "64"], {"penalty_window": 64}),
        (["--order", "temperature", "--order", "top_k"], {"order": ["temperature", "top_k"]}),
        ([], {}),
    ],
)
def test_words_become_values(words: list[str], expected: dict[str, object]) -> None:
    """What the command line says is what the keyword would say in Python."""
    assert given_settings(parse(*words)) == expected


def test_every_kind_of_setting_is_known() -> None:
    """No setting has a type that the command line would read in a way nobody thought of."""
    kinds = {setting_options._kind(name) for name in SETTINGS}
    assert {str, None} & kinds == {str, None}
    assert [name for name in SETTINGS if setting_options._kind(name) is str] == ["preset"]
    assert [name for name in SETTINGS if setting_options._kind(name) is None] == ["penalty_window"]


def test_model_options_are_load_options() -> None:
    """Each is a field of LoadOptions, and all but the one that is an object are there."""
    assert set(generate_options.MODEL_OPTIONS) == {f.name for f in fields(LoadOptions)} - {"quantization_config"}


def test_json_options_are_the_engines() -> None:
    """What says how a schema is meant has one name everywhere."""
    assert generate_options.JSON_OPTIONS == json_options.JSON_OPTIONS
    assert (*generate_options.CONSTRAINTS, "language") == language.KINDS  # which is written in Python alone


def test_later_names_are_the_engines() -> None:
    """What the engine refuses by name the command line refuses by name."""
    assert generate_options.LATER == request._LATER
