"""Conditioned rows: drawn among what a constraint allows, each token by how much of what follows it may still fit.

All stages have run as if there were no constraint, truncation too, so what a token weighs is the model's word under the
settings; only then the mask and the prospects count. Where they take nothing the free row's token is drawn. Where
prospects come from is the decoder's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch

from llmpost.contracts.constraint import TokenMask
from llmpost.contracts.pick import Pick, Share
from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import TokenId
from llmpost.errors import DeadEnd, LlmpostError
from llmpost.logits.constrained import masks_of
from llmpost.logits.law import Law
from llmpost.logits.noise import log_waits, noise_keys


def is_conditioned(step: Step) -> bool:
    return step.prospects is not None and step.constraint is not None


def draw_conditioned(laws: Mapping[int, Law], steps: Sequence[Step]) -> dict[int, Pick | LlmpostError]:
    """The pick of each of these rows; DeadEnd where the constraint leaves nothing of the row's law. Each is drawn by
    itself, over what is left of it, so that no number depends on its neighbours."""
    unhurried = {row: replace(steps[row], tokens_left=None) for row in laws}  # what is cut off fits less: it is learnt
    masks, failures = masks_of(unhurried)
    return {**{row: _draw(laws[row], mask, steps[row]) for row, mask in masks.items()}, **failures}


def _draw(law: Law, mask: TokenMask, step: Step) -> Pick | DeadEnd:
    values, ids, total = _left(law, mask)
    hopes, is_known = _hopes(step.prospects or {}, ids)
    scores = values + hopes - log_waits(noise_keys([step]).to(ids.device), ids.unsqueeze(0))[0]
    if not (scores > -torch.inf).any():
        return _nothing_left()
    winner = scores.argmax()
    is_known[winner] = True
    own, others = values[winner] - total, values[~is_known].logsumexp(0) - total
    token, *shares = torch.stack((ids[winner].double(), own, others)).tolist()
    return Pick(int(token), share=Share(*shares))


def _left(law: Law, mask: TokenMask) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """What the mask leaves of the row, values (float64) and ids, and the ``logsumexp`` of all that the stages left."""
    values, device = law.values[0], law.values.device
    if law.ids is None:
        listed = mask.ids()
        ids = torch.from_numpy(listed[: np.searchsorted(listed, len(values))]).to(device)
        return values[ids].double(), ids, values.double().logsumexp(0)
    is_alive = values > -torch.inf  # how many places of a head are empty depends on its neighbours
    values, ids = values[is_alive].double(), law.ids[0][is_alive]
    allowed = torch.from_numpy(mask.to_bool()).to(device)
    is_left = allowed[ids.clamp(max=len(allowed) - 1)] & (ids < len(allowed))
    return values[is_left], ids[is_left], values.logsumexp(0)


def _hopes(prospects: Mapping[TokenId, float], ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """For each id the prospects it has, 0 where nothing is known, and whether anything is."""
    if not prospects:
        return torch.zeros(len(ids), dtype=torch.float64, device=ids.device), torch.zeros_like(ids, dtype=torch.bool)
    tokens = torch.tensor(sorted(prospects), device=ids.device)
    logs = torch.tensor([prospects[token] for token in sorted(prospects)], dtype=torch.float64, device=ids.device)
    places = torch.searchsorted(tokens, ids).clamp_(max=len(tokens) - 1)
    is_known = tokens[places] == ids
    return torch.where(is_known, logs[places], 0.0), is_known


def _nothing_left() -> DeadEnd:
    return DeadEnd(
        "sampling", "a row of which the constraint leaves nothing", "a row with a token that may follow",
        "Loosen top_k, top_p or min_p, or the constraint.",
    )  # fmt: skip
