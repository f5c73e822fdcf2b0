"""The noise is one function of (seed, candidate, position, id): exponential waits, independent in each argument."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from random_logits import History
from scipy import stats

from llmpost.contracts.stage import Step
from llmpost.logits.noise import log_waits, noise_keys

MANY = 20_000


def noise(seed: int = 0, candidate: int = 0, position: int = 0, token: int = 0) -> float:
    step = History((9,), (9,) * position).step(seed=seed, candidate=candidate)
    return float(log_waits(noise_keys([step]), torch.tensor([[token]])))


def steps(of: str, count: int) -> list[Step]:
    """`count` steps that differ in one thing alone."""
    if of == "position":
        context = History((9,), ()).step().context
        grown = [Step(context)]
        while len(grown) < count:
            context = context.append(9)
            grown.append(Step(context))
        return grown
    context = History((9,), ()).step().context
    return [Step(context, **{of: number}) for number in range(count)]


def streams() -> dict[str, np.ndarray]:
    """The noise along each argument, the others fixed."""
    along = {
        of: log_waits(noise_keys(steps(of, MANY)), torch.tensor([[7]])) for of in ("seed", "candidate", "position")
    }
    along["id"] = log_waits(noise_keys(steps("seed", 1)), torch.arange(MANY).unsqueeze(0))
    return {name: values.flatten().numpy() for name, values in along.items()}


@pytest.mark.parametrize("of", ["seed", "candidate", "position", "id"])
def test_waits_are_exponential(of: str) -> None:
    """Along each argument the values follow the exponential law, and neighbours know nothing of one another."""
    values = streams()[of]
    uniform = np.exp(-np.exp(values))
    assert stats.kstest(uniform, "uniform").pvalue > 1e-3
    for lag in (1, 2, 64):
        pairs = np.histogram2d(uniform[:-lag], uniform[lag:], bins=8, range=[[0, 1], [0, 1]])[0]
        assert stats.chisquare(pairs.flatten()).pvalue > 1e-3


def test_arguments_are_not_interchangeable() -> None:
    """No two of the four arguments share a stream, and no two streams are correlated."""
    values = list(streams().values())
    for one in range(4):
        for other in range(one):
            assert abs(np.corrcoef(values[one], values[other])[0, 1]) < 4 / np.sqrt(MANY)
    assert len(np.unique(np.concatenate([each[1:] for each in values]))) == 4 * (MANY - 1)


HUGE = [
    0,
    1,
    -1,
    2,
    -2,
    2**63,
    -(2**63),
    2**64 - 1,
    2**64,
    2**64 + 1,
    -(2**64),
    1 << 128,
    3 << 64,
    (1 << 64) + (1 << 128),
    3,
    10**40,
]


def test_any_integer_is_a_seed_of_its_own() -> None:
    """Negative and huge seeds, and seeds that differ above 64 bits alone, have different noise."""
    assert len({noise(seed) for seed in HUGE}) == len(HUGE)


@given(st.integers(-(2**200), 2**200), st.integers(0, 40), st.integers(0, 5))
def test_a_shifted_seed_is_another_seed(seed: int, shift: int, candidate: int) -> None:
    """Neither whole words of zeros below a seed nor its sign are forgotten."""
    others = {seed, seed << 64, seed << 128, -seed, ~seed, seed + (1 << 64 + shift)}
    assert len({noise(other, candidate) for other in others}) == len(others)


@given(st.data())
def test_it_is_elementwise(data: st.DataObject) -> None:
    """An id's noise is the same alone, in any slice, in any order and in any batch, to the last bit."""
    count = data.draw(st.integers(1, 300))
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    ids = torch.from_numpy(rng.integers(0, 200_000, (2, count)))
    keys = noise_keys([History((1,), ()).step(seed=data.draw(st.integers(0, 9))), History((1,), (2,)).step()])
    together = log_waits(keys, ids)
    start, stop = sorted((data.draw(st.integers(0, count)), data.draw(st.integers(0, count))))
    order = torch.from_numpy(rng.permutation(count))
    assert torch.equal(log_waits(keys, ids[:, start:stop]), together[:, start:stop])
    assert torch.equal(log_waits(keys, ids[:, order]), together[:, order])
    assert torch.equal(log_waits(keys[1:], ids[1:]), together[1:])
    one = int(rng.integers(count))
    assert torch.equal(log_waits(keys[:1], ids[:1, one : one + 1]), together[:1, one : one + 1])


def test_it_is_finite_for_every_bit_pattern() -> None:
    """The least and the largest noise are finite, so that a masked id never wins."""
    values = log_waits(noise_keys([History((1,), ()).step(seed=3)]), torch.arange(2_000_000).unsqueeze(0))
    assert bool(torch.isfinite(values).all())
