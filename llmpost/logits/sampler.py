"""The sampler: rows of logits in, one token a row out, in one pass over the vocabulary and one copy to the host.

It runs a batch's edits, finds who survives truncation in the head of each row, and lets the survivors race: the
largest logit plus noise wins. A row whose head does not tell everything is ranked as a whole, alone. Knows
nothing of requests or models.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch

from llmpost.contracts.laps import Laps
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import LogitsStage, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import DeadEnd, LlmpostError, ModelError, StageError
from llmpost.logits.chain import BatchChain, Chain, OnRows, merge
from llmpost.logits.logprobs import Reading, read_logprobs
from llmpost.logits.noise import gumbel, noise_keys
from llmpost.logits.ranking import Blocks
from llmpost.logits.truncation import Ranked, Tail


@dataclass(frozen=True, slots=True)
class _Cut:
    """Rows of the batch with one tail, and what the heads told about them."""

    rows: tuple[int, ...]
    tail: Tail
    ranked: Ranked
    told: torch.Tensor


class Sampler:
    """Draws for a batch of rows, each with the chain of its request."""

    __slots__ = ("_chain",)

    def __init__(self, chains: Sequence[LogitsStage]) -> None:
        self._chain = merge([chain if isinstance(chain, Chain) else Chain((chain,)) for chain in chains])

    def draw(self, logits: Logits, steps: Sequence[Step], laps: Laps) -> Sequence[Pick | LlmpostError]:
        """One token for each row, or the error that this row alone ends with: :class:`DeadEnd` where every id is
        masked, :class:`ModelError` where the best value is no finite number. Takes ownership of `logits`."""
        return draw(logits, self._chain, steps, laps)


def draw(logits: Logits, chain: BatchChain, steps: Sequence[Step], laps: Laps) -> list[Pick | LlmpostError]:
    raw = logits.clone() if any(step.num_top_logprobs is not None for step in steps) else None
    failures: dict[int, LlmpostError] = {}
    for stage in chain.edits:
        try:
            logits = stage.apply(logits, steps)
        except Exception as cause:
            if not isinstance(stage, OnRows):
                raise
            failures[stage.rows[0]] = _broken_stage(stage, cause)
        laps.lap(_name(stage))
    blocks = Blocks(logits)
    tokens = blocks.best() if chain.greedy_rows else torch.zeros(len(steps), dtype=torch.int64, device=logits.device)
    told = torch.ones(len(steps), dtype=torch.float64, device=logits.device)
    keys = noise_keys(steps).to(logits.device, non_blocking=True) if len(chain.greedy_rows) < len(steps) else None
    cuts = []
    for rows, tail in chain.tails:
        assert keys is not None
        cut = _Cut(rows, tail, *tail.of_head(*_selected(logits, blocks, rows)))
        _put(tokens, rows, _race(cut.ranked, _rows_of(keys, rows)))
        _put(told, rows, cut.told.double())
        cuts.append(cut)
    free_rows, temperature = chain.free_rows
    for place, row in enumerate(free_rows):
        assert keys is not None
        tokens[row] = _free_race(temperature.of_rows([place]).scaled(logits[row : row + 1]), keys[row : row + 1])
    host = torch.stack((tokens.double(), blocks.top.double(), told), 1).tolist()

    laps.lap("draw")
    drawn: list[int | LlmpostError] = [
        failures.get(row) or _problem(top) or int(token) for row, (token, top, _) in enumerate(host)
    ]
    whole: dict[int, Ranked] = {}
    for cut in cuts:
        for place, row in enumerate(cut.rows):
            if not host[row][2] and isinstance(drawn[row], int):
                assert keys is not None
                whole[row] = cut.tail.of_rows([place]).of_whole_row(logits[row : row + 1])
                drawn[row] = int(_race(whole[row], keys[row : row + 1]))
    if raw is None:
        return [Pick(token) if isinstance(token, int) else token for token in drawn]
    readings = _readings(raw, logits, chain, cuts, whole)
    return read_logprobs(drawn, readings, steps)


def _race(ranked: Ranked, keys: torch.Tensor) -> torch.Tensor:
    """The survivor of each row whose logit plus noise is largest."""
    scores = ranked.values.double() + gumbel(keys, ranked.ids)
    scores.masked_fill_(~ranked.kept, -torch.inf)
    return ranked.ids.gather(1, scores.argmax(1, keepdim=True)).squeeze(1)


def _free_race(values: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """The same among all ids of one row. A masked id's score is -inf whatever its noise."""
    return (values.double() + gumbel(keys, _all_ids(values.shape[1], values.device))).argmax(1)[0]


def _problem(top: float) -> LlmpostError | None:
    if math.isfinite(top):
        return None
    if top == -math.inf:
        return DeadEnd("sampling", "a row with every token masked", "a row with a token left", "Loosen the stages or the constraint: together they forbid every continuation.")
    return ModelError("model", f"a logit of {top}", "a finite number", "Check the weights and the dtype; float16 overflows where bfloat16 does not.")


def _broken_stage(stage: OnRows, cause: Exception) -> StageError:
    error = StageError(
        f"stage {_name(stage)}", f"{type(cause).__name__}: {cause}", "a row of logits", "Mend the stage, or leave it out."
    )
    error.__cause__ = cause
    return error


def _name(stage: LogitsStage) -> str:
    inner = stage.stage if isinstance(stage, OnRows) else stage
    return "+".join(type(part).__name__ for part in inner.stages) if isinstance(inner, Chain) else type(inner).__name__


def _readings(raw: Logits, edited: Logits, chain: BatchChain, cuts: Sequence[_Cut], whole: dict[int, Ranked]) -> list[Reading]:
    """For each row where its two distributions can be read."""
    staged: dict[int, tuple[torch.Tensor, torch.Tensor | None]] = {row: (edited[row], None) for row in chain.greedy_rows}
    free_rows, temperature = chain.free_rows
    for place, row in enumerate(free_rows):
        staged[row] = temperature.of_rows([place]).scaled(edited[row : row + 1])[0], None
    for cut in cuts:
        for place, row in enumerate(cut.rows):
            ranked, at = (whole[row], 0) if row in whole else (cut.ranked, place)
            staged[row] = ranked.values[at].masked_fill(~ranked.kept[at], -torch.inf), ranked.ids[at]
    return [Reading(raw[row], *staged[row]) for row in range(len(raw))]


def _selected(logits: Logits, blocks: Blocks, rows: tuple[int, ...]) -> tuple[Logits, Blocks]:
    if len(rows) == len(logits):
        return logits, blocks
    some = logits[_index(rows, logits.device)]
    return some, Blocks(some)


def _rows_of(values: torch.Tensor, rows: tuple[int, ...]) -> torch.Tensor:
    return values if len(rows) == len(values) else values[_index(rows, values.device)]


def _put(target: torch.Tensor, rows: tuple[int, ...], values: torch.Tensor) -> None:
    target[_index(rows, target.device)] = values


@lru_cache(maxsize=256)
def _index(rows: tuple[int, ...], device: torch.device) -> torch.Tensor:
    return torch.tensor(rows, device=device)


@lru_cache(maxsize=8)
def _all_ids(vocab: int, device: torch.device) -> torch.Tensor:
    return torch.arange(vocab, device=device).unsqueeze(0)
