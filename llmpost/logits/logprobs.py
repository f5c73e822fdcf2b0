"""Log-probabilities of drawn tokens, read from the rows they were drawn from.

Raw ones belong to the model's own distribution, staged ones to what the stages left of it. Only done on request;
all rows' numbers come to the host in one copy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch

from llmpost.contracts.pick import Candidate, Logprobs, Pick
from llmpost.contracts.stage import Step
from llmpost.errors import LlmpostError
from llmpost.logits.ranking import Blocks, rank


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: its raw logits ``[1, vocab]``, and those the stages left: of these ids in descending order, if given."""

    raw: torch.Tensor
    staged: torch.Tensor
    staged_ids: torch.Tensor | None


def read_logprobs(
    drawn: Sequence[int | LlmpostError], readings: Mapping[int, Reading], steps: Sequence[Step]
) -> list[Pick | LlmpostError]:
    """The picks, with log-probabilities where a row has a reading; errors stay as they are."""
    numbers: list[torch.Tensor] = []
    for row, reading in readings.items():
        token, num_top = drawn[row], steps[row].num_top_logprobs
        if isinstance(token, int) and num_top is not None:
            numbers.append(_numbers(reading.raw, None, token, num_top))
            numbers.append(_numbers(reading.staged, reading.staged_ids, token, num_top))
    parts = _split(torch.cat(numbers).tolist(), map(len, numbers)) if numbers else iter(())
    picks: list[Pick | LlmpostError] = []
    for row, token in enumerate(drawn):
        if isinstance(token, LlmpostError):
            picks.append(token)
        elif row in readings:
            (raw, top_raw), (staged, top_staged) = _parse(next(parts)), _parse(next(parts))
            picks.append(Pick(token, Logprobs(raw, staged, top_raw, top_staged)))
        else:
            picks.append(Pick(token))
    return picks


def _split(flat: list[float], lengths: Iterable[int]) -> Iterator[list[float]]:
    start = 0
    for length in lengths:
        yield flat[start : start + length]
        start += length


def _numbers(values: torch.Tensor, ids: torch.Tensor | None, token: int, num_top: int) -> torch.Tensor:
    """Float64: the token's log-probability, the log-probabilities of the best, their ids."""
    total = values.double().logsumexp(1)
    if ids is None:
        own = values[:, token]
        best, best_ids = Blocks(values).candidates(num_top) if num_top else (values[:, :0], values[:, :0].long())
        best, best_ids = rank(best, best_ids, num_top)
    else:
        own = values.masked_fill(ids != token, -torch.inf).amax(1)
        best, best_ids = values[:, :num_top], ids[:, :num_top]
    return torch.cat((own - total, best[0] - total, best_ids[0].double()))


def _parse(numbers: Sequence[float]) -> tuple[float, tuple[Candidate, ...]]:
    own, rest = numbers[0], numbers[1:]
    logprobs, ids = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    best = (Candidate(int(token), logprob) for token, logprob in zip(ids, logprobs, strict=True))
    return own, tuple(candidate for candidate in best if candidate.logprob > -math.inf)
