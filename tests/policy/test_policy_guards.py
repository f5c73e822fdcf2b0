"""The guards of a policy: their shape, their four-part errors, and what makes two policies the same."""

import json
from typing import Any

import pytest
import yaml

from llmpost.contracts.action import Action
from llmpost.errors import PolicyError
from llmpost.policy import Policy


def policy(**keys: Any) -> Policy:
    return Policy.from_dict({"version": 1, "name": "guarded", **keys})


def test_an_entry_is_read_key_by_key() -> None:
    """Keys of every guard are read here; all others are the detector's own, as they were written."""
    entry = {
        "use": "pii", "name": "people", "action": {"mask": {"keep": 4}}, "actions": {"US_SSN": "block"},
        "thresholds": {"PERSON": {"block": 0.9, "log": 0.2}}, "on": ["input", "output"], "timeout_ms": 20,
        "on_timeout": "skip", "on_failure": {"use": "list", "phrases": ["x"]}, "on_invalid": "skip",
        "entities": {"EMAIL_ADDRESS": 0.5}, "allow": None,
    }  # fmt: skip
    (read,) = policy(guards=[entry]).guards
    assert (read.use, read.name, read.sides) == ("pii", "people", {"input", "output"})
    assert read.action is not None
    assert (read.action.kind, read.action.argument) == ("mask", {"keep": 4})
    assert read.actions == {"US_SSN": Action("block")}
    assert read.thresholds == {"PERSON": ((0.2, Action("log")), (0.9, Action("block")))}
    assert (read.timeout_ms, read.on_timeout.kind, read.on_invalid) == (20.0, "skip", "skip")
    assert read.on_failure.entry is not None
    assert read.on_failure.entry.options == {"phrases": ("x",)}
    assert read.options == {"entities": {"EMAIL_ADDRESS": 0.5}}


def test_yaml_has_a_word_of_its_own_for_on() -> None:
    """YAML 1.1 reads the key `on` as true; an entry means what its writer meant."""
    written = "{version: 1, name: guarded, guards: [{use: pii, on: input}]}"
    assert Policy.from_dict(yaml.safe_load(written)).digest == policy(guards=[{"use": "pii", "on": "input"}]).digest


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"guards": "pii"}, "policy.guards: 'pii' is not a list of guards."),
        ({"guards": ["pii"]}, "policy.guards[0]: 'pii' is not a guard."),
        ({"guards": [{"action": "block"}]}, "policy.guards[0].use: None is not a name."),
        ({"guards": [{"use": "a"}, {"use": "a"}]}, "policy.guards[1].name: 'a' is not a name of its own."),
        (
            {"guards": [{"use": "a"}, {"use": "b", "on_failure": "blok"}]},
            "policy.guards[1].on_failure: 'blok' is not one of block, skip or {use: another guard}. "
            "Did you mean 'block'?",
        ),
        ({"guards": [{"use": "a", "on_failure": {"use": ""}}]}, "policy.guards[0].on_failure.use: '' is not a name."),
        (
            {"guards": [{"use": "a", "action": "redakt"}]},
            "policy.guards[0].action: 'redakt' is not an action. Did you mean 'redact'?",
        ),
        (
            {"guards": [{"use": "a", "action": {"retry": {"times": 0}}}]},
            "policy.guards[0].action.retry.times: 0 is not",
        ),
        ({"guards": [{"use": "a", "action": {"retry": {"tims": 1}}}]}, "policy.guards[0].action.retry: 'tims' is not"),
        ({"guards": [{"use": "a", "action": {"replace": ""}}]}, "policy.guards[0].action.replace: '' is not a text"),
        ({"guards": [{"use": "a", "action": {"block": 3}}]}, "policy.guards[0].action.block: 3 is not needed."),
        ({"guards": [{"use": "a", "action": "reroute"}]}, "policy.guards[0].action: reroute alone is not enough."),
        ({"guards": [{"use": "a", "actions": {"X": "no"}}]}, "policy.guards[0].actions.X: 'no' is not an action."),
        (
            {"guards": [{"use": "a", "thresholds": {"any": {"block": 0.2, "review": 0.4}}}]},
            "policy.guards[0].thresholds.any: block at 0.2 below review at 0.4 is not an order in which both happen.",
        ),
        (
            {"guards": [{"use": "a", "thresholds": {"any": {"block": 1.2}}}]},
            "policy.guards[0].thresholds.any.block: 1.2 is not a score from 0 to 1.",
        ),
        ({"guards": [{"use": "a", "on": "outpt"}]}, "policy.guards[0].on: 'outpt' is not input, output or"),
        ({"guards": [{"use": "a", "timeout_ms": 0}]}, "policy.guards[0].timeout_ms: 0 is not a number of milli"),
        ({"guards": [{"use": "a", "on_invalid": "fix"}]}, "policy.guards[0].on_invalid: 'fix' is not block or skip."),
        ({"guards": [{"use": "a", "shape": object}]}, "policy.guards[0].shape: <class 'object'> is not plain data."),
        ({"guards": [{"use": "a", "score": float("nan")}]}, "policy.guards[0].score: nan is not plain data."),
        ({"budget": 3}, "policy.budget: 3 is not a mapping."),
        ({"budget": {"total": 3}}, "policy.budget: 'total' is not a key of a budget. Did you mean 'total_ms'?"),
        ({"budget": {"on_timeout": "skip"}}, "policy.budget: a budget without total_ms is not a limit."),
        ({"release": "windw"}, "policy.release: 'windw' is not window or at_end. Did you mean 'window'?"),
        ({"notice": 3}, "policy.notice: 3 is not a text."),
    ],
)
def test_a_mistake_is_named_with_its_place(keys: dict[str, Any], message: str) -> None:
    """Each wrong key or value is an error of four parts that names where it stands."""
    with pytest.raises(PolicyError) as caught:
        policy(**keys)
    assert str(caught.value).startswith(message)
    assert caught.value.hint


def test_the_digest_has_all_that_guards_are_told() -> None:
    """Equal content has an equal digest whatever the order of keys; each word that is said changes it."""
    base = {"guards": [{"use": "pii", "action": "redact"}], "notice": "[cut]", "budget": {"total_ms": 9}}
    others: list[dict[str, Any]] = [
        {**base, "guards": [{"use": "pii", "action": "block"}]},
        {**base, "guards": [{"use": "pii", "action": "redact", "entities": ["US_SSN"]}]},
        {**base, "notice": "[gone]"},
        {**base, "budget": {"total_ms": 10}},
        {**base, "release": "at_end"},
    ]
    same = {"budget": {"total_ms": 9}, "notice": "[cut]", "guards": [{"action": "redact", "use": "pii", "name": None}]}
    assert policy(**base).digest == policy(**same).digest
    assert len({policy(**keys).digest for keys in (base, *others)}) == 1 + len(others)


def test_what_is_canonical_is_a_policy_again() -> None:
    """The canonical form is plain JSON, and read again it is the same policy."""
    written = policy(
        guards=[{"use": "list", "phrases": ["a", "b"], "thresholds": {"any": {"log": 0}}}], release="at_end"
    )
    again = Policy.from_dict(json.loads(json.dumps(written.canonical)))
    assert again.digest == written.digest
    assert again.guards == written.guards


def test_a_policy_is_frozen() -> None:
    """Whoever changes what a policy was read from changes no policy."""
    phrases = ["a"]
    read = policy(guards=[{"use": "list", "phrases": phrases}])
    phrases.append("b")
    assert read.guards[0].options["phrases"] == ("a",)
    with pytest.raises(TypeError):
        read.guards[0].options["phrases"] = ("c",)  # type: ignore[index]
