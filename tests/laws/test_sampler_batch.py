"""A faster way draws the same tokens: together as alone, pruned as in full, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from random_chains import draw, requests, slow_draw, token_of
from random_logits import History, logits_rows, make_row, widths

from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Context, Logits
from llmpost.errors import DeadEnd
from llmpost.logits import Chain, MinP, RepetitionPenalty, Temperature, TopK, TopP


def each_alone(outcomes: list[object], chains: list[Chain], logits: Logits, steps: list[Step]) -> None:
    for row, outcome in enumerate(outcomes):
        (alone,) = draw([chains[row]], logits[row : row + 1], [steps[row]])
        assert (type(outcome), str(outcome)) == (type(alone), str(alone))  # a pick prints all it holds


@given(logits_rows(max_rows=8), st.data())
@settings(max_examples=250)
def test_a_row_does_not_notice_its_batch(logits: Logits, data: st.DataObject) -> None:
    """Whoever its neighbours are, a row gets the token, the log-probabilities and the error that it gets alone."""
    each = [data.draw(requests(logits.shape[1])) for _ in range(len(logits))]
    chains, steps = [request.chain for request in each], [request.step for request in each]
    outcomes = draw(chains, logits, steps)
    each_alone(outcomes, chains, logits, steps)
    order = data.draw(st.permutations(range(len(logits))))
    shuffled = draw([chains[row] for row in order], logits[order], [steps[row] for row in order])
    assert [str(outcomes[row]) for row in order] == list(map(str, shuffled))


@given(logits_rows(max_rows=3), st.data())
@settings(max_examples=250)
def test_the_short_way_draws_what_the_long_way_draws(logits: Logits, data: st.DataObject) -> None:
    """All stages over the whole row and a race of all its ids choose the token that the sampler chooses."""
    each = [data.draw(requests(logits.shape[1])) for _ in range(len(logits))]
    outcomes = draw([request.chain for request in each], logits, [request.step for request in each])
    for row, request, outcome in zip(logits.split(1), each, outcomes, strict=True):
        if isinstance(outcome, DeadEnd):
            assert (request.chain.apply(row.clone(), [request.step]) == -torch.inf).all()
        else:
            assert token_of(outcome) == slow_draw(request.chain, row, request.step)


ORDERS = {
    "transformers": (Temperature(0.7), TopK(50), TopP(0.9), MinP(0.02)),
    "llama.cpp": (TopK(40), TopP(0.95), MinP(0.05), Temperature(0.8)),
    "nucleus, then temperature": (TopP(0.9), Temperature(1.5)),
    "temperature between": (TopK(200), Temperature(2.0), TopP(0.8)),
    "min-p first": (MinP(1e-3), TopP(0.9), TopK(30), Temperature(0.6)),
    "wide top-k": (Temperature(1.3), TopK(3000), TopP(0.99)),
    "nucleus alone": (Temperature(1.0), TopP(0.97)),
    "temperature alone": (Temperature(1.2),),
    "nothing": (),
}


@pytest.mark.parametrize("stages", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("style", ["power", "normal", "integers", "equal"])
@pytest.mark.parametrize("width", [130, 5000, 20001])
def test_orders_of_real_engines(stages: tuple[Temperature | TopK | TopP | MinP, ...], style: str, width: int) -> None:
    """Default and own orders over wide rows, heads that tell and heads that do not: the long way's tokens."""
    rng = np.random.default_rng(width)
    logits = torch.from_numpy(np.stack([make_row(rng, width, style) for _ in range(4)])).float()
    chain = Chain((RepetitionPenalty(1.1), *stages), own_order=True)
    steps = [Step(Context.of(rng.integers(0, width, 20).tolist()), seed=seed) for seed in range(4)]
    drawn = [token_of(outcome) for outcome in draw([chain] * 4, logits, steps)]
    assert drawn == [slow_draw(chain, row, step) for row, step in zip(logits.split(1), steps, strict=True)]


@given(st.data())
@settings(max_examples=50)
def test_truncation_of_a_mostly_masked_row(data: st.DataObject) -> None:
    """Where fewer ids are left than a head is wide, all of them are seen: the last id of an odd width among them."""
    width = data.draw(st.sampled_from([4097, 4127, 4223]))
    logits = torch.full((2, width), -torch.inf)
    for row in range(2):
        some = data.draw(st.sets(st.integers(0, width - 1), max_size=4)) | {width - 1}
        logits[row, sorted(some)] = torch.arange(len(some)).float()
    for stage in (TopK(10), TopP(0.9999), MinP(1e-9)):
        step = History((0,), ()).step()
        torch.testing.assert_close(stage.apply(logits.clone(), [step, step]), logits, rtol=0, atol=0)


@given(logits_rows(max_rows=4, width=widths), st.data())
def test_greedy_is_the_arg_max(logits: Logits, data: st.DataObject) -> None:
    """A greedy row is the lowest of the best ids; no temperature and no truncation changes it, wherever it stands."""
    samplers = data.draw(st.permutations([Temperature(0.3), TopK(2), TopP(0.4), MinP(0.5), RepetitionPenalty(1.4)]))
    steps = [History((0, logits.shape[1] - 1), ()).step() for _ in logits]
    edited = RepetitionPenalty(1.4).apply(logits.clone(), steps)
    best = [int((row == row.max()).nonzero()[0, 0]) for row in edited]
    chain = Chain(tuple(samplers), is_greedy=True, own_order=True)
    assert [token_of(outcome) for outcome in draw([chain] * len(logits), logits, steps)] == best
    assert chain.apply(logits.clone(), steps).argmax(1).tolist() == best
