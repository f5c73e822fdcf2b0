"""Recorded tokens drawn once more: what is told is true, and what cannot be told is not told."""

from __future__ import annotations

import dataclasses
import math
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_traffic import raw

from llmpost.contracts.laps import Laps
from llmpost.contracts.pick import Pick
from llmpost.contracts.record import KeptRow, Record
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context
from llmpost.engine import Engine
from llmpost.engine.assemble import assemble
from llmpost.engine.replaying.drawing.bounds import drawn_token
from llmpost.engine.replaying.replay import replay
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import RequestError
from llmpost.logits import Chain, Sampler
from llmpost.models import LoadedModel
from llmpost.policy import Settings, read_settings
from llmpost.testing import LongestMatch, ScriptedModel
from llmpost.traces import TraceWriter, read_traces
from llmpost.vocabulary import Prompts, Vocabulary

SIZE = 60
TOKENS = [bytes([65 + place]) for place in range(SIZE - 1)] + [b"</s>"]
DECODINGS: dict[str, dict[str, Any]] = {
    "greedy": {"temperature": 0},
    "all": {"temperature": 1.3, "top_k": 0},
    "usual": {"temperature": 0.8, "top_k": 20, "top_p": 0.9},
    "min_p": {"temperature": 1.5, "top_k": 0, "min_p": 0.05},
    "penalties": {"temperature": 0.9, "presence_penalty": 0.7, "frequency_penalty": 0.4, "no_repeat_ngram_size": 2},
    "biases": {"logit_bias": {3: 4.0, 5: -100.0}, "suppress_tokens": [7], "top_p": 0.8, "min_new_tokens": 4},
}


def loaded() -> LoadedModel:
    """What is likely next depends on all that went before, and on nothing else."""

    def script(tokens: tuple[int, ...]) -> list[float]:
        dice = random.Random(repr(tokens[-4:]))
        return [dice.gauss(0.0, 2.0) for _ in range(SIZE)]

    vocabulary = Vocabulary.from_tokens(TOKENS, eos_ids=[SIZE - 1])
    return LoadedModel("scripted", ScriptedModel(script, SIZE), vocabulary, Prompts(LongestMatch(vocabulary)), 4096)


MODEL = loaded()


def policy(decode: dict[str, Any], logits: int = SIZE) -> dict[str, Any]:
    return raw({"version": 1, "name": "decoding", "decode": {"max_new_tokens": 12, **decode}}, logits=logits)


def record(path: Path, own: dict[str, Any], num_candidates: int = 1) -> None:
    with TraceWriter(path) as writer:
        engine = Engine(MODEL, own, Surroundings(trace=writer))
        for seed in range(4):
            engine.generate("ABC", seed=seed, template=False, n=num_candidates)


@pytest.mark.parametrize("name", DECODINGS)
def test_the_policy_that_drew_would_draw_the_same(name: str, tmp_path: Path) -> None:
    """With full rows kept every step is told, and is the same, greedy or sampled, under whatever stages."""
    own = policy(DECODINGS[name])
    record(tmp_path / "traces.jsonl", own, 1 if name == "greedy" else 3)
    report = replay(tmp_path / "traces.jsonl", own, model=MODEL)
    assert dict(report.drawing.left_out) == {}
    assert report.drawing.count in (4, 12)
    assert dict(report.drawing.kinds) == {"differs": 0, "same": report.drawing.count, "undecided": 0}
    assert report.drawing.num_undecided == 0 < report.drawing.num_steps


@pytest.mark.parametrize("new", DECODINGS)
@pytest.mark.parametrize("num_kept", [5, 25, SIZE])
def test_what_is_told_of_another_policy_is_true(new: str, num_kept: int, tmp_path: Path) -> None:
    """An answer that is said to be the same is written again by the model under that policy with the same seed, and
    one that is said to differ at a step is another by then; with more of a row kept no less is told."""
    old = policy(DECODINGS["usual"], num_kept)
    record(tmp_path / "traces.jsonl", old, num_candidates := 1 if new == "greedy" else 3)
    report = replay(tmp_path / "traces.jsonl", policy(DECODINGS[new]), old, model=MODEL, examples=100)
    assert report.drawing.count == 4 * num_candidates
    told = {
        (each.id, each.candidate): (kind, each.step) for kind, own in report.drawing.examples.items() for each in own
    }
    decode = {"max_new_tokens": 12, **DECODINGS[new]}
    for entry in read_traces(tmp_path / "traces.jsonl"):
        written = entry.record  # type: ignore[union-attr]
        tokens = written.tokens.token_ids
        again = rewritten(written, decode)
        first = next((at for at, pair in enumerate(zip(tokens, again, strict=False)) if pair[0] != pair[1]), None)
        kind, step = told.get((written.id, written.candidate), ("same", None))
        if kind == "same":
            assert again == tokens
        elif kind == "differs":
            assert first is None or first <= step
            assert again != tokens
        if num_kept == SIZE:
            assert kind != "undecided"


def rewritten(written: Record, decode: dict[str, Any]) -> tuple[int, ...]:
    """What the model writes under these settings, drawn by hand, token by token."""
    recipe = assemble(read_settings(decode, "decode", RequestError), MODEL)
    assert written.tokens is not None
    context, tokens = Context.of(written.tokens.prompt_ids), []
    while len(tokens) < 12 and (not tokens or tokens[-1] not in recipe.end_ids):
        logits = torch.tensor([MODEL.model._script(tuple(context.ids.tolist()))])  # type: ignore[attr-defined]
        step = Step(context, written.trace.seed or 0, written.candidate)
        (pick,) = Sampler([recipe.chain]).draw(logits, [step], Laps(lambda: 0.0))
        assert isinstance(pick, Pick)
        tokens.append(pick.token)
        context = context.append(pick.token)
    return tuple(tokens)


chains = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.sampled_from([0.3, 0.9, 1.7]),
        "top_k": st.integers(0, 30),
        "top_p": st.floats(0.1, 1.0),
        "min_p": st.floats(0.0, 0.5),
        "presence_penalty": st.floats(-1.0, 1.0),
        "do_sample": st.booleans(),
        "logit_bias": st.just({2: 3.0, 9: -3.0}),
    },
)


@settings(max_examples=300, deadline=None)
@given(chains, st.integers(1, SIZE), st.integers(0, 10_000), st.lists(st.integers(0, SIZE - 1), max_size=5))
def test_a_bound_holds_for_every_row_that_was_possible(
    said: dict[str, Any], num_kept: int, seed: int, output: list[int]
) -> None:
    """Whatever the ids that were not kept had: where a token is told, the sampler draws it from the whole row, shifted
    by any number, and from another row with the same best ids."""
    given_settings = dict(said)
    bias = given_settings.pop("logit_bias", None)
    own = Settings(**given_settings, logit_bias=None if bias is None else tuple(sorted(bias.items())))
    chain = assemble(own.over(Settings(top_k=0, temperature=1.0)) if own.do_sample is not False else own, MODEL).chain
    dice = random.Random(seed)
    logits = torch.tensor([dice.gauss(0.0, 3.0) for _ in range(SIZE)])
    logprobs = logits.log_softmax(0)
    kept_ids = logprobs.argsort(descending=True)[:num_kept]
    kept = KeptRow(tuple(kept_ids.tolist()), tuple(logprobs[kept_ids].tolist()))
    step = Step(Context.of([1, 2], output), seed, seed % 3)
    told = drawn_token(kept, chain, step, SIZE)
    for row in (logits, logits + 7.5, other_row(logprobs, kept_ids, dice)):
        (pick,) = Sampler([chain]).draw(row.clone().unsqueeze(0), [step], Laps(lambda: 0.0))
        assert told is None or (isinstance(pick, Pick) and pick.token == told)
    if num_kept == SIZE:
        assert told is not None


def other_row(logprobs: torch.Tensor, kept: torch.Tensor, dice: random.Random) -> torch.Tensor:
    """The same best ids with the same probabilities; what is left is shared out among the others as it comes, none of
    them likelier than the last one kept."""
    row = torch.full_like(logprobs, -math.inf)
    row[kept] = logprobs[kept]
    others = [place for place in range(SIZE) if place not in set(kept.tolist())]
    dice.shuffle(others)
    left, most = 1.0 - float(logprobs[kept].exp().sum()), float(logprobs[kept].min().exp())
    for place in others:
        share = min(left, most * dice.choice((0.999, 0.5, 0.0)))
        row[place] = math.log(share) if share > 0 else -60.0
        left -= max(share, 0.0)
    return row


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"trace": {"model": "other"}}, "another model"),
        ({"trace": {"policy_digest": "0" * 64}}, "not at hand"),
        ({"trace": {"seed": None}}, "its row"),
        ({"trace": {"settings": {"schema": "sha256:0", "do_sample": False}}}, "constraint"),
        ({"trace": {"settings": {"top_k": "many"}}}, "put together"),
        ({"tokens": {"rows": ()}}, None),
        ({"tokens": {"token_ids": (1,)}}, "its row"),
    ],
)  # fmt: skip
def test_what_does_not_tell_enough_is_counted(change: dict[str, Any], why: str | None, tmp_path: Path) -> None:
    """By why; and where no logits were kept there is nothing to count."""
    own = policy(DECODINGS["usual"])
    record(tmp_path / "traces.jsonl", own)
    (first, *_) = [entry.record for entry in read_traces(tmp_path / "traces.jsonl")]  # type: ignore[union-attr]
    parts = {name: dataclasses.replace(getattr(first, name), **given) for name, given in change.items()}
    with TraceWriter(tmp_path / "odd.jsonl") as writer:
        writer.add(dataclasses.replace(first, **parts))
    report = replay(tmp_path / "odd.jsonl", own, model=MODEL)
    assert report.drawing.count == 0
    assert [why in reason for reason in report.drawing.left_out] == ([True] if why else [])


def test_hostile_rows_are_undecided() -> None:
    """Ids that are none, twice the same id, numbers that are none, rows of different lengths."""
    chain, step = Chain((), is_greedy=True), Step(Context.of([1]), 0, 0)
    for ids, logprobs in (
        ((), ()),
        ((1, 1), (0.0, -1.0)),
        ((99,), (0.0,)),
        ((-1,), (0.0,)),
        ((1,), (math.nan,)),
        ((1, 2), (0.0,)),
    ):
        assert drawn_token(KeptRow(ids, logprobs), chain, step, SIZE) is None


def test_a_shorter_answer_differs_where_it_ends(tmp_path: Path) -> None:
    """Fewer tokens allowed: it differs at the first that is not; more: behind the last, where that was no end."""
    old = policy(DECODINGS["greedy"])
    record(tmp_path / "traces.jsonl", old)
    for most, step in ((5, 5), (20, 12)):
        report = replay(tmp_path / "traces.jsonl", policy({"temperature": 0, "max_new_tokens": most}), old, model=MODEL)
        assert {each.step for each in report.drawing.examples["differs"]} == {step}
