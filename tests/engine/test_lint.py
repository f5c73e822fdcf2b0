"""What lint says of a policy, question by question, and what it leaves unsaid."""

import subprocess
import sys
from typing import Any

import pytest

from llmpost.engine import Engine
from llmpost.engine.linting import Remark, lint
from llmpost.errors import PolicyError, RequestError
from llmpost.policy import Policy
from llmpost.policy.files.shipped import shipped_names
from llmpost.testing import random_script, scripted_engine

TOKENS = [*(bytes([octet]) for octet in range(32, 127)), b'{"', b'":', b"yes", b"<end>"]
REPLY: dict[str, Any] = {
    "type": "object",
    "properties": {"kind": {"enum": ["a", "ACME-1"]}, "n": {"const": "ACME-2"}, "mail": {"type": "string"}},
    "required": ["kind"],
    "additionalProperties": False,
}
ACME = {"regex": r"ACME-\d+"}
PII: dict[str, Any] = {"use": "pii"}


def remarks_on(**keys: Any) -> tuple[Remark, ...]:
    return lint(Policy.from_dict({"version": 1, "name": "linted", **keys}))


def told(remarks: tuple[Remark, ...]) -> list[tuple[str, str]]:
    return [(remark.severity, remark.where) for remark in remarks]


SAID: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"constraint": {"regex": "a("}}, [("error", "constraint.regex")]),
    ({"constraint": {"json_schema": False}}, [("error", "constraint.json_schema")]),
    ({"constraint": {"regex": "a(?!b)b"}}, [("error", "constraint.regex")]),
    ({"constraint": {"regex": "(secret|private) .*"}, "forbid": [{"phrase": "secret"}]}, []),
    (
        {"constraint": {"regex": "(secret|private) .*"}, "forbid": [{"phrase": "secret"}, {"phrase": "private"}]},
        [("error", "forbid")],
    ),
    ({"constraint": {"json_schema": {"const": "x ACME-12"}}, "forbid": ["US_SSN", ACME]},
     [("error", "forbid[1]"), ("error", "constraint.json_schema.const")]),
    ({"constraint": {"json_schema": REPLY}, "forbid": [ACME]},
     [("error", "constraint.json_schema.properties.n.const"),
      ("warning", "constraint.json_schema.properties.kind.enum[1]")]),
    ({"constraint": {"json_schema": {"properties": {"ACME-1": True}}}, "forbid": [ACME]},
     [("warning", "constraint.json_schema.properties.ACME-1")]),
    ({"constraint": {"json_schema": {"not": {"const": "ACME-1"}}}, "forbid": [ACME]}, []),
    ({"constraint": {"json_schema": REPLY}, "decode": {"stop": ["\nUser:"]}}, [("error", "decode.stop[0]")]),
    ({"constraint": {"json_schema": REPLY}, "decode": {"stop": ["}"]}}, [("error", "decode.stop[0]")]),
    ({"constraint": {"json_schema": REPLY}, "decode": {"stop": ["\n\n"]}}, [("warning", "decode.stop[0]")]),
    ({"constraint": {"regex": "[a-z]+(\n[a-z]+)*"}, "decode": {"stop": ["\n"]}}, []),
    ({"decode": {"stop": ["\nUser:", "User"]}}, [("warning", "decode.stop[0]")]),
    ({"decode": {"stop": ["\nUser:", "User:"]}}, []),
    ({"forbid": [{"phrase": "User"}], "decode": {"stop": ["\nUser:"]}}, [("error", "decode.stop[0]")]),
    ({"decode": {"order": ["temperature", "top_p"]}}, [("warning", "decode.order")]),
    ({"decode": {"order": ["temperature", "top_p"], "top_k": 0}}, []),
    ({"constraint": {"regex": "a{100}"}, "decode": {"max_new_tokens": 5}}, [("note", "decode.max_new_tokens")]),
    ({"constraint": {"regex": "a{10}"}, "decode": {"max_new_tokens": 5}}, []),
    ({"guards": [{**PII, "thresholds": {"EMAIL_ADDRESS": {"block": 0.96}}}]},
     [("error", "guards[0].thresholds.EMAIL_ADDRESS.block")]),
    ({"guards": [{**PII, "thresholds": {"any": {"block": 1.0}}}]}, []),
    ({"guards": [{**PII, "entities": ["URL"], "thresholds": {"any": {"block": 0.7}}}]},
     [("error", "guards[0].thresholds.any.block")]),
    ({"guards": [{**PII, "actions": {"E_MAIL": "mask"}}]}, [("error", "guards[0].actions.E_MAIL")]),
    ({"guards": [{**PII, "thresholds": {"any": {"block": 0.5}}, "actions": {"US_SSN": "mask"}}]},
     [("warning", "guards[0].actions.US_SSN")]),
    ({"guards": [{**PII, "action": "log", "thresholds": {"US_SSN": {"redact": 0.6, "block": 0.85}}}]},
     [("warning", "guards[0].thresholds.US_SSN")]),
    ({"guards": [{**PII, "on_failure": {"use": "secrets", "thresholds": {"JWT": {"log": 0.1, "block": 0.4}}}}]},
     [("warning", "guards[0].on_failure.thresholds.JWT.log")]),
    ({"guards": [{**PII, "allow": ["nobody", "a@b.com"]}]}, [("warning", "guards[0].allow[0]")]),
    ({"guards": [{"use": "phrases", "phrases": ["foo", "foo bar"]}]}, [("warning", "guards[0].phrases[1]")]),
    ({"guards": [{"use": "phrases", "phrases": ["foo", "foo bar"], "action": "redact"}]}, []),
    ({"guards": [{**PII, "on_timeout": "skip"}]}, [("warning", "guards[0].on_timeout")]),
    ({"guards": [{**PII, "timeout_ms": 500}], "budget": {"total_ms": 400, "on_timeout": "block"}},
     [("warning", "guards[0].timeout_ms")]),
    ({"guards": [{**PII, "timeout_ms": 300}], "budget": {"total_ms": 400}}, [("warning", "budget")]),
    ({"guards": [{"use": "leakage", "action": "retry"}], "decode": {"temperature": 0}, "release": "at_end"},
     [("warning", "guards[0].action")]),
    ({"guards": [{"use": "leakage", "on_failure": "skip"}]}, [("warning", "guards[0].on_failure")]),
    ({"guards": [{**PII, "on_failure": "skip"}]}, []),
    ({"notice": "Sorry."}, [("warning", "notice")]),
    ({"guards": [PII], "notice": "Sorry."}, []),
    ({"trace": {"store": "raw"}}, [("warning", "trace.store")]),
    ({"trace": {"store": "raw", "seal": {"env": "KEY"}}}, []),
    ({"guards": [PII], "release": "at_end"}, [("note", "release")]),
    ({"guards": [{"use": "leakage", "action": "retry"}]}, [("note", "release")]),
    ({"guards": [PII], "constraint": {"json_schema": REPLY}, "release": "window"}, [("warning", "release")]),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), SAID, ids=str)
def test_what_is_said(keys: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Each remark has its severity and the key that it is about; what may well be meant is left unsaid."""
    assert told(remarks_on(**keys)) == expected


def test_a_remark_has_four_parts_and_an_example() -> None:
    """A remark reads as an error does, and can be told as one; its example is told where nothing else shows it."""
    (remark,) = remarks_on(constraint={"regex": "[a-z]+"}, decode={"stop": ["###"]})
    assert remark.message == (
        "'###' is not in any text that can be written. Leave it out, or write it as the texts have it. "
        "For instance: 'a'"
    )
    assert isinstance(remark.error, PolicyError)
    assert str(remark.error) == f"decode.stop[0]: {remark.message}"


@pytest.mark.parametrize("name", shipped_names())
def test_nothing_is_wrong_with_a_policy_that_ships(name: str) -> None:
    """Of a policy that ships there is no error and no warning."""
    policy = Policy.named(name)
    assert all(remark.severity == "note" for remark in lint(policy))


WRITTEN: list[dict[str, Any]] = [
    {"regex": "[ab]{7}"},
    {"choice": ["yes yes", "yes"]},
    {"json_schema": {"enum": ["yes"]}},
    {"json_schema": REPLY},
]


@pytest.mark.parametrize("constraint", WRITTEN, ids=str)
def test_with_a_model_lengths_are_its_own(constraint: dict[str, Any]) -> None:
    """With a model too few tokens are an error, exactly where a request of it is refused for that."""
    scripted = scripted_engine(random_script(len(TOKENS)), TOKENS, (len(TOKENS) - 1,))
    for most in range(1, 16):
        policy = Policy.from_dict({"version": 1, "constraint": constraint, "decode": {"max_new_tokens": most}})
        is_told = ("error", "decode.max_new_tokens") in told(lint(policy, scripted.loaded))
        assert is_told == is_refused(Engine(scripted.loaded, policy))


def is_refused(engine: Engine) -> bool:
    try:
        engine.generate("say", temperature=0)
    except RequestError as error:
        return error.where == "generate.max_new_tokens"
    return False


HOSTILE: list[dict[str, Any]] = [
    {"constraint": {"regex": "(a|b)*a(a|b){18}"}, "forbid": [{"regex": "(a|b)*b(a|b){18}c"}]},
    {"constraint": {"regex": "((a{0,200}b){0,200}c){0,200}"}, "forbid": [{"regex": "(a{3,200}b){4,200}c"}]},
    {"forbid": [{"regex": f"(a|b)*{letter}(a|b){{12}}x"} for letter in "cdefghijklmnopqrstuv"]},
    {"constraint": {"json_schema": {"enum": [f"v-{n}@x.com" for n in range(3000)]}}, "guards": [PII]},
    {"constraint": {"quote": "lorem ipsum dolor " * 20000}, "forbid": ["US_SSN", "EMAIL_ADDRESS"]},
    {"guards": [{"use": "phrases", "phrases": [f"phrase number {n}" for n in range(3000)]}]},
]


@pytest.mark.parametrize("keys", HOSTILE, ids=range(len(HOSTILE)))
def test_a_question_that_takes_too_long_is_given_up(keys: dict[str, Any]) -> None:
    """Where there is next to no time nothing is claimed that takes a search, and each question that was left is
    named."""
    policy = Policy.from_dict({"version": 1, "decode": {"stop": ["###", "aab"]}, **keys})
    remarks = lint(policy, seconds=1e-9)
    assert any("decided within" in remark.message for remark in remarks) == ("constraint" in keys or "forbid" in keys)
    assert all(remark.severity == "note" for remark in remarks if "decided within" in remark.message)
    assert not any(remark.severity == "error" for remark in remarks)


def test_the_same_is_said_again() -> None:
    """What is said depends on the policy alone, and its order too."""
    keys = {"constraint": {"json_schema": REPLY}, "forbid": [ACME, "US_SSN", ACME], "guards": [PII], "notice": "x"}
    assert remarks_on(**keys) == remarks_on(**keys)


def test_lint_needs_no_torch() -> None:
    """Whoever edits a policy does not wait for a model's library."""
    code = (
        "import sys; from llmpost.engine.linting import lint; from llmpost.policy import Policy; "
        "lint(Policy.named('default')); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
