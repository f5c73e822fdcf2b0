"""Every sampling stage as its definition reads: one row, float64, loops. The slow twins of `llmpost.logits`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Row = npt.NDArray[np.float64]
Kept = npt.NDArray[np.bool_]


def probabilities(row: Row) -> Row:
    """The softmax."""
    weights = np.exp(row - row.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def cut(row: Row, kept: Kept) -> Row:
    """The row with -inf wherever an id does not survive."""
    return np.where(kept, row, -np.inf)


def temperature(row: Row, value: float) -> Row:
    return row / value


def top_k(row: Row, k: int) -> Kept:
    """All that are no worse than the k-th best."""
    if k == 0:
        return np.ones(len(row), dtype=bool)
    return row >= np.sort(row)[::-1][min(k, len(row)) - 1]


def masses_before(row: Row) -> Row:
    """For each id the mass of all that come before it: larger values, and equal ones with a higher id."""
    each = probabilities(row)
    before = np.zeros(len(row))
    total = 0.0
    for token in sorted(range(len(row)), key=lambda token: (row[token], token), reverse=True):
        before[token] = total
        total += each[token]
    return before


def top_p(row: Row, p: float) -> Kept:
    """All that have less than p of the mass before them."""
    return (masses_before(row) < p) if p < 1.0 else np.ones(len(row), dtype=bool)


def min_p(row: Row, p: float) -> Kept:
    """All that are at least p times as likely as the best."""
    each = probabilities(row)
    return np.asarray(each >= p * each.max(), dtype=bool)


def window(prompt: Sequence[int], output: Sequence[int], with_prompt: bool, last: int | None) -> list[int]:
    ids = [*prompt, *output] if with_prompt else list(output)
    return ids if last is None else ids[max(0, len(ids) - last) :]


def repetition_penalty(row: Row, seen: Sequence[int], factor: float) -> Row:
    row = row.copy()
    for token in set(seen):
        row[token] = row[token] * factor if row[token] < 0 else row[token] / factor
    return row


def presence_penalty(row: Row, seen: Sequence[int], amount: float) -> Row:
    row = row.copy()
    for token in set(seen):
        row[token] -= amount
    return row


def frequency_penalty(row: Row, seen: Sequence[int], amount: float) -> Row:
    row = row.copy()
    for token, count in Counter(seen).items():
        row[token] -= amount * count
    return row


def no_repeat_ngram(row: Row, ids: Sequence[int], size: int) -> Row:
    row = row.copy()
    if size:
        old = {tuple(ids[start : start + size]) for start in range(len(ids) - size + 1)}
        recent = tuple(ids[len(ids) - size + 1 :]) if len(ids) >= size - 1 else None
        for token in range(len(row)):
            if recent is not None and (*recent, token) in old:
                row[token] = -math.inf
    return row


def sequence_bias(row: Row, ids: Sequence[int], biases: Mapping[tuple[int, ...], float]) -> Row:
    row = row.copy()
    for sequence, bias in biases.items():
        start = list(sequence[:-1])
        if not start or list(ids[-len(start) :]) == start:
            row[sequence[-1]] += bias
    return row


def min_length(row: Row, num_output: int, tokens: int, end_ids: Sequence[int]) -> Row:
    row = row.copy()
    if num_output < tokens:
        row[list(end_ids)] = -math.inf
    return row


def forced(row: Row, num_output: int, by_position: Mapping[int, int]) -> Row:
    token = by_position.get(num_output)
    return row if token is None else np.where(np.arange(len(row)) == token, row, -np.inf)
