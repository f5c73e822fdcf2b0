"""Conditioned rows against their definition: all stages over the whole free row, then the mask, prospects and noise."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_chains import draw, requests
from random_logits import History, logits_rows, seeds
from toy_constraints import BrokenState, FixedState

from llmpost.contracts.pick import Pick, Share
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import ConstraintError, DeadEnd
from llmpost.logits import Chain, TopK, TopP
from llmpost.logits.noise import log_waits, noise_keys


def slow_draw(chain: Chain, row: Logits, step: Step) -> tuple[int, Share] | None:
    """The winner and its share; None where nothing is left."""
    assert isinstance(step.constraint, FixedState)
    assert step.prospects is not None
    law = chain.apply(row.clone(), [replace(step, constraint=None)])[0].double()
    allowed = [token for token in range(len(law)) if token in step.constraint.allowed]
    waits = log_waits(noise_keys([step]), torch.arange(len(law)).unsqueeze(0))[0]
    scores = {token: float(law[token] + step.prospects.get(token, 0.0) - waits[token]) for token in allowed}
    winner = max(allowed, key=lambda token: (scores[token], -token), default=0)
    if scores.get(winner, -math.inf) == -math.inf:
        return None
    others = [token for token in allowed if token != winner and token not in step.prospects]
    logs = law - law.logsumexp(0)
    return winner, Share(float(logs[winner]), float(logs[others].logsumexp(0)))


@st.composite
def conditioned(draw: st.DrawFn, step: Step, width: int) -> Step:
    rng = np.random.default_rng(draw(seeds))
    allowed = np.flatnonzero(rng.random(width) < draw(st.sampled_from([0.02, 0.5, 1.0])))
    logs = st.sampled_from([-math.inf, -3.0, -0.5, 0.0])
    prospects = draw(st.dictionaries(st.integers(0, width - 1), logs, max_size=5))
    return replace(step, constraint=FixedState(frozenset(allowed.tolist()), width), prospects=prospects)


@given(logits_rows(max_rows=3), st.data())
@settings(max_examples=40)
def test_it_is_drawn_as_defined(logits: Logits, data: st.DataObject) -> None:
    """Heads and whole rows, under any chain, beside rows that are not conditioned: the token and its share, or a dead
    end."""
    width = logits.shape[1]
    each = [data.draw(requests(width)) for _ in range(len(logits))]
    assume(not each[0].chain.is_greedy)
    steps = [data.draw(conditioned(each[0].step, width)), *(request.step for request in each[1:])]
    chains = [request.chain for request in each]
    outcome, *others = draw(chains, logits, steps)
    assert list(map(str, others)) == list(map(str, draw(chains, logits, [request.step for request in each])[1:]))
    expected = slow_draw(chains[0], logits[:1], steps[0])
    if expected is None:
        assert isinstance(outcome, DeadEnd)
        return
    assert isinstance(outcome, Pick)
    assert outcome.share is not None
    assert outcome.token == expected[0]
    assert outcome.share.own == pytest.approx(expected[1].own, abs=1e-9)
    assert outcome.share.others == pytest.approx(expected[1].others, abs=1e-9)
    (alone,) = draw(chains[:1], logits[:1], steps[:1])
    assert isinstance(alone, Pick)
    assert (alone.token, alone.share) == (outcome.token, outcome.share)


STEP = replace(History((1, 2), (3,)).step(seed=5), prospects={})


@pytest.mark.parametrize("chain", [Chain(()), Chain((TopK(20),)), Chain((TopP(0.5),))])
def test_nothing_left_ends_its_own_row(chain: Chain) -> None:
    """No allowed id survives the stages, none has prospects, or none is known: each row by itself."""
    rows = -0.1 * torch.arange(300).float().repeat(4, 1)
    states = [FixedState(frozenset(), 300), FixedState(frozenset({0}), 300), BrokenState(frozenset(), 300)]
    steps = [
        replace(STEP, constraint=states[0]),
        replace(STEP, constraint=states[1], prospects={0: -math.inf}),
        replace(STEP, constraint=states[2]),
        replace(STEP, constraint=states[1]),
    ]
    outcomes = draw([chain] * 4, rows, steps)
    assert [type(outcome) for outcome in outcomes] == [DeadEnd, DeadEnd, ConstraintError, Pick]


def test_the_mask_comes_after_truncation() -> None:
    """What the settings cut from the free row is not brought back, though the mask allows nothing else."""
    row = -0.1 * torch.arange(300).float().unsqueeze(0)
    step = replace(STEP, constraint=FixedState(frozenset({250}), 300))
    assert isinstance(draw([Chain((TopK(20),))], row, [step])[0], DeadEnd)
    assert isinstance(draw([Chain((TopK(20),))], row, [replace(step, prospects=None)])[0], Pick)


def test_a_vocabulary_narrower_or_wider_than_the_row() -> None:
    """Ids beyond the mask are not allowed, and ids beyond the row are not there."""
    row = torch.linspace(-1, 1, 300).unsqueeze(0)
    for chain in (Chain(()), Chain((TopK(50),))):
        for size in (280, 320):
            step = replace(STEP, constraint=FixedState(frozenset(range(270, size)), size))
            (outcome,) = draw([chain], row, [step])
            assert isinstance(outcome, Pick)
            assert 270 <= outcome.token < min(size, 300)
