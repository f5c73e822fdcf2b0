"""The sampler: rows of logits in, one token a row out, in one pass over the vocabulary and one copy to the host.

It masks the rows whose constraint must be known beforehand, runs the batch's edits, lets the rows race, and reads
log-probabilities and log-masses where somebody asked. Rows that are conditioned race free and are drawn once more.
Knows nothing of requests or models.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from llmpost.contracts.laps import Laps
from llmpost.contracts.pick import Pick
from llmpost.contracts.stage import LogitsStage, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import LlmpostError, StageError
from llmpost.logits.chain import Chain, OnRow, merge
from llmpost.logits.column import index_of
from llmpost.logits.conditioned import draw_conditioned, is_conditioned
from llmpost.logits.constrained import masks_of
from llmpost.logits.law import Law
from llmpost.logits.log_mass import is_measured, measure
from llmpost.logits.logprobs import Reading, read_logprobs
from llmpost.logits.masking import mask_rows
from llmpost.logits.race import Race, Unmasked
from llmpost.logits.wanted import with_masked

_NUM_TRIED = 8
"""Ids of a greedy row that come over from an accelerator, where to look again is to wait again. On the host it is one:
to find more costs more than most masks (70 µs at 131,072 ids)."""

_Outcome: TypeAlias = Pick | LlmpostError


class Sampler:
    """Draws for a batch of rows, each with the chain of its request."""

    __slots__ = ("_chain", "_chains")

    def __init__(self, chains: Sequence[LogitsStage]) -> None:
        self._chains = [chain if isinstance(chain, Chain) else Chain((chain,)) for chain in chains]
        self._chain = merge(self._chains)

    def draw(self, logits: Logits, steps: Sequence[Step], laps: Laps) -> Sequence[Pick | LlmpostError]:
        """One token for each row, or the error that this row alone ends with: :class:`DeadEnd` where every id is
        masked, :class:`ModelError` where the best value is no usable number, :class:`StageError` where somebody's
        own stage broke. A token of a row whose step has a constraint is one that its state allows. Takes ownership of
        `logits`."""
        raw = {
            row: Law(logits[row : row + 1].clone())
            for row, step in enumerate(steps)
            if step.num_top_logprobs is not None or step.num_masked
        }
        measured = [row for row, step in enumerate(steps) if is_measured(step)]
        conditioned = [row for row, step in enumerate(steps) if is_conditioned(step)]
        free = self._free_laws(measured, logits, steps, laps) if measured else {}
        race, picks = self._race(logits, _released(steps, conditioned) if conditioned else steps, laps)
        if conditioned:
            laws = {row: race.law(row) for row in conditioned if isinstance(picks[row], Pick)}
            picks = _updated(picks, draw_conditioned(laws, steps))
            laps.lap("conditioned")
        if raw:
            asked = {row: law for row, law in raw.items() if steps[row].num_top_logprobs is not None}
            picks = read_logprobs(picks, {row: Reading(law, race.law(row)) for row, law in asked.items()}, steps)
            picks = with_masked(picks, {row: law.values for row, law in raw.items()}, steps)
            laps.lap("logprobs")
        if measured:
            picks = _updated(picks, {row: measure(picks[row], law, race.law(row)) for row, law in free.items()})
            laps.lap("log_mass")
        return picks

    def _race(self, logits: Logits, steps: Sequence[Step], laps: Laps) -> tuple[Race, list[_Outcome]]:
        """The race when it is over, and who won in each row."""
        on_host = logits.device.type == "cpu"
        lazy = self._lazy(steps, logits.shape[1], on_host)
        logits, failures = self._edited(logits, steps, lazy, laps)
        race = Race(logits, self._chain, steps, Unmasked(lazy, 1 if on_host else _NUM_TRIED))
        drawn = race.run(failures)
        laps.num_redrawn += race.num_redrawn
        laps.lap("draw")
        return race, [Pick(token) if isinstance(token, int) else token for token in drawn]

    def _free_laws(
        self, rows: Sequence[int], logits: Logits, steps: Sequence[Step], laps: Laps
    ) -> dict[int, Law | LlmpostError]:
        """What these rows would be drawn from without their constraints: the same stages once more, over copies."""
        twins = Sampler([self._chains[row] for row in rows])
        index = index_of(tuple(rows), logits.device)
        released = [replace(steps[row], constraint=None) for row in rows]
        race, picks = twins._race(logits.index_select(0, index), released, laps)
        outcomes = enumerate(zip(rows, picks, strict=True))
        return {row: race.law(place) if isinstance(pick, Pick) else pick for place, (row, pick) in outcomes}

    def _lazy(self, steps: Sequence[Step], width: int, on_host: bool) -> list[int]:
        """The rows that race unmasked: greedy ones, because to ask for one id costs less than any mask, but for states
        that have a narrow one at hand (somebody strayed there, and a second draw costs ten masks); sampled ones
        where a mask is dear, because to ask for a whole head costs more than most (190 µs at 131,072 ids). An
        accelerator is waited for once a step, and what is at the head of a sampled row would be another question."""
        lazy: list[int] = []
        for row in sorted(self._chain.lazy):
            state = steps[row].constraint
            if state is None or steps[row].num_top_logprobs is not None or steps[row].measures_mass:
                continue
            if row not in self._chain.greedy:
                is_lazy = on_host and state.is_mask_dear
            else:
                is_lazy = not (on_host and state.has_mask and 2 * state.mask().count < width)
            if is_lazy:
                lazy.append(row)
        return lazy

    def _edited(
        self, logits: Logits, steps: Sequence[Step], lazy: Container[int], laps: Laps
    ) -> tuple[Logits, dict[int, LlmpostError]]:
        """The logits after masks and edits, and the errors of rows whose masks or whose own stages broke."""
        masks, failures = masks_of({row: step for row, step in enumerate(steps) if row not in lazy})
        logits = mask_rows(logits, masks)
        if masks:
            laps.lap("mask")
        for stage in self._chain.edits:
            try:
                logits = stage.apply(logits, steps)
            except Exception as cause:
                if not isinstance(stage, OnRow):
                    raise
                failures[stage.row] = _broken_stage(stage, cause)
            laps.lap(_name(stage))
        # A stage of somebody else's may have brought back what was masked.
        return mask_rows(logits, {row: masks[row] for row in self._chain.foreign if row in masks}), failures


def _released(steps: Sequence[Step], rows: Container[int]) -> Sequence[Step]:
    """The same, but for these rows, which race without their constraints."""
    return [replace(step, constraint=None) if row in rows else step for row, step in enumerate(steps)]


def _updated(picks: Sequence[_Outcome], news: Mapping[int, _Outcome]) -> list[_Outcome]:
    return [news.get(row, pick) for row, pick in enumerate(picks)]


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
