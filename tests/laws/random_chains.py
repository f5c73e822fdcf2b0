"""Requests of all kinds for the sampler's laws: default and own orders, greedy, foreign, with log-probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from hypothesis import strategies as st
from random_logits import histories

from llmpost.contracts.laps import Laps
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import LogitsStage, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import LlmpostError
from llmpost.logits import (
    Biases,
    Chain,
    Forced,
    ForcedTokens,
    ForeignStage,
    FrequencyPenalty,
    MinLength,
    MinP,
    NoRepeatNgram,
    PresencePenalty,
    RepetitionPenalty,
    Sampler,
    SequenceBias,
    Temperature,
    TopK,
    TopP,
    Window,
)
from llmpost.logits.noise import log_waits, noise_keys

FOREIGN = ForeignStage(lambda ids, scores: scores.flip(1) * 0.5 + ids.sum())
BROKEN = ForeignStage(lambda ids, scores: scores[:, : 1 // 0])


def draw(chains: list[Chain], logits: Logits, steps: list[Step]) -> list[Pick | LlmpostError]:
    return list(Sampler(chains).draw(logits.clone(), steps, Laps(lambda: 0.0)))


def token_of(outcome: Pick | LlmpostError) -> int:
    assert isinstance(outcome, Pick), outcome
    return outcome.token


def slow_draw(chain: Chain, row: Logits, step: Step) -> int:
    """A row alone, the long way: all stages over all of it, then a race of all its ids; greedy: the arg-max."""
    staged = chain.apply(row.clone(), [step])
    if chain.is_greedy:
        return int(staged.argmax())
    scores = staged.double() - log_waits(noise_keys([step]), torch.arange(row.shape[1]).unsqueeze(0))
    return int(scores.argmax())


@dataclass(frozen=True)
class Request:
    chain: Chain
    step: Step


@st.composite
def requests(draw: st.DrawFn, width: int, with_foreign: bool = True) -> Request:
    token = st.integers(0, min(width, 6) - 1)
    window = st.builds(Window, st.booleans(), st.none() | st.integers(0, 9))
    amount = st.floats(-2.0, 2.0)
    sequence = st.lists(token, min_size=1, max_size=3).map(tuple)
    biases = st.builds(Biases, st.dictionaries(sequence, st.floats(-3.0, 3.0), max_size=3), st.lists(token, max_size=1))
    edits: list[st.SearchStrategy[LogitsStage]] = [
        st.builds(NoRepeatNgram, st.integers(0, 3)),
        st.builds(MinLength, st.integers(0, 9), st.frozensets(token, max_size=2)),
        st.builds(ForcedTokens, st.dictionaries(st.integers(0, 9), token, max_size=1).map(Forced)),
        st.builds(SequenceBias, biases),
        st.builds(RepetitionPenalty, st.floats(0.5, 2.0), window),
        st.builds(PresencePenalty, amount, window),
        st.builds(FrequencyPenalty, amount, window),
    ]
    samplers: list[st.SearchStrategy[LogitsStage]] = [
        st.builds(Temperature, st.floats(0.1, 3.0) | st.just(1.0)),
        st.builds(TopK, st.integers(0, 80) | st.sampled_from([2040, 5000])),
        st.builds(TopP, st.floats(0.01, 0.999) | st.just(1.0)),
        st.builds(MinP, st.floats(1e-9, 1.0) | st.just(0.0)),
    ]
    # All the samplers half of the time, because their meeting is what is clever here.
    some = [kind for kind in edits if draw(st.integers(0, 3)) == 0]
    some += samplers if draw(st.booleans()) else [kind for kind in samplers if draw(st.booleans())]
    stages = [draw(kind) for kind in some]
    own_order = draw(st.integers(0, 3)) == 0
    if own_order:
        more = [draw(kind) for kind in samplers if draw(st.integers(0, 3)) == 0]  # a stage may come twice
        foreign = [FOREIGN] if with_foreign and draw(st.integers(0, 3)) == 0 else []
        stages = draw(st.permutations([*stages, *more, *foreign]))
    history = draw(histories(width))
    step = history.step(
        seed=draw(st.integers(-(2**70), 2**70) | st.integers(0, 3)),
        candidate=draw(st.integers(0, 2)),
        num_top_logprobs=draw(st.sampled_from([None, None, None, 0, 3])),
    )
    return Request(Chain(tuple(stages), is_greedy=draw(st.integers(0, 4)) == 0, own_order=own_order), step)
