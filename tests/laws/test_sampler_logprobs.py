"""Log-probabilities against float64 softmaxes of the row before and after the stages."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from random_chains import draw, requests
from random_logits import History, logits_rows

from llmpost.contracts.pick import Candidate, Pick
from llmpost.contracts.tokens import Logits
from llmpost.errors import DeadEnd
from llmpost.logits import Biases, Chain, SequenceBias, Temperature, TopK


def log_softmax(row: Logits) -> np.ndarray:
    values = row.double().numpy()
    return values - values.max() - np.log(np.exp(values - values.max()).sum())


def check_top(top: tuple[Candidate, ...], logprobs: np.ndarray, wanted: int) -> None:
    """The best, in order, each with its own number, and none that is impossible."""
    best = np.sort(logprobs)[::-1][:wanted]
    np.testing.assert_allclose([candidate.logprob for candidate in top], best[best > -np.inf], atol=1e-9)
    np.testing.assert_allclose([logprobs[candidate.token] for candidate in top], [c.logprob for c in top], atol=1e-9)
    assert [c.logprob for c in top] == sorted((c.logprob for c in top), reverse=True)
    assert len({candidate.token for candidate in top}) == len(top)


@given(logits_rows(max_rows=3), st.data())
def test_raw_and_staged(logits: Logits, data: st.DataObject) -> None:
    """Raw is the log-softmax of the untouched row, staged that of what the stages leave; both lists are sorted."""
    each = [data.draw(requests(logits.shape[1])) for _ in range(len(logits))]
    outcomes = draw([request.chain for request in each], logits, [request.step for request in each])
    for row, request, outcome in zip(logits.split(1), each, outcomes, strict=True):
        wanted = request.step.num_top_logprobs
        if isinstance(outcome, DeadEnd):
            continue
        assert isinstance(outcome, Pick)
        if wanted is None:
            assert outcome.logprobs is None
            continue
        assert outcome.logprobs is not None
        raw, staged = log_softmax(row[0]), log_softmax(request.chain.apply(row.clone(), [request.step])[0])
        np.testing.assert_allclose(outcome.logprobs.raw, raw[outcome.token], atol=1e-9)
        np.testing.assert_allclose(outcome.logprobs.staged, staged[outcome.token], atol=1e-9)
        check_top(outcome.logprobs.top_raw, raw, wanted)
        check_top(outcome.logprobs.top_staged, staged, wanted)


def test_examples() -> None:
    """Of two equal ids each has log(1/2), the higher one first; more than there are cannot be asked for."""
    step = History((0,), ()).step(num_top_logprobs=9)
    (pick,) = draw([Chain((), is_greedy=True)], torch.tensor([[1.0, 1.0, -torch.inf]]), [step])
    assert isinstance(pick, Pick)
    assert pick.logprobs is not None
    half = -float(np.log(2.0))
    assert pick.token == 0
    np.testing.assert_allclose(pick.logprobs.raw, half)
    assert [candidate.token for candidate in pick.logprobs.top_raw] == [1, 0]
    assert pick.logprobs.top_raw == pick.logprobs.top_staged


def test_a_token_the_model_ruled_out_has_no_raw_probability() -> None:
    """One that is banned is never drawn, and keeps its raw probability in the raw list."""
    step = History((0,), ()).step(num_top_logprobs=2)
    chain = Chain((SequenceBias(Biases.banning([(1,)])), Temperature(0.5), TopK(2)))
    (pick,) = draw([chain], torch.tensor([[0.0, 3.0, 1.0, -1.0]]), [step])
    assert isinstance(pick, Pick)
    assert pick.logprobs is not None
    assert [candidate.token for candidate in pick.logprobs.top_raw] == [1, 2]
    assert [candidate.token for candidate in pick.logprobs.top_staged] == [2, 0]
