"""``trace_masked``: what the model wanted most and was not allowed, with its probability and the reason; nothing else
changes."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from llmpost import compile_constraint
from llmpost.engine import Engine
from llmpost.errors import RequestError
from llmpost.testing import random_script, scripted_engine, table_script

TOKENS = [bytes([97 + i]) for i in range(26)] + [b"yes", b"no", b"1", b"23", b" ", b"<end>"]
END = len(TOKENS) - 1
REGEX = "[b-d]{2,4}(yes|no)1?"
SCRIPT = random_script(len(TOKENS))
SETTINGS: list[dict[str, Any]] = [
    {"temperature": 0},
    {"temperature": 0.9, "top_k": 10, "seed": 3},
    {"temperature": 1.2, "top_k": 0, "seed": 5, "repetition_penalty": 1.3},
    {"temperature": 0.9, "top_logprobs": 2, "seed": 9},
]


def engine_with(script: Any = SCRIPT) -> Engine:
    return scripted_engine(script, TOKENS, (END,))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_what_was_wanted_is_what_stands_above(settings: dict[str, Any]) -> None:
    """By brute force over the model's own rows: the likeliest ids above the written one that the mask forbids, with
    their probabilities."""
    engine = engine_with()
    constraint = compile_constraint(engine.loaded.vocabulary, regex=REGEX)
    for prompt in range(6):
        result = engine.generate(TOKENS[prompt].decode(), regex=REGEX, trace_masked=3, **settings)
        state = constraint.start()
        for step, token in enumerate(result.token_ids):
            row = SCRIPT((prompt, *result.token_ids[:step]))
            likelier = sorted((one for one in range(len(TOKENS)) if row[one] > row[token]), key=lambda one: -row[one])
            found = [one for one in result.trace.masked if one.step == step]
            assert [one.token_id for one in found] == [one for one in likelier if not state.allows(one)][:3]
            total = sum(map(math.exp, row))
            assert [one.probability for one in found] == pytest.approx(
                [math.exp(row[one.token_id]) / total for one in found], rel=1e-5
            )
            state = state.advance(token)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_tracing_changes_no_token(settings: dict[str, Any]) -> None:
    """The same tokens, redrawn as often: lazy masks stay as they are."""
    for prompt in "abc":
        plain = engine_with().generate(prompt, regex=REGEX, **settings)
        traced = engine_with().generate(prompt, regex=REGEX, trace_masked=2, **settings)
        assert (traced.token_ids, traced.logprobs) == (plain.token_ids, plain.logprobs)
        assert traced.timings.num_redrawn == plain.timings.num_redrawn
        assert not plain.trace.masked


def test_the_reason_is_said_in_short() -> None:
    """What was expected and the rule, per step; ready for JSON."""
    row = [0.0] * len(TOKENS)
    row[TOKENS.index(b"q")], row[TOKENS.index(b" ")], row[END] = 9.0, 8.0, 7.0
    result = engine_with(table_script({}, row)).generate("a", regex="[b-d]{2}", temperature=0, trace_masked=1)
    assert [(one.step, one.name, one.why) for one in result.trace.masked] == [
        (0, "'q'", "expected `b`, `c` or `d`, by the pattern `[b-d]{2}`"),
        (1, "'q'", "expected `b`, `c` or `d`, by the pattern `[b-d]{2}`"),
        (2, "'q'", "expected the end of the text, by the pattern `[b-d]{2}`"),
    ]
    told = json.loads(json.dumps(result.to_dict()))["trace"]["masked"]
    assert told[0] | {"probability": 0.5} == {
        "step": 0, "token_id": 16, "name": "'q'", "probability": 0.5,
        "why": "expected `b`, `c` or `d`, by the pattern `[b-d]{2}`",
    }  # fmt: skip


def test_each_candidate_and_prompt_has_its_own() -> None:
    """Side by side as alone; without a constraint nothing was forbidden."""
    prompts = ["a", "b", "c"]
    batch = engine_with().generate(prompts, choice=["yes1", "no"], temperature=0, trace_masked=2)
    alone = [engine_with().generate(one, choice=["yes1", "no"], temperature=0, trace_masked=2) for one in prompts]
    assert [one.trace.masked for one in batch] == [one.trace.masked for one in alone]
    assert all(one.trace.masked for one in batch)
    assert not engine_with().generate("a", temperature=0, max_new_tokens=3, trace_masked=2).trace.masked


def test_a_long_output_keeps_a_bounded_trace() -> None:
    """A thousand entries, the first hundred of them with a reason."""
    row = [float(one) for one in range(len(TOKENS))]
    result = engine_with(table_script({}, row)).generate(
        "a", regex="b{400}", temperature=0, max_new_tokens=401, trace_masked=4
    )
    masked = result.trace.masked
    assert (len(masked), sum(bool(one.why) for one in masked)) == (1_000, 100)
    assert all(one.why for one in masked[:100])


def test_what_was_taken_back_says_so() -> None:
    """A token that the constraint allows and that led to a dead end: it was barred when the text went back."""
    schema = {"prefixItems": [{"enum": [1, 2]}, {"const": 1}], "uniqueItems": True, "minItems": 2, "items": False}
    tokens = [bytes([octet]) for octet in b"[]12, "] + [b"<end>"]
    reasons: list[str] = []
    for seed in range(10):
        result = scripted_engine(random_script(len(tokens), seed), tokens, (6,)).generate(
            "1", schema={"type": "array", **schema}, temperature=0, trace_masked=3, max_new_tokens=300
        )
        reasons += [one.why for one in result.trace.masked]
        assert result.parsed == [2, 1] or result.finish_reason == "length"
    assert "allowed, but it led to a dead end" in reasons
    assert any("/prefixItems/1/const" in why or "/items" in why for why in reasons)


@pytest.mark.parametrize("given", [-1, 17, "3", True])
def test_what_is_no_number_of_tokens_is_refused(given: Any) -> None:
    """With the range."""
    with pytest.raises(RequestError, match=r"trace_masked: .* is not a whole number from 0 to 16"):
        engine_with().generate("a", regex="b", trace_masked=given)
