"""Every constrained output of the loop is complete, at every number of tokens from the one that is needed up."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from llmpost.engine import Engine
from llmpost.errors import RequestError
from llmpost.testing import random_script, scripted_engine

LETTERS = [b"<end>", *(bytes([octet]) for octet in range(256)), b'{"', b'": ', b'", "', b'"}', b"[[", b"12", b", "]
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "tags": {"type": "array"}},
    "required": ["name", "age"],
}
SMALL = {"type": "integer", "minimum": -99, "maximum": 999}
ASKED: list[dict[str, Any]] = [
    {"schema": PERSON},
    {"schema": PERSON, "whitespace": "compact"},
    {"schema": {"type": "array", "items": SMALL, "minItems": 3}},
    {"schema": {"type": "array", "items": SMALL, "minItems": 3, "uniqueItems": True}},
    {"regex": "[a-f]{3,}(yes|no)!"},
    {"choice": ["one", "three", "seventeen"]},
]
GREEDY, SAMPLED = {"temperature": 0}, {"temperature": 1.2, "top_k": 0}


def engine_with(end_ids: tuple[int, ...] = (0,), context_length: int = 4096) -> Engine:
    return scripted_engine(random_script(len(LETTERS)), LETTERS, end_ids, context_length)


def needed_for(engine: Engine, asked: dict[str, Any]) -> int:
    """The number that the error says."""
    with pytest.raises(RequestError, match=r"max_new_tokens: 1 is not enough to complete") as refused:
        engine.generate("a", **asked, max_new_tokens=1)
    return int(refused.value.hint.split()[2])


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("how", [GREEDY, SAMPLED, {**SAMPLED, "top_k": 20}], ids=str)
def test_every_output_is_complete(asked: dict[str, Any], how: dict[str, Any]) -> None:
    """Greedy and sampled, one by one, in batches and with several candidates: no text is cut off."""
    engine = engine_with()
    needed = needed_for(engine, asked)
    for most in (needed, needed + 1, needed + 2, needed + 9):
        settings = {**asked, **how, "max_new_tokens": most}
        if how is not GREEDY:
            settings |= {"n": 3, "seed": most}
        results = [engine.generate("ab", **settings), *engine.generate(["a", "b", "c"], **settings)]
        for result in results:
            for candidate in result.candidates or [result]:
                assert candidate.finish_reason == "stop"
                assert candidate.usage.completion_tokens <= most
                if "schema" in asked:
                    jsonschema.validate(json.loads(candidate.text), asked["schema"])


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_masks_beforehand_and_on_demand_are_the_same(asked: dict[str, Any]) -> None:
    """Log-probabilities need full masks: the tokens are the same with them and without, near the end too."""
    engine = engine_with()
    needed = needed_for(engine, asked)
    for how in (GREEDY, SAMPLED):
        for most in (needed, needed + 3, needed + 30):
            settings = {**asked, **how, "max_new_tokens": most, "seed": 5}
            lazy = engine.generate("ab", **settings)
            full = engine.generate("ab", logprobs=True, **settings)
            assert lazy.token_ids == full.token_ids


def test_without_an_end_id_the_text_is_complete_too() -> None:
    """Then the end takes no token, and a text that could go on is complete where it is cut."""
    engine = engine_with(end_ids=())
    for most in (2, 3, 5, 8):
        result = engine.generate("a", regex="[a-f]{2}([0-9][a-f]+)*", temperature=1.0, seed=most, max_new_tokens=most)
        assert result.parsed == result.text
        assert len(result.token_ids) <= most


def test_only_the_request_that_is_too_short_fails() -> None:
    """In a batch the others have their results."""
    results = engine_with().generate(["a", "b"], regex="[0-9]{5}", max_new_tokens=[3, 6])
    assert [result.finish_reason for result in results] == ["error", "stop"]
    assert "which takes 4 tokens" in str(results[0].error)


def test_the_context_counts() -> None:
    """What the prompt leaves of the model's context is all there is."""
    engine = engine_with(context_length=12)
    with pytest.raises(
        RequestError, match=r"generate\.prompt: 9 tokens, which leave 3 of the 12 of the model's context"
    ):
        engine.generate("abcdefghi", regex="[a-f]{5}")


def test_a_stop_string_may_end_it_early() -> None:
    """As before: it is asked for by name."""
    result = engine_with().generate("a", regex="a{9}", stop="aaa")
    assert (result.stop, result.parsed) == ("aaa", None)


def test_past_its_share_nothing_optional_is_begun() -> None:
    """With `finish_after` a text that has passed that share of its tokens comes no further from its end."""
    engine = engine_with()
    schema = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}
    for seed in range(5):
        settings = {"schema": schema, "temperature": 1.3, "top_k": 0, "seed": seed, "max_new_tokens": 120}
        gentle = engine.generate("a", **settings, finish_after=0.1)
        text = gentle.text[12 * 2 :]  # no token has more than two of these bytes
        assert gentle.finish_reason == "stop"
        assert "[" not in text
        free = engine.generate("a", **settings)
        assert len(free.token_ids) >= len(gentle.token_ids)
