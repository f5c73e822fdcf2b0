"""The sampler: rows of logits in, one token a row out, in one pass over the vocabulary and one copy to the host.

It runs a batch's edits, finds who survives truncation in the head of each row, and lets the survivors race: the
first to arrive wins. A row whose head does not tell everything is ranked as a whole, alone. Knows
nothing of requests or models.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch

from llmpost.contracts.laps import Laps
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import LogitsStage, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import DeadEnd, LlmpostError, ModelError, StageError
from llmpost.logits.chain import BatchChain, Chain, OnRow, merge
from llmpost.logits.column import index_of
from llmpost.logits.logprobs import Reading, read_logprobs
from llmpost.logits.noise import log_waits, noise_keys
from llmpost.logits.ranking import Blocks, all_ids
from llmpost.logits.temperature import Temperature
from llmpost.logits.truncation import Ranked


class Sampler:
    """Draws for a batch of rows, each with the chain of its request."""

    __slots__ = ("_chain",)

    def __init__(self, chains: Sequence[LogitsStage]) -> None:
        self._chain = merge([chain if isinstance(chain, Chain) else Chain((chain,)) for chain in chains])

    def draw(self, logits: Logits, steps: Sequence[Step], laps: Laps) -> Sequence[Pick | LlmpostError]:
        """One token for each row, or the error that this row alone ends with: :class:`DeadEnd` where every id is
        masked, :class:`ModelError` where the best value is no usable number, :class:`StageError` where somebody's
        own stage broke. Takes ownership of `logits`."""
        raw = {
            row: logits[row : row + 1].clone() for row, step in enumerate(steps) if step.num_top_logprobs is not None
        }
        logits, failures = _edited(logits, self._chain, steps, laps)
        race = _Race(logits, self._chain, steps)
        drawn = race.run(failures)
        laps.lap("draw")
        if not raw:
            return [Pick(token) if isinstance(token, int) else token for token in drawn]
        picks = read_logprobs(drawn, {row: Reading(raw[row], *race.staged(row)) for row in raw}, steps)
        laps.lap("logprobs")
        return picks


def _edited(
    logits: Logits, chain: BatchChain, steps: Sequence[Step], laps: Laps
) -> tuple[Logits, dict[int, LlmpostError]]:
    """The logits after the edits, and the errors of rows whose own stages broke."""
    failures: dict[int, LlmpostError] = {}
    for stage in chain.edits:
        try:
            logits = stage.apply(logits, steps)
        except Exception as cause:
            if not isinstance(stage, OnRow):
                raise
            failures[stage.row] = _broken_stage(stage, cause)
        laps.lap(_name(stage))
    return logits, failures


class _Race:
    """One step of a batch: who is in the race of each row, and who wins it."""

    def __init__(self, logits: Logits, chain: BatchChain, steps: Sequence[Step]) -> None:
        self._logits = logits
        self._chain = chain
        self._steps = steps
        self._ranked: list[Ranked] = []
        """What the heads told, for each tail of the chain."""
        self._whole: dict[int, Ranked] = {}
        """What only the whole row told."""

    def run(self, failures: Mapping[int, LlmpostError]) -> list[int | LlmpostError]:
        """The winner of each row. The host waits once, and again for each row whose head does not tell everything."""
        blocks, chain = Blocks(self._logits), self._chain
        winners, open_ = [], []
        if chain.greedy:
            winners.append(self._some(blocks, chain.greedy).best())
        for rows, tail in chain.tails:
            ranked, is_open = tail.of_head(self._some(blocks, rows))
            self._ranked.append(ranked)
            open_.append(is_open)
            winners.append(_winner(ranked.values, ranked.kept, self._keys(rows), ranked.ids))
        for row, temperature in chain.free:
            values = temperature.scaled(self._logits[row : row + 1])
            winners.append(_winner(values, None, self._keys((row,)), all_ids(blocks.vocab, values.device)))
        # In one float32 tensor: ids are below 2**24.
        answers = torch.cat((*winners, blocks.top, *open_)).tolist()
        return self._read(answers, failures)

    def _read(self, answers: Sequence[float], failures: Mapping[int, LlmpostError]) -> list[int | LlmpostError]:
        count = len(self._steps)
        tokens, tops, is_open = answers[:count], answers[count : 2 * count], iter(answers[2 * count :])
        drawn: list[int | LlmpostError] = [0] * count
        for row, token in zip(self._chain.order, tokens, strict=True):
            drawn[row] = failures.get(row) or _problem(tops[row], self._chain.limits[row]) or int(token)
        for rows, tail in self._chain.tails:
            for place, row in enumerate(rows):
                if next(is_open) and isinstance(drawn[row], int):
                    whole = tail.of_rows([place]).of_whole_row(self._logits[row : row + 1])
                    self._whole[row] = whole
                    drawn[row] = int(_winner(whole.values, whole.kept, self._keys((row,)), whole.ids))
        return drawn

    def staged(self, row: int) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The row after all stages, and the ids it is of; None: all of them."""
        if row in self._whole:
            return self._whole[row].survivors(), self._whole[row].ids
        for (rows, _), ranked in zip(self._chain.tails, self._ranked, strict=True):
            if row in rows:
                place = rows.index(row)
                return ranked.survivors()[place : place + 1], ranked.ids[place : place + 1]
        temperature = dict(self._chain.free).get(row, Temperature())
        return temperature.scaled(self._logits[row : row + 1]), None

    def _some(self, blocks: Blocks, rows: tuple[int, ...]) -> Blocks:
        return blocks if len(rows) == len(self._steps) else blocks.of_rows(index_of(rows, self._logits.device))

    def _keys(self, rows: Sequence[int]) -> torch.Tensor:
        return noise_keys([self._steps[row] for row in rows]).to(self._logits.device, non_blocking=True)


def _winner(values: torch.Tensor, kept: torch.Tensor | None, keys: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """The id of each row that arrives first. A masked id never does, whatever its waiting time."""
    scores = values - log_waits(keys, ids)
    if kept is not None:
        scores.masked_fill_(~kept, -torch.inf)
    return ids.expand_as(scores).gather(1, scores.argmax(1, keepdim=True)).squeeze(1)


def _problem(top: float, limit: float) -> LlmpostError | None:
    if -math.inf < top <= limit:
        return None
    if top == -math.inf:
        return DeadEnd(
            "sampling", "a row with every token masked", "a row with a token left",
            "Loosen the stages or the constraint: together they forbid every continuation.",
        )  # fmt: skip
    return ModelError(
        "model", f"a logit of {top}", f"a number up to {limit:.3g}, so that its temperature can divide it",
        "Check the weights and the dtype; float16 overflows where bfloat16 does not.",
    )  # fmt: skip


def _broken_stage(stage: OnRow, cause: Exception) -> StageError:
    error = StageError(
        f"stage {_name(stage)}",
        f"{type(cause).__name__}: {cause}",
        "a row of logits",
        "Mend the stage, or leave it out.",
    )
    error.__cause__ = cause
    return error


def _name(stage: LogitsStage) -> str:
    if isinstance(stage, OnRow):
        return "+".join(type(part).__name__ for part in stage.stages)
    return type(stage).__name__
