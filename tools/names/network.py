"""Network: what `llmpost.guards.names.tagger` computes in whole numbers, in a form that can be trained.

Every weight and every value is rounded on the way forward as it will be stored, and not on the way back.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from llmpost.guards.names.features import BITS
from llmpost.guards.names.tagger import LARGEST, SHIFTS, WIDTH

TABLE_STEP, WEIGHT_STEP, VALUE_STEP = 1 / 32, 1 / 64, 1 / 16
"""What one stands for in the table, in the weights, and in the values behind the first layer."""
NOTHING = 1 << BITS
"""The feature of no word."""


class Network(nn.Module):
    def __init__(self, num_outputs: int, width: int = 32, hidden: int = 64) -> None:
        super().__init__()
        self.table = nn.Embedding(NOTHING + 1, width, padding_idx=NOTHING)
        nn.init.normal_(self.table.weight, std=0.05)
        with torch.no_grad():
            self.table.weight[NOTHING] = 0
        self.first = nn.Conv1d(width, hidden, WIDTH, padding=WIDTH // 2)
        self.second = nn.Conv1d(hidden, hidden, WIDTH, padding=WIDTH // 2)
        self.last = nn.Conv1d(hidden, num_outputs, 1)

    def forward(self, ids: Tensor) -> Tensor:
        """Of ids [rows, features], logits [rows, outputs]."""
        values = (
            _rounded(self.table(ids), TABLE_STEP, 127).sum(dim=1).clamp(-LARGEST * TABLE_STEP, LARGEST * TABLE_STEP)
        )
        values = values.T.unsqueeze(0)
        for layer, step in ((self.first, TABLE_STEP), (self.second, VALUE_STEP)):
            values = _floored(_layer(layer, values, step), VALUE_STEP)
        return _layer(self.last, values, VALUE_STEP).squeeze(0).T

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """As the tagger loads them."""
        stored: dict[str, NDArray[np.generic]] = {
            "table": _whole(self.table.weight[:NOTHING], TABLE_STEP).astype(np.int8)
        }
        for name, layer, step in (
            ("first", self.first, TABLE_STEP), ("second", self.second, VALUE_STEP), ("last", self.last, VALUE_STEP),
        ):  # fmt: skip
            weights = _whole(layer.weight, WEIGHT_STEP).astype(np.int8).transpose(2, 1, 0)
            stored[f"{name}_weights"] = weights[0] if name == "last" else weights
            assert layer.bias is not None
            stored[f"{name}_biases"] = np.rint(layer.bias.detach().numpy() / (WEIGHT_STEP * step)).astype(np.int32)
        return stored


def _layer(layer: nn.Conv1d, values: Tensor, step: float) -> Tensor:
    assert layer.bias is not None
    biases = _rounded(layer.bias, WEIGHT_STEP * step, 1 << 22)
    return F.conv1d(values, _rounded(layer.weight, WEIGHT_STEP, 127), biases, padding=layer.padding)


def _rounded(values: Tensor, step: float, most: int) -> Tensor:
    stored = torch.clamp(torch.round(values / step), -most, most) * step
    return values + (stored - values).detach()


def _floored(values: Tensor, step: float) -> Tensor:
    kept = values.clamp(0, LARGEST * step)
    return kept + (torch.floor(kept / step) * step - kept).detach()


def _whole(weights: Tensor, step: float) -> NDArray[np.float32]:
    return np.clip(np.rint(weights.detach().numpy() / step), -127, 127)


assert 2 ** -SHIFTS[0] * VALUE_STEP == TABLE_STEP * WEIGHT_STEP, (
    "the first layer's sums, divided, are in steps of values"
)
assert 2 ** -SHIFTS[1] == WEIGHT_STEP
