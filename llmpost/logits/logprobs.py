"""Log-probabilities of drawn tokens, read from the rows they were drawn from.

Raw ones belong to the model's own distribution, staged ones to what the stages left of it. Only done on request;
all rows' numbers come to the host in one copy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from llmpost.contracts.pick import Candidate, Logprobs, Pick
from llmpost.contracts.stage import Step
from llmpost.errors import LlmpostError
from llmpost.logits.ranking import Blocks, rank


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: its raw logits, its logits after the stages, and the ids of the latter (None: 0, 1, 2, …)."""

    raw: torch.Tensor
    staged: torch.Tensor
    staged_ids: torch.Tensor | None


def read_logprobs(
    drawn: Sequence[int | LlmpostError], readings: Sequence[Reading], steps: Sequence[Step]
) -> list[Pick | LlmpostError]:
    """The picks, with log-probabilities where a step asks for them; errors stay as they are."""
    numbers: list[torch.Tensor] = []
    for token, reading, step in zip(drawn, readings, steps, strict=True):
        if isinstance(token, int) and step.num_top_logprobs is not None:
            numbers.append(_numbers(reading.raw, None, token, step.num_top_logprobs))
            numbers.append(_numbers(reading.staged, reading.staged_ids, token, step.num_top_logprobs))
    flat = iter(torch.cat(numbers).tolist()) if numbers else iter(())
    picks: list[Pick | LlmpostError] = []
    for token, step in zip(drawn, steps, strict=True):
        if isinstance(token, LlmpostError):
            picks.append(token)
        elif step.num_top_logprobs is None:
            picks.append(Pick(token))
        else:
            raw, top_raw = _parse(flat)
            staged, top_staged = _parse(flat)
            picks.append(Pick(token, Logprobs(raw, staged, top_raw, top_staged)))
    return picks


def _numbers(values: torch.Tensor, ids: torch.Tensor | None, token: int, num_top: int) -> torch.Tensor:
    """Float64: the token's log-probability, how many best ones follow, their ids, their log-probabilities."""
    values = values.double()
    logprobs = values - values.logsumexp(0)
    own = logprobs[token] if ids is None else logprobs[(ids == token).nonzero()[0, 0]]
    if ids is None:
        best, best_ids = rank(*Blocks(logprobs.float().unsqueeze(0)).head(num_top)) if num_top else (logprobs[:0], logprobs[:0])
        best, best_ids = best.flatten()[:num_top], best_ids.flatten()[:num_top]
    else:
        alive = int((logprobs > -torch.inf).sum())
        best, best_ids = logprobs[: min(num_top, alive)], ids[: min(num_top, alive)]
    count = torch.tensor([float(len(best))], dtype=torch.float64, device=values.device)
    return torch.cat((own.unsqueeze(0), count, best_ids.double(), best.double()))


def _parse(flat: Iterator[float]) -> tuple[float, tuple[Candidate, ...]]:
    own, count = next(flat), int(next(flat))
    ids = [int(next(flat)) for _ in range(count)]
    best = (Candidate(token, next(flat)) for token in ids)
    return own, tuple(candidate for candidate in best if candidate.logprob > -math.inf)
