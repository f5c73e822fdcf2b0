"""Policies as data: the table of settings, digests, and what ships."""

from dataclasses import fields
from pathlib import Path

import pytest

from llmpost.errors import LlmpostError, PolicyError
from llmpost.policy import SETTINGS, Policy, Settings, read_settings

SHIPPED = sorted(path.stem for path in (Path(__file__).parents[2] / "policies").glob("*.yaml"))


def test_the_table_and_the_fields_are_the_same_names() -> None:
    """Every setting has a row that says what it may be, and every row is a field, in one order, but for the preset."""
    assert ["preset", *(f.name for f in fields(Settings))] == list(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_nonsense_is_refused_in_four_parts(name: str) -> None:
    """No setting takes an object of unknown type; the error names the setting and what is allowed."""
    with pytest.raises(LlmpostError) as caught:
        read_settings({name: object()}, "here", PolicyError)
    assert caught.value.where == f"here.{name}"
    assert caught.value.allowed == SETTINGS[name].allowed
    assert caught.value.hint


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_load_by_name(name: str) -> None:
    """Each file in policies/ is a valid policy that bears its file's name."""
    assert Policy.named(name).name == name


def test_default_equals_bare_as_long_as_there_are_no_guards() -> None:
    """The default policy changes nothing yet."""
    assert Policy.named("default").decode == Policy.named("bare").decode == Settings()


def test_equal_content_has_an_equal_digest() -> None:
    """The digest follows what is said and not how: key order and None make no difference, a value does."""
    one = Policy.from_dict({"version": 1, "name": "a", "decode": {"top_p": 0.9, "top_k": 3}})
    two = Policy.from_dict({"decode": {"top_k": 3, "top_p": 0.9, "seed": None}, "name": "a", "version": 1})
    other = Policy.from_dict({"version": 1, "name": "a", "decode": {"top_p": 0.8, "top_k": 3}})
    assert one.digest == two.digest != other.digest


def test_over_keeps_what_the_upper_does_not_say() -> None:
    """Settings over others: given values win, the rest shows through."""
    upper = read_settings({"temperature": 0, "stop": "x"}, "here", PolicyError)
    lower = read_settings({"temperature": 1, "top_k": 5}, "here", PolicyError)
    assert upper.over(lower).given() == {"temperature": 0.0, "top_k": 5, "stop": ("x",)}


def test_json_spellings_are_read() -> None:
    """What JSON can write means the same: string keys of a logit bias, lists for tuples."""
    given = {"logit_bias": {"7": -100, 3: 1}, "sequence_bias": [[[1, 2], -1.5]], "eos_token_id": 2}
    read = read_settings(given, "here", PolicyError)
    assert read.logit_bias == ((3, 1.0), (7, -100.0))
    assert read.sequence_bias == (((1, 2), -1.5),)
    assert read.eos_token_id == (2,)


def test_the_canonical_form_is_a_policy() -> None:
    """It can be read again, biases of tokens included, and is the same policy with the same digest."""
    decode = {"logit_bias": {"7": 1.5, 3: -2}, "sequence_bias": [[[1, 2], 0.5]]}
    policy = Policy.from_dict({"version": 1, "decode": decode})
    assert Policy.from_dict(policy.canonical) == policy
    assert Policy.from_dict(policy.canonical).digest == policy.digest
