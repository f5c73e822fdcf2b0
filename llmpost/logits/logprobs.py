"""Log-probabilities of drawn tokens, read from the rows they were drawn from.

Raw ones belong to the model's own distribution, staged ones to what the stages left of it. Only done on request;
all rows' numbers come to the host in one copy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from llmpost.contracts.pick import Candidate, Logprobs, Pick
from llmpost.contracts.stage import Step
from llmpost.errors import LlmpostError
from llmpost.logits.law import Law
from llmpost.logits.ranking import Blocks, rank


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: the model's own law, and the one the stages left."""

    raw: Law
    staged: Law


def read_logprobs(
    picks: Sequence[Pick | LlmpostError], readings: Mapping[int, Reading], steps: Sequence[Step]
) -> list[Pick | LlmpostError]:
    """The picks, with log-probabilities where a row has a reading; errors stay as they are."""
    numbers: list[torch.Tensor] = []
    for row, reading in readings.items():
        pick, num_top = picks[row], steps[row].num_top_logprobs
        if isinstance(pick, Pick) and num_top is not None:
            numbers.append(_numbers(reading.raw, pick.token, num_top))
            numbers.append(_numbers(reading.staged, pick.token, num_top))
    parts = _split(torch.cat(numbers).tolist(), map(len, numbers)) if numbers else iter(())
    read: list[Pick | LlmpostError] = []
    for row, pick in enumerate(picks):
        if isinstance(pick, Pick) and row in readings:
            (raw, top_raw), (staged, top_staged) = _parse(next(parts)), _parse(next(parts))
            read.append(replace(pick, logprobs=Logprobs(raw, staged, top_raw, top_staged)))
        else:
            read.append(pick)
    return read


def _split(flat: list[float], lengths: Iterable[int]) -> Iterator[list[float]]:
    start = 0
    for length in lengths:
        yield flat[start : start + length]
        start += length


def _numbers(law: Law, token: int, num_top: int) -> torch.Tensor:
    """Float64: the token's log-probability, the log-probabilities of the best, their ids."""
    (values, ids), own, total = law, law.value_of(token), law.log_total()
    if ids is None:
        best, best_ids = Blocks(values).candidates(num_top) if num_top else (values[:, :0], values[:, :0].long())
        best, best_ids = rank(best, best_ids, num_top)
    else:
        best, best_ids = values[:, :num_top], ids[:, :num_top]
    return torch.cat((own - total, best[0] - total, best_ids[0].double()))


def _parse(numbers: Sequence[float]) -> tuple[float, tuple[Candidate, ...]]:
    own, rest = numbers[0], numbers[1:]
    logprobs, ids = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    best = (Candidate(int(token), logprob) for token, logprob in zip(ids, logprobs, strict=True))
    return own, tuple(candidate for candidate in best if candidate.logprob > -math.inf)
