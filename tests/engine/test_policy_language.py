"""`constraint:` in a policy: what every output is held to where a call says nothing else."""

import json
from typing import Any

import pytest

from llmpost import Checker, Finished
from llmpost.constraints import compile_constraint
from llmpost.engine import Engine
from llmpost.errors import ConstraintError, PolicyError
from llmpost.policy import Policy
from llmpost.testing import random_script, scripted_engine
from llmpost.vocabulary import Vocabulary

TOKENS = [*(bytes([octet]) for octet in range(32, 127)), b"<end>"]
END = len(TOKENS) - 1
SAMPLED: dict[str, Any] = {"temperature": 1.2, "top_k": 0, "max_new_tokens": 60, "seed": 4}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"kind": {"enum": ["a", "bc"]}, "mail": {"type": "string", "maxLength": 12}},
    "required": ["kind"],
    "additionalProperties": False,
}


def policy_with(**keys: Any) -> Policy:
    return Policy.from_dict({"version": 1, "name": "held", **keys})


def engine_with(**keys: Any) -> Engine:
    scripted = scripted_engine(random_script(len(TOKENS)), TOKENS, (END,))
    return Engine(scripted.loaded, policy_with(**keys))


def accepts(text: str, **language: Any) -> bool:
    vocabulary = Vocabulary.from_tokens([bytes([octet]) for octet in range(256)])
    return compile_constraint(vocabulary, **language).accepts(text)


@pytest.mark.parametrize(
    "language",
    [
        {"regex": "[ab]{3}-[0-9]+"},
        {"choice": ["yes", "no", "perhaps"]},
        {"quote": "the cat sat on the mat"},
        {"json_schema": SCHEMA},
        {"json_schema": json.dumps(SCHEMA)},
        {"json_schema": SCHEMA, "whitespace": "compact", "key_order": "any"},
    ],
)
def test_every_output_is_held_to_what_the_policy_says(language: dict[str, Any]) -> None:
    """Where a call names no language every output, also a stream's and a batch's, is of the policy's; its value is read
    from it, and the trace says by what it was held."""
    engine = engine_with(constraint=language)
    results = [engine.generate("say", **SAMPLED), *engine.generate(["a", "b"], **SAMPLED)]
    events = list(engine.stream("say", **SAMPLED))
    assert isinstance(events[-1], Finished)
    results.append(events[-1].result)
    kind = next(iter(language))
    for result in (each for each in results if each.finish_reason == "stop"):
        assert accepts(result.text, **language)
        assert result.parsed == (json.loads(result.text) if kind == "json_schema" else result.text)
    assert any(result.finish_reason == "stop" for result in results)
    assert all(any("of the policy" in note for note in result.trace.notes) for result in results)


def test_a_call_says_otherwise() -> None:
    """A language of the call takes the place of the policy's; the next call is held to the policy's again."""
    engine = engine_with(constraint={"choice": ["yes", "no"]})
    assert engine.generate("say", regex="[0-9]{2}", **SAMPLED).text.isdecimal()
    assert engine.generate("say", **SAMPLED).text in ("yes", "no")


def test_what_both_forbid_adds_up() -> None:
    """What a call forbids and what the policy forbids are both kept out of what the policy's language allows."""
    engine = engine_with(constraint={"choice": ["yes", "no", "perhaps"]}, forbid=[{"phrase": "no"}])
    texts = {engine.generate("say", forbid=["yes"], **{**SAMPLED, "seed": seed}).text for seed in range(8)}
    assert texts == {"perhaps"}


def test_another_policy_of_a_call_brings_its_own_language() -> None:
    """The policy that a call names is the one whose language holds, in a batch for each request its own."""
    engine = engine_with(constraint={"choice": ["yes"]})
    other, none = policy_with(constraint={"choice": ["no"]}), policy_with()
    results = engine.generate(["a", "b", "c"], policy=[engine.policy, other, none], **{**SAMPLED, "max_new_tokens": 20})
    assert [result.text for result in results[:2]] == ["yes", "no"]
    assert results[2].text not in ("yes", "no")


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"constraint": {"regex": "a("}}, "constraint.regex"),
    ({"constraint": {"regex": 5}}, "constraint.regex"),
    ({"constraint": {"choice": []}}, "constraint.choice"),
    ({"constraint": {"choice": ["a", "\ud800"]}}, "constraint.choice[1]"),
    ({"constraint": {"quote": ["a", 5]}}, "constraint.quote"),
    ({"constraint": {"json_schema": 5}}, "constraint.json_schema"),
    ({"constraint": {"json_schema": {"type": "strin"}}}, "constraint.json_schema.type"),
    (
        {"constraint": {"json_schema": {"anyOf": [True, {"properties": {"a": {"pattern": "("}}}]}}},
        "constraint.json_schema.anyOf[1].properties.a.pattern",
    ),
    ({"constraint": {"json_schema": SCHEMA, "strict": "no"}}, "constraint.strict"),
    ({"constraint": {"json_schema": SCHEMA, "whitespace": "wide"}}, "constraint.whitespace"),
    ({"forbid": ["US_SSN", {"regex": "("}]}, "forbid[1].regex"),
    ({"forbid": ["US_SS"]}, "forbid[0]"),
    ({"decode": {"order": ["top_p", "temprature"]}}, "decode.order"),
    ({"decode": {"order": ["top_p", "top_p"]}}, "decode.order"),
    ({"decode": {"order": ["top_p"], "temperature": 0.5}}, "decode.order"),
    ({"decode": {"conditional": True, "stop": ["a"]}}, "decode.conditional"),
    ({"decode": {"conditional": True, "temperature": 0}}, "decode.conditional"),
    ({"decode": {"n": 3, "temperature": 0}}, "decode.n"),
    ({"decode": {"do_sample": True, "temperature": 0}}, "decode.temperature"),
]


@pytest.mark.parametrize(("keys", "where"), BROKEN)
def test_what_cannot_be_is_refused_when_the_policy_is_taken(keys: dict[str, Any], where: str) -> None:
    """Whatever means nothing, or cannot stand beside the rest, is refused before there is a model or a text, by the
    policy's key."""
    with pytest.raises(PolicyError) as caught:
        Checker(policy_with(**keys))
    assert caught.value.where == f"policy.{where}"


def test_the_policys_error_is_raised_for_a_whole_batch() -> None:
    """A language of the policy that no token can spell is an error of the policy, and of nobody's request."""
    engine = engine_with(constraint={"choice": ["Zürich"]})
    with pytest.raises(PolicyError) as caught:
        engine.generate(["a", "b"], **SAMPLED)
    assert caught.value.where == "policy.constraint.choice"
    with pytest.raises(ConstraintError):
        engine.generate(["a", "b"], choice=["Zürich"], **SAMPLED)


def test_a_checked_output_is_the_document_that_it_was_written_as() -> None:
    """Under a policy with a schema guards look into the strings of a checked output as they do of a written one, and it
    stays an instance; a text that is no JSON, and what a user writes, is text."""
    keys = {
        "constraint": {"json_schema": SCHEMA},
        "guards": [{"use": "pii", "action": "redact", "on": ["input", "output"]}],
    }
    checker = Checker(policy_with(**keys))
    text = '{"kind": "a", "mail": "a@ex.com"}'
    assert checker.check(text).is_blocked, "the label is longer than the field may be"
    assert checker.check('{"kind": "a", "mail": "none"}').parsed == {"kind": "a", "mail": "none"}
    assert checker.check("a@ex.com").text == "[EMAIL_ADDRESS]"
    assert checker.check(text, side="input").text == '{"kind": "a", "mail": "[EMAIL_ADDRESS]"}'
    assert "".join(checker.check_stream([text[:9], text[9:]])) == checker.check(text, streaming=True).text
