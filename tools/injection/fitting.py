"""Fitting: two linear models over the features of examples, by gradient descent on all of them at once.

The same examples in the same order make the same model. Every origin counts alike, whatever its size, within attacks
and within what is none. Whoever measures leaves examples out before they come here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from llmpost.guards.injection.features import BITS, Features
from llmpost.guards.injection.scorer import Scorer, share
from llmpost.guards.injection.signals import SIGNALS

from .examples import LABELS, Example


@dataclass(frozen=True, slots=True)
class Plan:
    """How it is taught."""

    num_steps: int = 120
    rate: float = 0.15
    words_held_back: float = 2e-5
    """How much weights of words are drawn to nothing; a word is known from few sources, a signal stands for many."""
    signals_held_back: float = 1e-3


def fit(seen: Sequence[tuple[Example, Features]], plan: Plan = Plan()) -> Scorer:
    """What the examples teach."""
    counts = [len(features.words) for _, features in seen]
    ids = torch.tensor([word for _, features in seen for word in features.words], dtype=torch.long)
    shares = torch.tensor(np.repeat([share(count) for count in counts], counts), dtype=torch.float32)
    offsets = torch.tensor(np.concatenate([[0], np.cumsum(counts)[:-1]]), dtype=torch.long)
    signals = torch.tensor([features.signals for _, features in seen], dtype=torch.float32)
    targets, weights = (each[:, None].expand(-1, 2, -1) for each in _targets([example for example, _ in seen]))
    words = torch.zeros(1 << BITS, len(LABELS), requires_grad=True)
    worth = torch.zeros(len(SIGNALS), len(LABELS), requires_grad=True)
    biases = torch.full((2, len(LABELS)), -2.0, requires_grad=True)
    descent = torch.optim.Adam([words, worth, biases], lr=plan.rate)
    slowing = torch.optim.lr_scheduler.CosineAnnealingLR(descent, plan.num_steps)
    for _ in range(plan.num_steps):
        descent.zero_grad()
        said = F.embedding_bag(ids, words, offsets, mode="sum", per_sample_weights=shares)
        logits = torch.stack([said, signals @ worth], dim=1) + biases
        loss = (F.binary_cross_entropy_with_logits(logits, targets, reduction="none") * weights).sum()
        held_back = plan.words_held_back * words.square().sum() + plan.signals_held_back * worth.square().sum()
        (loss + held_back).backward()  # type: ignore[no-untyped-call]
        descent.step()
        slowing.step()
    arrays = (each.detach().numpy().T.copy() for each in (words, worth, biases))
    return Scorer(tuple(LABELS), *arrays)


def _targets(given: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """An attack of another label teaches nothing about this one: an attack may be both."""
    sizes = Counter((example.label is None, example.origin) for example in given)
    num_origins = Counter(is_none for is_none, _ in sizes)
    targets = torch.tensor([[float(example.label == label) for label in LABELS] for example in given])
    weights = torch.tensor(
        [
            [
                float(example.label in (label, None))
                / (sizes[example.label is None, example.origin] * num_origins[example.label is None])
                for label in LABELS
            ]
            for example in given
        ]
    )
    return targets, weights
