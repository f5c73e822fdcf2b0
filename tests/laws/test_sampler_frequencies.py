"""What is drawn follows the exact distribution: chi-square over thousands of seeds."""

from __future__ import annotations

import numpy as np
import pytest
import stage_definitions as define
import torch
from random_chains import draw, token_of
from random_logits import History
from scipy import stats

from llmpost.logits import Chain, MinP, RepetitionPenalty, Temperature, TopK, TopP

DRAWS = 6000
ROW = np.array([2.0, 1.5, 1.5, 0.7, 0.0, -0.3, -1.0, 2.2, 0.2, -4.0, -2.0, -np.inf], dtype=np.float32)


def survivors(row: define.Row, stage: object) -> define.Row:
    match stage:
        case Temperature(float(value)):
            return define.temperature(row, value)
        case TopK(int(k)):
            return define.cut(row, define.top_k(row, k))
        case TopP(float(p)):
            return define.cut(row, define.top_p(row, p))
        case MinP(float(p)):
            return define.cut(row, define.min_p(row, p))
        case RepetitionPenalty(float(factor)):
            return define.repetition_penalty(row, [0], factor)
    raise AssertionError(stage)


CHAINS = {
    "no truncation": (Temperature(0.8),),
    "nothing": (),
    "recipe": (RepetitionPenalty(1.1), Temperature(0.7), TopK(8), TopP(0.9)),
    "top-p": (TopP(0.8),),
    "min-p": (Temperature(1.5), MinP(0.1)),
    "llama.cpp": (TopK(7), TopP(0.95), MinP(0.05), Temperature(1.7)),
}


@pytest.mark.parametrize("width", [len(ROW), 4200])
@pytest.mark.parametrize("stages", CHAINS.values(), ids=CHAINS)
def test_frequencies(stages: tuple[Temperature, ...], width: int) -> None:
    """Over seeds, candidates and positions, ids come up as often as their probabilities say, and no others come up."""
    draws = DRAWS if width < 100 else 2000
    row = np.full(width, -np.inf, dtype=np.float32)
    places = np.arange(len(ROW)) * (width // len(ROW))  # spread over the blocks of a wide row
    row[places] = ROW
    exact = row.astype(np.float64)
    for stage in stages:
        exact = survivors(exact, stage)
    expected = define.probabilities(exact)
    steps = [History((0,), (0,) * (i % 5)).step(seed=i // 10, candidate=i // 5 % 2) for i in range(draws)]
    drawn: list[int] = []
    for start in range(0, draws, 1000):
        batch = torch.from_numpy(row).repeat(1000, 1)
        drawn += map(token_of, draw([Chain(stages, own_order=True)] * 1000, batch, steps[start : start + 1000]))
    counts = np.bincount(drawn, minlength=width)
    possible = expected > 0
    assert counts[~possible].sum() == 0
    assert stats.chisquare(counts[possible], expected[possible] * draws).pvalue > 1e-3
