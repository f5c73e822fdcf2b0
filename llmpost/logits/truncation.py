"""Truncation: which ids of a row survive, found in the head of the row wherever the head can tell.

Every truncating stage keeps a prefix of the descending row. So when it cuts the last id of the head, nothing
behind the head can survive, and the rest of the row is never looked at; where it does not, that row alone is ranked
as a whole. The stages themselves (`top_k`, `top_p`, `min_p`) only say where to cut; the sampler draws.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, NamedTuple, Self, TypeAlias

import torch

from llmpost.contracts.stage import Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.logits.column import column, index_of
from llmpost.logits.mass import masses, whole_mass
from llmpost.logits.ranking import Blocks, rank
from llmpost.logits.temperature import Temperature

USUAL_HEAD = 128  # a nucleus is rarely wider; 64 saves 5 % where it suffices, and costs three times as much elsewhere
_WIDEST_HEAD = 2048

Gate: TypeAlias = Callable[[torch.Tensor], torch.Tensor]
"""From ids ``[rows, n]`` to which of them are allowed."""


class Ranked(NamedTuple):
    """Rows, or their heads, in descending order. `kept` says who survives so far: a prefix of each row."""

    values: torch.Tensor  # float32 [rows, n], descending
    ids: torch.Tensor  # int64 [rows, n]
    kept: torch.Tensor  # bool [rows, n]
    whole_mass: torch.Tensor | None = None  # int64 [rows, 1]: of a row that no stage has cut yet, else 0

    def masses(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The mass before each value, and of all that the stages before have left of the row; int64."""
        each = masses(self.values, self.values[:, :1]).mul_(self.kept)
        with_own = each.cumsum(1)
        total = with_own[:, -1:]
        if self.whole_mass is not None:
            total = torch.where(self.whole_mass > 0, self.whole_mass, total)
        return with_own - each, total

    def after(self, stage: Truncation | Temperature) -> Ranked:
        return self._cooled_by(stage) if isinstance(stage, Temperature) else self._cut_by(stage)

    def _cut_by(self, stage: Truncation) -> Ranked:
        return Ranked(self.values, self.ids, stage.cut(self), None if stage.weighs else self.whole_mass)

    def _cooled_by(self, temperature: Temperature) -> Ranked:
        """The same rows under another temperature, in their new order: rounding may have made equals."""
        hidden = self.values.masked_fill(~self.kept, -torch.inf)
        values, ids = rank(temperature.scaled(hidden), self.ids)
        return Ranked(values, ids, values > -torch.inf, self.whole_mass)

    def is_open_behind(self, stage: Truncation) -> torch.Tensor:
        """Bool [rows]: after this stage had cut, something behind the last value here may survive, whatever its id."""
        if not stage.splits_equals:
            return self.kept[:, -1]
        return (self.kept & (self.values == self.values[:, -1:])).any(1)

    def trimmed(self) -> Ranked:
        """One row without the places behind its last survivor."""
        count = int(self.kept.sum())
        return Ranked(self.values[:, :count], self.ids[:, :count], self.kept[:, :count], self.whole_mass)

    def survivors(self) -> torch.Tensor:
        """The values, -inf where cut."""
        return self.values.masked_fill(~self.kept, -torch.inf)


class Truncation(ABC):
    """A stage that keeps a prefix of the descending row, with parameters that may differ from row to row."""

    __slots__ = ()
    phase: ClassVar[Phase] = Phase.TRUNCATE
    keeps_argmax: ClassVar[bool] = True
    weighs: ClassVar[bool] = False
    """Whether it needs the mass of the whole row when it is the first to cut."""
    splits_equals: ClassVar[bool] = False
    """Whether it may keep one of two equal values and cut the other."""

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
        active = self.active(len(steps))
        if not any(active):
            return logits
        tail = Tail(Temperature(), (self,), len(steps))
        ranked, is_open = tail.of_head(Blocks(logits))
        # By maximum, because an id may be in a head twice, once with -inf.
        kept = torch.full_like(logits, -torch.inf).scatter_reduce_(1, ranked.ids, ranked.survivors(), "amax")
        for row, is_row_open in enumerate(is_open.tolist()):
            if not active[row]:
                kept[row] = logits[row]
            elif is_row_open:
                whole = tail.of_rows([row]).of_whole_row(logits[row : row + 1])
                kept[row].fill_(-torch.inf).scatter_(0, whole.ids[0], whole.survivors()[0])
        return kept


class Tail:
    """The end of a chain: a temperature, then truncations (among which a further temperature may stand).

    A truncation may be inactive in some rows only where no temperature follows it: the mass of a whole row is
    taken under the leading one.
    """

    __slots__ = ("_firsts", "_weighed", "_width", "stages", "temperature")

    def __init__(self, temperature: Temperature, stages: Sequence[Truncation | Temperature], rows: int) -> None:
        self.temperature = temperature
        self.stages = tuple(stages)
        self._firsts = tuple(_first_to_cut(stages, rows))
        weighing = (
            firsts for stage, firsts in zip(stages, self._firsts, strict=True) if getattr(stage, "weighs", False)
        )
        self._weighed = tuple(map(any, zip((False,) * rows, *weighing, strict=True)))
        widths = (
            stage.head_width()
            for stage, firsts in zip(stages, self._firsts, strict=True)
            if isinstance(stage, Truncation) and any(firsts)
        )
        self._width = min(_WIDEST_HEAD, max(widths, default=1))

    def of_rows(self, rows: Sequence[int]) -> Tail:
        """This tail for some of its rows."""
        return Tail(self.temperature.of_rows(rows), [stage.of_rows(rows) for stage in self.stages], len(rows))

    def of_head(self, blocks: Blocks, gate: Gate | None = None) -> tuple[Ranked, torch.Tensor]:
        """The survivors as the head of each row tells them; bool [rows]: where it does not tell everything.

        A `gate` passes over ids of the head, in rows whose first truncation does not weigh. Where none of a row's ids
        is left the row is open.
        """
        values, ids = blocks.candidates(self._width)
        values, ids = rank(self.temperature.scaled(values), ids, self._width)
        is_whole = ids.shape[1] >= blocks.vocab
        mass = self._whole_mass(blocks, values[:, :1])
        if gate is not None:
            values, ids = _through(gate, values, ids, is_whole)
        ranked, is_open = self._cut(Ranked(values, ids, values > -torch.inf, mass))
        if is_whole:
            is_open = torch.zeros_like(is_open)
        return ranked, is_open if gate is None else is_open | ~ranked.kept[:, 0]

    def of_whole_row(self, row: Logits) -> Ranked:
        """The survivors of one row ``[1, vocab]`` and nothing else. What lies far below is not ranked."""
        scaled = self.temperature.scaled(row)
        mass = masses(scaled, scaled.amax(1, keepdim=True))
        total = mass.sum(1, keepdim=True)
        first = next(stage for stage in self.stages if isinstance(stage, Truncation) and stage.active(1)[0])
        floor = first.floor(total, row.shape[1])
        alive = (scaled > -torch.inf) if floor is None else mass >= floor
        ids = alive.nonzero()[:, 1].unsqueeze(0)
        values, ids = rank(scaled.gather(1, ids), ids)
        ranked = Ranked(values, ids, values > -torch.inf, total if first.weighs else None)
        for stage in self.stages:
            ranked = ranked.after(stage).trimmed()
        return ranked

    def _cut(self, ranked: Ranked) -> tuple[Ranked, torch.Tensor]:
        """All stages in order, and where the head is open: a row's first cut leaves it so, or none does."""
        is_open: torch.Tensor | None = None
        for stage, firsts in zip(self.stages, self._firsts, strict=True):
            ranked = ranked.after(stage)
            if isinstance(stage, Temperature):
                continue
            if all(firsts):
                is_open = ranked.is_open_behind(stage)
            elif any(firsts):
                now = ranked.is_open_behind(stage) & _flags(firsts, ranked.ids.device)
                is_open = now if is_open is None else is_open | now
        assert is_open is not None
        return ranked, is_open

    def _whole_mass(self, blocks: Blocks, top: torch.Tensor) -> torch.Tensor | None:
        """The mass of those rows whose first truncation weighs, 0 for the others; None if there are none."""
        if not any(self._weighed):
            return None
        if all(self._weighed):
            return whole_mass(blocks, self.temperature.divisor(top), top)
        rows = [row for row, is_weighed in enumerate(self._weighed) if is_weighed]
        index = index_of(tuple(rows), top.device)
        scale = self.temperature.of_rows(rows).divisor(top)
        mass = whole_mass(blocks.of_rows(index), scale, top.index_select(0, index))
        return mass.new_zeros(len(top), 1).index_copy_(0, index, mass)


def _through(gate: Gate, values: torch.Tensor, ids: torch.Tensor, is_whole: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """The allowed ids first, in the order they had; the others behind them with -inf.

    The last id of a head that is not the whole row stays what it is and where it is: it stands for all ids behind
    the head, so where it is cut, none of them survives, and where it is not, the head is open.
    """
    is_hidden = ~gate(ids)
    if not is_whole:
        is_hidden[:, -1] = False
    values = values.masked_fill(is_hidden, -torch.inf)
    end = values.shape[1] - (not is_whole)
    order = is_hidden[:, :end].byte().sort(dim=1, stable=True).indices
    order = torch.cat((order, order.new_tensor(range(end, values.shape[1])).expand(len(order), -1)), 1)
    return values.gather(1, order), ids.gather(1, order)


def _first_to_cut(stages: Sequence[Truncation | Temperature], rows: int) -> Iterator[tuple[bool, ...]]:
    """For each stage the rows in which it is the first truncation that can cut."""
    is_cut = (False,) * rows
    for stage in stages:
        active = stage.active(rows) if isinstance(stage, Truncation) else (False,) * rows
        yield tuple(now and not before for now, before in zip(active, is_cut, strict=True))
        is_cut = tuple(now or before for now, before in zip(active, is_cut, strict=True))


def _flags(flags: tuple[bool, ...], device: torch.device) -> torch.Tensor:
    return column(flags, torch.bool, device).squeeze(1)
