"""Log-mass against its definition: the token's probability without the constraint over that with it, in float64."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from enumerated_laws import END, engine_of, free_law, mass
from hypothesis import given, settings
from hypothesis import strategies as st
from random_chains import FOREIGN, draw, requests, token_of
from random_logits import History, logits_rows, narrow_widths, seeds
from toy_constraints import FixedState

from llmpost.contracts.pick import Pick
from llmpost.contracts.tokens import Logits
from llmpost.errors import ModelError
from llmpost.logits import Chain, Temperature, TopK, TopP
from llmpost.testing import random_script

STEP = History((1, 2), (3,)).step(seed=5)


def logprobs(row: Logits) -> np.ndarray:
    return row.double().log_softmax(1)[0].numpy()


def masked(row: Logits, state: FixedState) -> Logits:
    banned = [token not in state.allowed for token in range(row.shape[1])]
    return row.masked_fill(torch.tensor([banned]), -torch.inf)


def mass_of(outcome: Any) -> float:
    assert isinstance(outcome, Pick), outcome
    assert outcome.log_mass is not None
    return outcome.log_mass


@st.composite
def states(draw: st.DrawFn, width: int) -> FixedState | None:
    if draw(st.integers(0, 4)) == 0:
        return None
    rng = np.random.default_rng(draw(seeds))
    allowed = np.flatnonzero(rng.random(width) < draw(st.sampled_from([0.1, 0.5, 0.9, 1.0])))
    return FixedState(frozenset(allowed.tolist()), width, is_dear=draw(st.booleans()))


@given(logits_rows(max_rows=4, width=narrow_widths), st.data())
@settings(max_examples=60)
def test_it_is_a_weight(logits: Logits, data: st.DataObject) -> None:
    """Under any chain, greedy or sampled, truncated or not: ln p/q of the token, which is the one drawn without being
    measured; 0 where the mask allows all, and nothing without a constraint."""
    width = logits.shape[1]
    each = [data.draw(requests(width)) for _ in range(len(logits))]
    own = [data.draw(states(width)) for _ in each]
    chains = [request.chain for request in each]
    steps = [replace(request.step, constraint=state) for request, state in zip(each, own, strict=True)]
    measured = draw(chains, logits, [replace(step, measures_mass=True) for step in steps])
    for row, (outcome, plain) in enumerate(zip(measured, draw(chains, logits, steps), strict=True)):
        if not isinstance(plain, Pick) or not isinstance(outcome, Pick):
            assert str(outcome) == str(plain)
            continue
        assert replace(outcome, log_mass=None) == plain
        state = own[row]
        if state is None:
            assert outcome.log_mass is None
            continue
        raw = logits[row : row + 1]
        free = logprobs(chains[row].apply(raw.clone(), [replace(steps[row], constraint=None)]))
        held = logprobs(masked(chains[row].apply(masked(raw, state), [steps[row]]), state))
        assert mass_of(outcome) == pytest.approx(free[outcome.token] - held[outcome.token], abs=1e-9)
        if len(state.allowed) == width:
            assert mass_of(outcome) == 0.0


@pytest.mark.parametrize("is_greedy", [True, False])
def test_it_is_the_mass_where_nothing_truncates(is_greedy: bool) -> None:
    """Whatever token is drawn, the probability of all that is allowed, under the edits and the temperature."""
    row = torch.linspace(-2, 2, 300).unsqueeze(0)
    state = FixedState(frozenset(range(0, 300, 7)), 300)
    chain = Chain((Temperature(0.7),), is_greedy)
    temperature = 1.0 if is_greedy else 0.7  # a greedy chain has none
    expected = (row / temperature).double().softmax(1)[0, ::7].sum().log().item()
    steps = [replace(STEP, seed=seed, constraint=state, measures_mass=True) for seed in range(20)]
    outcomes = draw([chain] * 20, row.repeat(20, 1), steps)
    assert [mass_of(outcome) for outcome in outcomes] == pytest.approx([expected] * 20, abs=1e-9)
    assert (len(set(map(token_of, outcomes))) == 1) == is_greedy


def test_what_truncation_would_not_let_through_has_no_weight() -> None:
    """The mask comes first and so the best allowed id is drawn; without the mask it never would be."""
    row = -0.1 * torch.arange(300).float().unsqueeze(0)
    step = replace(STEP, constraint=FixedState(frozenset({250}), 300), measures_mass=True)
    for chain in (Chain((TopK(20),)), Chain((TopP(0.5),)), Chain((TopK(9), Temperature(2.0)), own_order=True)):
        assert mass_of(draw([chain], row, [step])[0]) == -math.inf


def test_neighbours_make_no_difference() -> None:
    """Measured beside rows that are free, lazily masked, foreign or greedy, a row has the number it has alone."""
    rows = torch.from_numpy(np.random.default_rng(3).normal(0, 3, (5, 500))).float()
    state = FixedState(frozenset(range(0, 500, 3)), 500)
    held = replace(STEP, constraint=state)
    chains = [Chain((TopK(20),)), Chain((FOREIGN,)), Chain((), True), Chain((TopP(0.7),)), Chain(())]
    steps = [replace(held, measures_mass=True), held, held, replace(held, measures_mass=True), STEP]
    together = draw(chains, rows, steps)
    for row in (0, 3):
        (alone,) = draw([chains[row]], rows[row : row + 1], [steps[row]])
        assert token_of(together[row]) == token_of(alone)
        assert mass_of(together[row]) == pytest.approx(mass_of(alone), abs=1e-12)


def test_a_row_without_a_law_has_no_mass() -> None:
    """A forbidden id that is NaN is no error until somebody asks how likely it was."""
    row = torch.zeros(1, 300)
    row[0, 7] = torch.nan
    held = replace(STEP, constraint=FixedState(frozenset({3}), 300))
    assert token_of(draw([Chain(())], row, [held])[0]) == 3
    assert isinstance(draw([Chain(())], row, [replace(held, measures_mass=True)])[0], ModelError)


PATTERN = "(a|b|ab)+c?"
FREE: dict[str, Any] = {"temperature": 1.0, "top_k": 0, "max_new_tokens": 4}


@pytest.mark.parametrize("more", [{}, {"temperature": 0.8, "repetition_penalty": 1.4}, {"top_k": 3}], ids=str)
def test_weights_add_up_to_the_language(more: dict[str, Any]) -> None:
    """Times its weight each text is as likely as without the constraint, so weights average to what fits and ends."""
    script = random_script(5, 4)
    law = free_law(script, FREE | more)
    drawn = engine_of(script).generate(
        "c", regex=PATTERN, n=400, seed=2, log_mass=True, logprobs=True, **(FREE | more)
    ).candidates  # fmt: skip
    weights = []
    for result in drawn:
        assert result.log_weight is not None
        assert result.logprobs is not None
        as_drawn = math.fsum(each.staged for each in result.logprobs)
        assert math.exp(as_drawn + result.log_weight) == pytest.approx(law.get(result.token_ids, 0.0), rel=1e-6)
        weights.append(math.exp(result.log_weight) if result.parsed is not None else 0.0)
    error = np.std(weights) / math.sqrt(len(weights))
    assert 0 < error < 0.1 * np.mean(weights)
    ended = {ids: share for ids, share in law.items() if ids[-1] == END}  # what was cut off is not what is drawn from
    assert abs(np.mean(weights) - mass(ended, PATTERN)) < 4 * error
    assert any(result.token_ids[-1] == END for result in drawn)
