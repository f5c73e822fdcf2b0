"""``Engine.generate`` on a real small model: equal to transformers, to itself in any batch, and to the same seed."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, AutoTokenizer

from llmpost.engine import Engine
from llmpost.errors import DeadEnd, LlmpostError
from llmpost.testing import random_script, scripted_engine

PROMPTS = ["one", "a longer prompt of several words", "x", "one", "ünïcödé ☃"]


@pytest.fixture(scope="module")
def engine(random_model_folder: Path) -> Engine:
    return Engine.load(str(random_model_folder))


@pytest.fixture(scope="module")
def peer(random_model_folder: Path) -> Any:
    model = AutoModelForCausalLM.from_pretrained(random_model_folder, dtype=torch.float32).eval().requires_grad_(False)
    tokenizer = AutoTokenizer.from_pretrained(random_model_folder)

    def generate(prompt: str, **options: Any) -> list[int]:
        inputs = tokenizer(prompt, return_tensors="pt")
        output = model.generate(**inputs, pad_token_id=0, **options)
        return output[0, inputs.input_ids.shape[1] :].tolist()

    generate.model = model  # type: ignore[attr-defined]
    generate.tokenizer = tokenizer  # type: ignore[attr-defined]
    return generate


def assert_equal_or_near_tie(peer: Any, prompt: str, ours: list[int], theirs: list[int]) -> None:
    """Two greedy outputs are equal, or part at a step where the model is all but undecided (teacher forcing)."""
    if ours == theirs:
        return
    step = next(i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b)
    ids = peer.tokenizer(prompt).input_ids + theirs[:step]
    logits = peer.model(torch.tensor([ids])).logits[0, -1].double()
    assert abs(float(logits[ours[step]] - logits[theirs[step]])) < 1e-4, f"not a near tie at step {step}"


@pytest.mark.parametrize(
    "options", [{}, {"repetition_penalty": 1.3}, {"no_repeat_ngram_size": 2}, {"min_new_tokens": 9}]
)
def test_greedy_equals_transformers(engine: Engine, peer: Any, options: dict) -> None:
    """Greedy text is what ``model.generate(do_sample=False)`` writes, with each option both have."""
    for prompt in PROMPTS:
        ours = engine.generate(prompt, temperature=0, max_new_tokens=24, **options)
        theirs = peer(prompt, do_sample=False, max_new_tokens=24, **options)
        assert_equal_or_near_tie(peer, prompt, list(ours.token_ids), theirs)


def test_batch_equals_single(engine: Engine, peer: Any) -> None:
    """Unequal prompts in one batch come out as they would alone; a first difference could only be a near tie."""
    together = engine.generate(PROMPTS, temperature=0, max_new_tokens=24)
    for prompt, result in zip(PROMPTS, together, strict=True):
        alone = engine.generate(prompt, temperature=0, max_new_tokens=24)
        assert_equal_or_near_tie(peer, prompt, list(result.token_ids), list(alone.token_ids))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0.0, 0.6, 1.4]), st.integers(0, 50)), min_size=1, max_size=4)
)
def test_given_equal_logits_a_batch_is_its_requests(rows: list[tuple[int, float, int]]) -> None:
    """On a scripted model a request writes the same tokens alone and in any company, whatever its settings."""
    engine = scripted_engine(random_script(20), [bytes([97 + i]) for i in range(20)], end_ids=[19])
    prompts = ["abc"[: 1 + n % 3] for n, _, _ in rows]
    batch = engine.generate(
        prompts, temperature=[t for _, t, _ in rows], seed=[s for _, _, s in rows], max_new_tokens=8
    )
    for prompt, (_, temperature, seed), result in zip(prompts, rows, batch, strict=True):
        alone = engine.generate(prompt, temperature=temperature, seed=seed, max_new_tokens=8)
        assert result.token_ids == alone.token_ids
        assert result.text == alone.text


def test_same_seed_same_bytes(engine: Engine) -> None:
    """A seed decides every token; another seed, or none, decides others."""
    first = engine.generate("seed", temperature=1.5, seed=11, max_new_tokens=20)
    again = engine.generate("seed", temperature=1.5, seed=11, max_new_tokens=20)
    assert (first.text, first.token_ids) == (again.text, again.token_ids)
    assert engine.generate("seed", temperature=1.5, seed=12, max_new_tokens=20).token_ids != first.token_ids
    unseeded = engine.generate("seed", temperature=1.5, max_new_tokens=20)
    replayed = engine.generate("seed", temperature=1.5, max_new_tokens=20, seed=unseeded.trace.seed)
    assert replayed.token_ids == unseeded.token_ids, "the trace holds the seed that was drawn"


def test_candidates_share_the_prompt_and_differ(engine: Engine) -> None:
    """`n` candidates are drawn from one prefill; the first is what n=1 would have given; usage counts all."""
    result = engine.generate("several", temperature=1.2, seed=3, n=3, max_new_tokens=10)
    assert len(result.candidates) == 3
    assert len({candidate.token_ids for candidate in result.candidates}) == 3
    alone = engine.generate("several", temperature=1.2, seed=3, max_new_tokens=10)
    assert result.candidates[0].token_ids == alone.token_ids == result.token_ids
    assert result.usage.completion_tokens == sum(len(c.token_ids) for c in result.candidates)


def test_text_is_the_tokens_text_and_stops_before_the_stop(engine: Engine) -> None:
    """Without stops the text decodes all tokens; with one it is the text before its first occurrence."""
    whole = engine.generate("stop", temperature=0, max_new_tokens=30)
    assert whole.text == engine.loaded.vocabulary.decode(whole.token_ids)
    stop = whole.text[8:10]
    stopped = engine.generate("stop", temperature=0, max_new_tokens=30, stop=stop)
    assert stopped.text == whole.text[: whole.text.index(stop)]
    assert (stopped.finish_reason, stopped.stop) == ("stop", stop)
    assert len(stopped.token_ids) < len(whole.token_ids)


def test_length_is_capped_by_the_context(engine: Engine) -> None:
    """A request that asks for more than fits ends with ``length`` when the context is full."""
    prompt = [5] * (engine.loaded.context_length - 3)
    result = engine.generate(prompt, max_new_tokens=50)
    assert (result.finish_reason, result.usage.total_tokens) == ("length", engine.loaded.context_length)


def test_time_is_capped(engine: Engine) -> None:
    """Past `max_time` a request ends with what there is."""
    result = engine.generate("time", temperature=1.0, seed=1, max_new_tokens=100, max_time=1e-6)
    assert result.finish_reason == "time"
    assert len(result.token_ids) == 0


def test_none_but_the_chosen_may_be_reported(engine: Engine) -> None:
    """No best tokens are tokens too few to list, and not nothing to say."""
    (first, *_) = engine.generate("log", top_logprobs=0, max_new_tokens=2).logprobs or ()
    assert first.top_raw == first.top_staged == ()
    assert first.raw <= 0


def test_logprobs_are_the_models_and_the_stages(engine: Engine, peer: Any) -> None:
    """Raw log-probabilities are those of a plain forward; staged ones sum to one over what survives."""
    result = engine.generate("probable", temperature=0.7, top_k=3, seed=2, max_new_tokens=6, top_logprobs=3)
    assert result.logprobs is not None
    ids = peer.tokenizer("probable").input_ids
    logprobs = peer.model(torch.tensor([[*ids, *result.token_ids]])).logits[0].double().log_softmax(-1)
    for place, entry in enumerate(result.logprobs):
        row = logprobs[len(ids) - 1 + place]
        assert entry.token_id == result.token_ids[place]
        assert entry.raw == pytest.approx(float(row[entry.token_id]), abs=1e-4)
        assert [c.token for c in entry.top_raw] == row.topk(3).indices.tolist()
        assert sum(torch.tensor([c.logprob for c in entry.top_staged]).exp().tolist()) == pytest.approx(1, abs=1e-6)
    assert engine.generate("probable", max_new_tokens=2).logprobs is None


def test_the_default_is_the_models_own_generation_config(engine: Engine, random_model_folder: Path) -> None:
    """Settings that nobody gave are the model's own, and the trace names them."""
    tuned = Engine(engine.loaded)
    own = {**engine.loaded.generation_config, "do_sample": True, "temperature": 0.3, "repetition_penalty": 1.2}
    object.__setattr__(tuned, "loaded", type(engine.loaded)(*_fields(engine.loaded, generation_config=own)))
    result = tuned.generate("own", seed=1, max_new_tokens=5)
    assert result.trace.settings["temperature"] == 0.3
    assert result.trace.settings["repetition_penalty"] == 1.2
    assert result.trace.settings["do_sample"] is True
    same = engine.generate("own", seed=1, temperature=0.3, repetition_penalty=1.2, max_new_tokens=5)
    assert same.token_ids == result.token_ids


def _fields(loaded: Any, **changes: Any) -> list[Any]:
    return [changes.get(name, getattr(loaded, name)) for name in loaded.__slots__]


def test_what_the_model_asks_for_and_llmpost_does_not_do_is_in_the_trace(engine: Engine) -> None:
    """A setting of the model's own that has no stage here is named, not dropped in silence."""
    own = {**engine.loaded.generation_config, "typical_p": 0.9}
    loaded = type(engine.loaded)(*_fields(engine.loaded, generation_config=own))
    notes = Engine(loaded).generate("note", max_new_tokens=1).trace.notes
    assert any("typical_p" in note for note in notes)


def test_a_result_is_plain_data(engine: Engine) -> None:
    """``to_dict`` survives JSON, and the repr fits on a line."""
    result = engine.generate("plain", temperature=1.0, seed=1, n=2, max_new_tokens=4, logprobs=True)
    assert json.loads(json.dumps(result.to_dict()))["trace"]["policy"] == "default"
    assert "\n" not in repr(result)
    assert repr(result).startswith("Result(")


def test_a_request_that_fails_in_a_batch_fails_alone(engine: Engine) -> None:
    """Bad prompts and bad values end in their own results; the others are what they would be alone."""
    good = engine.generate("good", temperature=0, max_new_tokens=5)
    results = engine.generate(["good", "", "good", [10**6]], temperature=[0, 0, -1, 0], max_new_tokens=5)
    assert results[0].token_ids == good.token_ids
    assert [r.finish_reason for r in results] == ["length", "error", "error", "error"]
    assert [type(r.error).__name__ for r in results[1:]] == ["RequestError"] * 3


def test_a_dead_end_is_an_error_that_keeps_what_was_written() -> None:
    """A row that all stages empty is never a silent end; what was written before is on the error."""
    engine = scripted_engine(random_script(4), [b"a", b"b", b"c", b"d"])
    with pytest.raises(DeadEnd) as caught:
        engine.generate("a", suppress_tokens=[0, 1, 2, 3], max_new_tokens=5)
    assert caught.value.result.text == ""
    with pytest.raises(DeadEnd) as later:
        engine.generate("a", no_repeat_ngram_size=1, max_new_tokens=50)
    assert len(later.value.result.token_ids) == 3


def test_a_model_that_returns_nan_is_an_error() -> None:
    """NaN logits end the request with ModelError, in four parts."""
    engine = scripted_engine(lambda tokens: [float("nan")] * 3, [b"a", b"b", b"c"])
    with pytest.raises(LlmpostError, match="a logit of nan is not a number"):
        engine.generate("a")


def test_chat_and_plain_prompts(random_chat_model_folder: Path) -> None:
    """A string is one user turn where there is a template; ``template=False`` is plain text."""
    engine = Engine.load(str(random_chat_model_folder))
    as_turn = engine.generate("hello", max_new_tokens=3)
    as_messages = engine.generate([{"role": "user", "content": "hello"}], max_new_tokens=3)
    plain = engine.generate("hello", max_new_tokens=3, template=False)
    assert as_turn.usage.prompt_tokens == as_messages.usage.prompt_tokens > plain.usage.prompt_tokens
    assert as_turn.token_ids == as_messages.token_ids
    batch = engine.generate([[{"role": "user", "content": "hello"}], "hello"], max_new_tokens=3)
    assert [r.token_ids for r in batch] == [as_turn.token_ids] * 2


def test_an_order_of_ones_own(engine: Engine) -> None:
    """Any order of stages can be asked for, and a different order may draw a different token."""
    common = {"temperature": 2.0, "top_p": 0.3, "top_k": 0, "seed": 5, "max_new_tokens": 12}
    usual = engine.generate("order", **common)
    named = engine.generate("order", order=["temperature", "top_p"], **common)
    last = engine.generate("order", order=["top_p", "temperature"], **common)
    assert named.token_ids == usual.token_ids
    assert last.token_ids != usual.token_ids


def test_a_models_own_setting_that_is_no_value_is_noted(engine: Engine) -> None:
    """A broken generation config does not stop the model: what cannot be read is named in the trace."""
    own = {**engine.loaded.generation_config, "repetition_penalty": 0.0, "top_k": 7}
    loaded = type(engine.loaded)(*_fields(engine.loaded, generation_config=own))
    trace = Engine(loaded).generate("note", max_new_tokens=1).trace
    assert any("repetition_penalty: 0.0 is not a number above 0" in note for note in trace.notes)
    assert trace.settings["top_k"] == 7


def test_a_candidate_that_fails_is_not_hidden_by_the_others() -> None:
    """If any of `n` candidates fails the call raises, and the error holds what all of them wrote."""

    def script(tokens: tuple[int, ...]) -> list[float]:
        return [0.0, 0.0] if tokens[-1] == 0 else [-float("inf")] * 2

    engine = scripted_engine(script, [b"a", b"b"])
    with pytest.raises(DeadEnd) as caught:
        engine.generate("a", temperature=1.0, seed=1, n=8, max_new_tokens=2)
    reasons = [candidate.finish_reason for candidate in caught.value.result.candidates]
    assert {"length", "error"} == set(reasons)
