"""The published schema against the readers: jsonschema is the oracle of the one, reading a policy that of the other."""

import json
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from random_policies import POLICIES, broken_policies

from llmpost.engine import Checker
from llmpost.engine.policy_schema import published_schema
from llmpost.engine.stand_ins import stand_ins
from llmpost.errors import PolicyError
from llmpost.policy import SETTINGS, Policy

SCHEMA = Draft202012Validator(published_schema())
AROUND = stand_ins(["tickets"])
UNSAID = (
    "an order in which both happen",  # tiers whose thresholds are in the order of their strength
    "a name of its own",  # two guards of one name
    "a part of total_ms",  # limits that add up
    "possible: this policy came from no file",  # a schema, a list or a parent by the name of a file
    "a policy that ships with llmpost",  # a parent that is not there
)
"""What a schema cannot say, by what is allowed in its place. Nor does it tell 3.0 from 3, see variables of the
environment where they may not stand, or know a null rule, or guard, that takes away what a parent does not have."""


def reads(policy: dict[str, Any]) -> bool | None:
    """None where a schema cannot say."""
    try:
        Policy.from_dict(policy)
    except PolicyError as error:
        return None if error.allowed.endswith(UNSAID) else False
    return True


def means_something(policy: dict[str, Any]) -> bool:
    try:
        Checker(Policy.from_dict(policy), AROUND)
    except PolicyError:
        return False
    return True


def without_nulls(value: Any) -> Any:
    """Mappings without keys that say nothing; an action may be written so."""
    if isinstance(value, dict):
        said = {key: inner for key, inner in value.items() if inner is not None}
        return {key: inner if key in ("action", "actions") else without_nulls(inner) for key, inner in said.items()}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def test_it_is_a_schema() -> None:
    """Of the draft that it names."""
    Draft202012Validator.check_schema(published_schema())


def test_the_file_that_ships_is_the_schema() -> None:
    """`policies/policy.schema.json` is what `llmpost policy schema` prints."""
    shipped = Path(__file__).parents[2] / "policies" / "policy.schema.json"
    hint = "Run: llmpost policy schema > policies/policy.schema.json"
    assert json.loads(shipped.read_text("utf-8")) == published_schema(), hint


def test_every_setting_is_described() -> None:
    """An editor says of each what the table says."""
    described = published_schema()["properties"]["decode"]["properties"]
    assert list(described) == list(SETTINGS)
    assert all(row.help in described[name]["description"] for name, row in SETTINGS.items())


@given(POLICIES)
@settings(max_examples=3000, deadline=None)
def test_a_valid_policy_is_accepted(policy: dict[str, Any]) -> None:
    """By the readers and by the schema: random policies are valid ones."""
    assert reads(policy) is not False
    assert SCHEMA.is_valid(policy), next(SCHEMA.iter_errors(policy)).message


@given(broken_policies())
@settings(max_examples=300, deadline=None)
@example({"version": 1, "trace": {"seal": {"env": "K"}}})
@example({"version": 1, "constraint": {"regex": "a", "choice": ["b"]}})
@example({"version": 1, "constraint": {"regex": "a", "strict": True}})
@example({"version": 1, "guards": [{"use": "tickets", "action": "replace"}]})
@example({"version": 1, "guards": [{"name": "pii"}]})
@example({"version": 2})
def test_what_the_schema_accepts_is_read(policy: dict[str, Any]) -> None:
    """With the exceptions that are listed: nothing that an editor lets pass is refused for its shape."""
    if SCHEMA.is_valid(policy):
        assert reads(policy) is not False


@given(st.one_of(POLICIES, broken_policies()))
@settings(max_examples=3000, deadline=None)
def test_what_means_something_is_accepted_by_the_schema(policy: dict[str, Any]) -> None:
    """No false alarm: what an editor marks is refused when the policy is loaded, by its readers or by the engine; but
    for a null, which a reader takes for nothing under whatever key."""
    if not SCHEMA.is_valid(policy) and not SCHEMA.is_valid(without_nulls(policy)):
        assert not means_something(policy), next(SCHEMA.iter_errors(policy)).message
