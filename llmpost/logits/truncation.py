"""Truncation: which ids of a row survive, found in the head of the row wherever the head can tell.

Every truncating stage keeps a prefix of the descending row. So when it cuts the last id of the head, nothing
behind the head can survive, and the rest of the row is never looked at; where it does not, that row alone is ranked
as a whole. The stages themselves (`top_k`, `top_p`, `min_p`) only say where to cut; the sampler draws.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Self

import torch

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.logits.mass import masses, whole_mass
from llmpost.logits.ranking import Blocks, rank
from llmpost.logits.temperature import Temperature

USUAL_HEAD = 64
_WIDEST_HEAD = 2048


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows, or their heads, in descending order. `kept` says who survives so far: a prefix of each row."""

    values: torch.Tensor  # float32 [rows, n], descending
    ids: torch.Tensor  # int64 [rows, n]
    kept: torch.Tensor  # bool [rows, n]
    whole_mass: torch.Tensor | None  # int64 [rows, 1]: of the whole row where no stage cuts before, else 0

    def masses(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The mass of each kept value, and of all that the stages before have left of the row."""
        each = masses(self.values, self.values[:, :1]).mul_(self.kept)
        kept = each.sum(1, keepdim=True)
        return each, kept if self.whole_mass is None else torch.where(self.whole_mass > 0, self.whole_mass, kept)

    def cools(self, temperature: Temperature) -> Self:
        """The same rows under another temperature, in their new order: rounding may have made equals."""
        hidden = self.values.masked_fill(~self.kept, -torch.inf)
        values, ids = rank(temperature.scaled(hidden), self.ids)
        return replace(self, values=values, ids=ids, kept=values > -torch.inf)

    def is_closed(self) -> torch.Tensor:
        """Bool [rows, 1]: the last value here is cut, and so is everything behind it, whatever its id."""
        return ~(self.kept & (self.values == self.values[:, -1:])).any(1, keepdim=True)


class Truncation(ABC):
    """A stage that keeps a prefix of the descending row, with parameters that may differ from row to row."""

    __slots__ = ()
    phase: ClassVar[Phase] = Phase.TRUNCATE
    keeps_argmax: ClassVar[bool] = True
    weighs: ClassVar[bool] = False
    """Whether it needs the mass of the whole row when it is the first to cut."""

    @abstractmethod
    def active(self, rows: int) -> tuple[bool, ...]:
        """Which rows it can cut at all."""

    @abstractmethod
    def cut(self, ranked: Ranked) -> torch.Tensor:
        """`kept` after this stage."""

    @abstractmethod
    def of_rows(self, rows: Sequence[int]) -> Self:
        """This stage for some of its rows."""

    def head_width(self) -> int:
        """How wide a head must be for this stage, being first, to find its cut there as a rule."""
        return USUAL_HEAD

    def floor(self, mass: torch.Tensor, vocab: int) -> torch.Tensor | None:
        """A mass under which this stage, being first, certainly cuts; `mass` is that of the whole row."""
        return None

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        """The rows with -inf wherever an id is cut."""
        tail = Tail(Temperature(), (self,))
        ranked, told = tail.of_head(logits, Blocks(logits))
        kept = torch.full_like(logits, -torch.inf)
        kept.scatter_(1, ranked.ids, ranked.values.masked_fill(~ranked.kept, -torch.inf))
        for row in (~told).nonzero()[:, 0].tolist():
            whole = tail.of_rows([row]).of_whole_row(logits[row : row + 1])
            kept[row].fill_(-torch.inf).scatter_(0, whole.ids[0], whole.values[0].masked_fill(~whole.kept[0], -torch.inf))
        if not all(active := self.active(len(steps))):
            kept = torch.where(_flags(active, logits.device), kept, logits)
        return kept


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a chain: a temperature, then truncations (among which a further temperature may stand).

    A truncation may be inactive in some rows only where no temperature follows it: the mass of a whole row is
    taken under the leading one.
    """

    temperature: Temperature
    stages: tuple[Truncation | Temperature, ...]

    def of_rows(self, rows: Sequence[int]) -> Tail:
        """This tail for some of its rows."""
        return Tail(self.temperature.of_rows(rows), tuple(stage.of_rows(rows) for stage in self.stages))

    def of_head(self, logits: Logits, blocks: Blocks) -> tuple[Ranked, torch.Tensor]:
        """The survivors as the head of each row tells them; bool [rows]: where it tells everything."""
        rows, vocab = logits.shape
        width = max((stage.head_width() for stage in self._truncations()), default=USUAL_HEAD)
        values, ids = blocks.head(min(width, _WIDEST_HEAD))
        values, ids = rank(self.temperature.scaled(values), ids)
        ranked, told = self._cut(Ranked(values, ids, values > -torch.inf, self._whole_mass(logits, values[:, :1])))
        return ranked, told if ids.shape[1] < vocab else torch.ones(rows, dtype=torch.bool, device=logits.device)

    def of_whole_row(self, row: Logits) -> Ranked:
        """The survivors of one row ``[1, vocab]``; ids far below every cut are dropped before they are ranked."""
        scaled = self.temperature.scaled(row)
        mass = masses(scaled, scaled.amax(1, keepdim=True))
        total = mass.sum(1, keepdim=True)
        first = next(stage for stage in self._truncations() if stage.active(1)[0])
        floor = first.floor(total, row.shape[1])
        alive = (scaled > -torch.inf) if floor is None else mass >= floor
        ids = alive.nonzero()[:, 1].unsqueeze(0)
        values, ids = rank(scaled.gather(1, ids), ids)
        return self._cut(Ranked(values, ids, values > -torch.inf, total if first.weighs else None))[0]

    def _truncations(self) -> list[Truncation]:
        return [stage for stage in self.stages if isinstance(stage, Truncation)]

    def _cut(self, ranked: Ranked) -> tuple[Ranked, torch.Tensor]:
        """All stages in order. A head told everything if each truncation, when it had cut, left it closed."""
        told = torch.ones(1, 1, dtype=torch.bool, device=ranked.values.device)
        for stage in self.stages:
            if isinstance(stage, Temperature):
                ranked = ranked.cools(stage)
                continue
            ranked = replace(ranked, kept=stage.cut(ranked))
            active = stage.active(len(ranked.values))
            told = told & (ranked.is_closed() if all(active) else ranked.is_closed() | ~_flags(active, told.device))
        return ranked, told.expand(len(ranked.values), 1).squeeze(1)

    def _whole_mass(self, logits: Logits, top: torch.Tensor) -> torch.Tensor | None:
        """The mass of those rows whose first active truncation weighs, 0 for the others; None if there are none."""
        rows = len(logits)
        is_cut, weighing = [False] * rows, [False] * rows
        for stage in self._truncations():
            for row, is_active in enumerate(stage.active(rows)):
                weighing[row] |= is_active and stage.weighs and not is_cut[row]
                is_cut[row] |= is_active
        if not any(weighing):
            return None
        mass = whole_mass(logits, self.temperature.divisor(logits), top)
        return mass if all(weighing) else mass * _flags(tuple(weighing), logits.device)


@lru_cache(maxsize=256)
def _flags(flags: tuple[bool, ...], device: torch.device) -> torch.Tensor:
    return torch.tensor(flags, device=device).unsqueeze(1)
