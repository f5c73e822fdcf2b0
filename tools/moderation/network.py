"""Network: a few small networks over what the linear opinions say of a text, trained apart and asked together."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from llmpost.guards.moderation.network import Network, scaled

NUM_NETWORKS = 6
HIDDEN = 16
NUM_EPOCHS = 30
ROWS_IN_BATCH = 256

Values = NDArray[np.float64]


def trained(inputs: Values, values: Values, weights: Values, seed: int = 0) -> Network:
    """`values` are not numbers where nothing is known. Deterministic on one thread of one machine."""
    means, spreads = inputs.mean(0), inputs.std(0) + 1e-3
    given = torch.tensor(scaled(inputs, means, spreads), dtype=torch.float32)
    told = torch.tensor(values, dtype=torch.float32)
    known = torch.tensor(np.where(np.isnan(values), 0, weights[:, None]), dtype=torch.float32)
    parts = [_one(given, torch.nan_to_num(told), known, seed * 100 + number) for number in range(NUM_NETWORKS)]
    firsts, seconds = zip(*parts, strict=True)
    return Network.whole(
        means,
        spreads,
        np.concatenate([weight for weight, _ in firsts], 1),
        np.concatenate([bias for _, bias in firsts]),
        np.concatenate([weight for weight, _ in seconds]) / NUM_NETWORKS,
        np.mean([bias for _, bias in seconds], 0),
    )


def _one(
    given: torch.Tensor, told: torch.Tensor, known: torch.Tensor, seed: int
) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    torch.manual_seed(seed)
    first = torch.nn.Linear(given.shape[1], HIDDEN)
    second = torch.nn.Linear(HIDDEN, told.shape[1])
    parameters = [*first.parameters(), *second.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=0.02)
    for _ in range(NUM_EPOCHS):
        order = torch.randperm(len(given))
        for begin in range(0, len(given), ROWS_IN_BATCH):
            rows = order[begin : begin + ROWS_IN_BATCH]
            hidden = F.hardtanh(first(F.dropout(given[rows], 0.5)))
            logits = second(F.dropout(hidden, 0.2))
            losses = F.binary_cross_entropy_with_logits(logits, told[rows], reduction="none") * known[rows]
            optimizer.zero_grad()
            (losses.sum() / (known[rows].sum() + 1)).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return [(layer.weight.detach().numpy().T, layer.bias.detach().numpy()) for layer in (first, second)]
