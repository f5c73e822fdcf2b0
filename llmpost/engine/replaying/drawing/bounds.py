"""Bounds: who would be drawn from a row of which only the best ids were kept, or that it cannot be told.

Of every id there is a least and a greatest logit: of those that were kept they are one number, of the others the least
is none at all and the greatest the last one kept. Stages that edit are run on both; cuts leave each id certainly in,
certainly out, or open; then those that are certainly in race, with the noise that they had, and nobody who is open may
come near the winner. What lies within rounding of a border is open, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from llmpost.contracts.record import KeptRow
from llmpost.contracts.stage import LogitsStage, Step
from llmpost.contracts.tokens import TokenId
from llmpost.logits import Chain, MinP, Temperature, TopK, TopP
from llmpost.logits.noise import log_waits, noise_keys
from llmpost.logits.truncation import Truncation

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_ROUNDING = 1e-4
"""Of logits, which a model gives in float32 and a record keeps as logarithms of probabilities."""
_SLACK = 1e-6
"""Of masses."""


@dataclass(slots=True)
class Row:
    """The least and the greatest logit of each id; who is surely in, and who may be."""

    least: Floats
    most: Floats
    is_sure: Flags
    is_open: Flags
    """Or sure."""
    is_known: Flags
    rest: float
    """How likely all unknown ids are together, at most."""
    cap: float
    """And each of them: a logarithm."""
    temperature: float = 1.0

    @property
    def rounding(self) -> float:
        return _ROUNDING / min(self.temperature, 1.0)

    def scaled(self, temperature: float) -> None:
        self.least, self.most = self.least / temperature, self.most / temperature
        self.temperature *= temperature

    def keep(self, is_in: Flags, is_out: Flags) -> None:
        self.is_sure &= is_in
        self.is_open &= ~is_out


def drawn_token(kept: KeptRow, chain: Chain, step: Step, vocab_size: int) -> TokenId | None:
    """None where it cannot be told."""
    edits, tail = chain.split()
    row = _edited(kept, edits, step, vocab_size)
    if row is None:
        return None
    if not chain.is_greedy:
        for stage in tail:
            _cut(row, stage)
        waits = log_waits(noise_keys([step]), torch.arange(vocab_size).unsqueeze(0))[0].numpy()
        row.least, row.most = row.least - waits, row.most - waits
    return _first(row)


def _edited(kept: KeptRow, edits: Sequence[LogitsStage], step: Step, vocab_size: int) -> Row | None:
    """Before anything is cut; None where the row says nothing."""
    ids, logprobs = np.array(kept.token_ids, dtype=np.int64), np.array(kept.logprobs, dtype=np.float64)
    is_row = len(ids) and len(ids) == len(logprobs) == len(set(kept.token_ids)) and not np.isnan(logprobs).any()
    if not is_row or ids.min() < 0 or ids.max() >= vocab_size or any(isinstance(stage, Truncation) for stage in edits):
        return None
    is_known = np.zeros(vocab_size, dtype=bool)
    is_known[ids] = True
    rest = max(0.0, 1.0 - float(np.exp(logprobs).sum())) + _ROUNDING if len(ids) < vocab_size else 0.0
    cap = min(float(logprobs.min()) + _ROUNDING, math.log(rest)) if rest else -math.inf
    both = torch.full((2, vocab_size), -math.inf)
    both[1] = cap
    both[:, torch.from_numpy(ids)] = torch.from_numpy(logprobs).float()
    for stage in edits:
        both = stage.apply(both, [step, step])
    least, most = both.double().numpy()
    return Row(least, most, least > -math.inf, most > -math.inf, is_known, rest, cap)


def _cut(row: Row, stage: Temperature | Truncation) -> None:
    if isinstance(stage, Temperature):
        row.scaled(_number(stage.value))
    elif isinstance(stage, TopK | MinP | TopP):
        if stage.active(1)[0]:
            _CUTS[type(stage)](row, stage)
    else:
        row.is_sure[:] = False


def _cut_top_k(row: Row, stage: TopK) -> None:
    """In, where fewer than k others may be better; out, where k surely are."""
    k = int(_number(stage.k))
    greatest, least = np.sort(row.most[row.is_open]), np.sort(row.least[row.is_sure])
    may_be_better = len(greatest) - np.searchsorted(greatest, row.least - row.rounding) - 1
    surely_better = len(least) - np.searchsorted(least, row.most + row.rounding, side="right")
    row.keep(may_be_better < k, surely_better >= k)


def _cut_min_p(row: Row, stage: MinP) -> None:
    margin = math.log(_number(stage.p))
    best_most = float(row.most[row.is_open].max(initial=-math.inf))
    best_least = float(row.least[row.is_sure].max(initial=-math.inf))
    row.keep(row.least >= best_most + margin + row.rounding, row.most < best_least + margin - row.rounding)


def _cut_top_p(row: Row, stage: TopP) -> None:
    """In, where those that may be before it weigh less than the share of all that there surely is; and out."""
    p, top = _number(stage.p), float(row.most[row.is_open].max(initial=0.0))
    greatest = np.where(row.is_open, np.exp(row.most - top), 0.0)
    least = np.where(row.is_sure, np.exp(row.least - top), 0.0)
    known, unknown = np.where(row.is_known, greatest, 0.0), np.where(row.is_known, 0.0, greatest)
    most_unknown = _mass_of_unknown(row, unknown, top)
    most_before = _before(row.most, known, row.least - row.rounding) - np.where(row.is_known, known, 0.0)
    most_before += np.minimum(_before(row.most, unknown, row.least - row.rounding), most_unknown)
    least_before = _before(row.least, least, row.most + row.rounding)
    is_in = most_before < p * least.sum() * (1 - _SLACK)
    is_out = least_before >= p * (known.sum() + min(float(unknown.sum()), most_unknown)) * (1 + _SLACK)
    row.keep(is_in, is_out)


def _before(values: Floats, weights: Floats, borders: Floats) -> Floats:
    """For each border the weight of all whose value is not below it."""
    order = np.argsort(values)
    below = np.concatenate(([0.0], np.cumsum(weights[order])))
    total: Floats = below[-1] - below[np.searchsorted(values[order], borders)]
    return total


def _mass_of_unknown(row: Row, weights: Floats, top: float) -> float:
    """What unknown ids weigh together at most, under the temperature that holds: they share `rest`, each up to the cap;
    those that an edit raised count by themselves."""
    if not row.rest:
        return 0.0
    raised = float(weights[row.most * row.temperature > row.cap + _ROUNDING].sum())
    number, power = int((~row.is_known).sum()), 1 / row.temperature
    if power >= 1:
        shared = math.log(row.rest) + row.cap * (power - 1)
    else:
        shared = (1 - power) * math.log(number) + power * math.log(row.rest)
    return raised + math.exp(min(shared - top, 700.0))


def _first(row: Row) -> TokenId | None:
    """Who wins for certain."""
    if not row.is_sure.any():
        return None
    scores = np.where(row.is_sure, row.least, -math.inf)
    winner = int(scores.argmax())
    others = row.is_open.copy()
    others[winner] = False
    nearest = float(row.most[others].max(initial=-math.inf))
    return winner if nearest < scores[winner] - row.rounding else None


def _number(value: float | tuple[float, ...]) -> float:
    """Of a stage for one row."""
    return float(value[0] if isinstance(value, tuple) else value)


_CUTS: Mapping[type, Callable[[Row, object], None]] = {TopK: _cut_top_k, MinP: _cut_min_p, TopP: _cut_top_p}  # type: ignore[dict-item]
