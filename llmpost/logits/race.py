"""The race: who is still in it in each row, and who arrives first.

The survivors of a row's head race; of a greedy row the best id wins. A row held to a constraint races without its mask
where the ids at its head can tell who wins with it: forbidden ones are passed over. Rows for which they cannot run once
more, masked. Knows nothing of edits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch

from llmpost.contracts.stage import Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import DeadEnd, LlmpostError, ModelError
from llmpost.logits.chain import BatchChain
from llmpost.logits.column import index_of
from llmpost.logits.constrained import masks_of
from llmpost.logits.history import on_device
from llmpost.logits.law import Law
from llmpost.logits.masking import mask_rows
from llmpost.logits.noise import log_waits, noise_keys
from llmpost.logits.ranking import NOBODY, Blocks, all_ids
from llmpost.logits.temperature import Temperature
from llmpost.logits.truncation import Gate, Ranked


@dataclass(frozen=True, slots=True)
class Unmasked:
    """The rows that are held to a constraint and not masked, all of them of ``BatchChain.lazy``."""

    rows: Sequence[int] = ()
    num_tried: int = 1
    """How many of the best ids of a greedy row are tried before it is masked."""


class Race:
    """One step of a batch."""

    def __init__(self, logits: Logits, chain: BatchChain, steps: Sequence[Step], unmasked: Unmasked) -> None:
        self._logits = logits
        self._chain = chain
        self._steps = steps
        self._lazy = unmasked.rows
        self._num_tried = unmasked.num_tried
        self._ranked: list[Ranked] = []
        """What the heads told, for each tail of the chain."""
        self._whole: dict[int, Ranked] = {}
        """What only the whole row told."""
        self.num_redrawn = 0
        """Rows that had to run once more, masked."""

    def run(self, failures: Mapping[int, LlmpostError]) -> list[int | LlmpostError]:
        """The winner of each row. The host waits once, again for each row whose head does not tell everything, and
        once more for all rows that are masked after all."""
        blocks = Blocks(self._logits)
        tried = [row for row in self._chain.greedy if row in self._lazy]
        leaders = self._some(blocks, tuple(tried)).leaders(self._num_tried).flatten() if tried else blocks.top[:0]
        num_tried = leaders.numel() // max(1, len(tried))  # a small vocabulary has fewer ids than may be tried
        winners, open_ = self._winners(blocks)
        # In one float32 tensor: ids are below 2**24.
        answers = iter(torch.cat((*winners.values(), blocks.top, *open_.values(), leaders)).tolist())
        drawn: dict[int, int | LlmpostError] = {row: int(next(answers)) for rows in winners for row in rows}
        problems = {row: _problem(next(answers), limit) for row, limit in enumerate(self._chain.limits)}
        is_open = [row for rows in open_ for row in rows if next(answers)]
        drawn |= {row: _first_allowed(self._steps[row], islice(answers, num_tried)) for row in tried}
        drawn |= {row: problem for row, problem in (problems | dict(failures)).items() if problem is not None}
        masked = [
            row for row in self._lazy if row in is_open or drawn[row] == NOBODY or not isinstance(drawn[row], int)
        ]
        self.num_redrawn = len(masked)
        drawn |= self._run_masked(masked)
        drawn |= {row: self._run_whole(row) for row in is_open if row not in masked and isinstance(drawn[row], int)}
        return [drawn[row] for row in range(len(self._steps))]

    def law(self, row: int) -> Law:
        """The row after all stages. Of rows that were not lazy."""
        if row in self._whole:
            return Law(self._whole[row].survivors(), self._whole[row].ids)
        for (rows, _), ranked in zip(self._chain.tails, self._ranked, strict=True):
            if row in rows:
                place = rows.index(row)
                return Law(ranked.survivors()[place : place + 1], ranked.ids[place : place + 1])
        temperature = dict(self._chain.free).get(row, Temperature())
        return Law(temperature.scaled(self._logits[row : row + 1]))

    def _winners(
        self, blocks: Blocks
    ) -> tuple[dict[tuple[int, ...], torch.Tensor], dict[tuple[int, ...], torch.Tensor]]:
        """By rows, who arrives first, and for rows with a tail whether its head leaves that open."""
        winners, open_ = {}, {}
        if taken := tuple(row for row in self._chain.greedy if row not in self._lazy):
            winners[taken] = self._some(blocks, taken).best()
        for rows, tail in self._chain.tails:
            ranked, open_[rows] = tail.of_head(self._some(blocks, rows), self._gate(rows))
            self._ranked.append(ranked)
            winners[rows] = _winner(ranked.values, ranked.kept, self._keys(rows), ranked.ids)
        for row, temperature in self._chain.free:
            values, ids = self._runners(blocks, row)
            winners[row,] = _winner(temperature.scaled(values), None, self._keys((row,)), ids)
        return winners, open_

    def _runners(self, blocks: Blocks, row: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Values and ids of a row that nothing truncates. Under a narrow mask few blocks have anybody in them."""
        if blocks.top.device.type != "cpu":
            return self._logits[row : row + 1], all_ids(blocks.vocab, blocks.top.device)
        own = self._some(blocks, (row,))
        return next(own.parts(own.maxima > -torch.inf))

    def _run_masked(self, rows: Sequence[int]) -> dict[int, int | LlmpostError]:
        """These rows under their full masks. An edit moves no masked id, so masks may as well come after all edits."""
        if not rows:
            return {}
        steps = [self._steps[row] for row in rows]
        masks, failures = masks_of(dict(enumerate(steps)))
        logits = self._logits.index_select(0, on_device(np.array(rows), self._logits.device))
        again = Race(mask_rows(logits, masks), self._chain.of_rows(rows), steps, Unmasked())
        return dict(zip(rows, again.run(failures), strict=True))

    def _run_whole(self, row: int) -> int:
        """One row, ranked as a whole."""
        rows, tail = next((rows, tail) for rows, tail in self._chain.tails if row in rows)
        whole = tail.of_rows([rows.index(row)]).of_whole_row(self._logits[row : row + 1])
        self._whole[row] = whole
        return int(_winner(whole.values, whole.kept, self._keys((row,)), whole.ids))

    def _gate(self, rows: Sequence[int]) -> Gate | None:
        """What tells the allowed ids of these rows from the forbidden ones; None where nothing is to be told."""
        steps = [self._steps[row] if row in self._lazy else None for row in rows]
        return None if all(step is None for step in steps) else lambda ids: _allowed(steps, ids)

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


def _first_allowed(step: Step, leaders: Iterable[float]) -> int:
    """The first that is allowed, before anybody unknown stands; else nobody."""
    tried = list(leaders)  # all of them are taken from the answers
    return next((int(token) for token in tried if token == NOBODY or _allows(step, int(token))), NOBODY)


def _allowed(steps: Sequence[Step | None], ids: torch.Tensor) -> torch.Tensor:
    """Bool, as `ids`; everything where there is no step."""
    rows = zip(steps, ids.tolist(), strict=True)
    return torch.tensor([[step is None or _allows(step, token) for token in tokens] for step, tokens in rows])


def _allows(step: Step, token: int) -> bool:
    """False where that cannot be found out: the row's mask will say why."""
    try:
        return step.constraint is None or step.constraint.allows(token, step.tokens_left)
    except LlmpostError:
        return False


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
