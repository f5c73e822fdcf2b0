"""The stages of a request in order, and the stages of a batch merged into one.

A :class:`Chain` belongs to one request. :func:`merge` lays the chains of a batch side by side: rows that have the
same kind of stage share one tensor call with per-row parameters. Drawing is the sampler's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeGuard

from llmpost.contracts.stage import LogitsStage, Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import RequestError
from llmpost.logits.column import per_row
from llmpost.logits.forced_tokens import ForcedTokens
from llmpost.logits.frequency_penalty import FrequencyPenalty
from llmpost.logits.min_length import MinLength
from llmpost.logits.min_p import MinP
from llmpost.logits.no_repeat_ngram import NoRepeatNgram
from llmpost.logits.presence_penalty import PresencePenalty
from llmpost.logits.repetition_penalty import RepetitionPenalty
from llmpost.logits.sequence_bias import SequenceBias
from llmpost.logits.temperature import Temperature
from llmpost.logits.top_k import TopK
from llmpost.logits.top_p import TopP
from llmpost.logits.truncation import Tail, Truncation

ORDER: dict[str, type[Any]] = {
    "no_repeat_ngram": NoRepeatNgram,
    "min_length": MinLength,
    "forced": ForcedTokens,
    "bias": SequenceBias,
    "repetition": RepetitionPenalty,
    "presence": PresencePenalty,
    "frequency": FrequencyPenalty,
    "temperature": Temperature,
    "top_k": TopK,
    "top_p": TopP,
    "min_p": MinP,
}
"""The default order, by the names a policy's ``order`` uses. It gives transformers' distributions: masks come
first here and after the penalties there, which is the same, because no penalty moves a masked id."""

_RANKS: dict[type[Any], int] = {stage: rank for rank, stage in enumerate(ORDER.values())}


@dataclass(frozen=True, slots=True)
class Chain:
    """One request's stages, in the order in which they run; itself a stage.

    A greedy chain takes the arg-max, so it skips whatever cannot change which id that is.

    >>> Chain((Temperature(0.5), TopK(1))).apply(torch.tensor([[1.0, 2.0]]), [Step(Context.of([1]))])
    tensor([[-inf, 4.]])
    """

    phase: ClassVar[Phase] = Phase.ADJUST
    stages: tuple[LogitsStage, ...] = ()
    is_greedy: bool = False
    own_order: bool = False
    """Whether somebody chose this order on purpose; if not, phases must ascend."""

    def __post_init__(self) -> None:
        if not self.own_order:
            _check_phases(self.stages)

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        for stage in self.stages:
            logits = stage.apply(logits, steps)
        return logits

    @property
    def effective(self) -> tuple[LogitsStage, ...]:
        """The stages that can matter for which id is drawn."""
        if not self.is_greedy:
            return self.stages
        return tuple(stage for stage in self.stages if not getattr(stage, "keeps_argmax", False))

    def split(self) -> tuple[tuple[LogitsStage, ...], tuple[Temperature | Truncation, ...]]:
        """The edits of whole rows, and the last stages, which can be decided in descending order."""
        stages = self.effective
        cut = len(stages)
        while cut and isinstance(stages[cut - 1], Temperature | Truncation):
            cut -= 1
        return stages[:cut], tuple(filter(_can_matter, stages[cut:]))


def _can_matter(stage: LogitsStage) -> TypeGuard[Temperature | Truncation]:
    return isinstance(stage, Temperature) or (isinstance(stage, Truncation) and stage.active(1)[0])


def _check_phases(stages: Sequence[LogitsStage]) -> None:
    for before, after in zip(stages, stages[1:], strict=False):
        if after.phase < before.phase:
            raise RequestError(
                "stages",
                f"{type(after).__name__} ({after.phase.name}) after {type(before).__name__} ({before.phase.name})",
                f"the default order {' < '.join(phase.name for phase in Phase)}",
                "Swap them, or name the order you want with decode.order.",
            )


@dataclass(frozen=True, slots=True)
class OnRows:
    """A stage for some rows of a batch."""

    phase: ClassVar[Phase] = Phase.ADJUST
    stage: LogitsStage
    rows: tuple[int, ...]

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        rows = list(self.rows)
        logits[rows] = self.stage.apply(logits[rows], [steps[row] for row in rows])
        return logits


@dataclass(frozen=True, slots=True)
class BatchChain:
    """The chains of a batch as one: edits of all rows, then the tails, each with the rows that have it."""

    edits: tuple[LogitsStage, ...]
    tails: tuple[tuple[tuple[int, ...], Tail], ...]
    greedy_rows: tuple[int, ...]
    free_rows: tuple[tuple[int, ...], Temperature] = field(default=((), Temperature()))
    """Rows that sample from everything, and their temperatures."""


def merge(chains: Sequence[Chain]) -> BatchChain:
    """One chain for the batch. Law: row i comes out exactly as ``chains[i]`` alone would bring it out."""
    splits = [chain.split() for chain in chains]
    greedy = tuple(row for row, chain in enumerate(chains) if chain.is_greedy)
    cutting = [row for row, (_, tail) in enumerate(splits) if any(isinstance(stage, Truncation) for stage in tail)]
    free = tuple(row for row, chain in enumerate(chains) if not chain.is_greedy and row not in cutting)
    return BatchChain(
        edits=_merge_edits([edits for edits, _ in splits]),
        tails=tuple(_merge_tails({row: splits[row][1] for row in cutting})),
        greedy_rows=greedy,
        free_rows=(free, _product([splits[row][1] for row in free])),
    )


def _product(tails: Sequence[tuple[Any, ...]]) -> Temperature:
    """The temperature of rows that have nothing else (at most one each)."""
    return _stack(Temperature, [tail[0] if tail else None for tail in tails]) if tails else Temperature()


def _merge_edits(edits: Sequence[tuple[LogitsStage, ...]]) -> tuple[LogitsStage, ...]:
    """Rows in the default order share their stages; a row with another order, or a foreign stage, runs alone."""
    usual = [all(type(stage) in _RANKS for stage in stages) and _is_ascending(stages) for stages in edits]
    kinds = sorted({type(stage) for row, stages in enumerate(edits) if usual[row] for stage in stages}, key=_RANKS.__getitem__)
    shared: list[LogitsStage] = []
    for kind in kinds:
        own = [next((s for s in stages if usual[row] and type(s) is kind), None) for row, stages in enumerate(edits)]
        shared.append(_stack(kind, own))
    alone = [OnRows(Chain(stages, own_order=True), (row,)) for row, stages in enumerate(edits) if stages and not usual[row]]
    return (*shared, *alone)


def _merge_tails(tails: dict[int, tuple[Temperature | Truncation, ...]]) -> list[tuple[tuple[int, ...], Tail]]:
    """Rows in the default order share one tail; the others are grouped by the order they have."""
    groups: dict[tuple[type[Any], ...], list[int]] = {}
    for row, stages in tails.items():
        order = () if _is_ascending(stages) else tuple(type(stage) for stage in stages)
        groups.setdefault(order, []).append(row)
    return [(tuple(rows), _shared_tail([tails[row] for row in rows], order)) for order, rows in groups.items()]


def _shared_tail(tails: Sequence[tuple[Any, ...]], order: tuple[type[Any], ...]) -> Tail:
    if not order:
        kinds = {type(stage) for stages in tails for stage in stages}
        order = tuple(sorted(kinds, key=_RANKS.__getitem__))
    stacked = [_stack(kind, [next((s for s in stages if type(s) is kind), None) for stages in tails]) for kind in order]
    if stacked and isinstance(stacked[0], Temperature):
        return Tail(stacked[0], tuple(stacked[1:]))
    return Tail(Temperature(), tuple(stacked))


def _is_ascending(stages: Sequence[LogitsStage]) -> bool:
    ranks = [_RANKS[type(stage)] for stage in stages]
    return all(before < after for before, after in zip(ranks, ranks[1:], strict=False))


def _stack(kind: type[Any], stages: Sequence[Any]) -> Any:
    """One stage of this kind with each row's parameters; the defaults of a stage are what changes nothing."""
    nothing = kind()
    rows = [nothing if stage is None else stage for stage in stages]
    return kind(*(per_row([getattr(row, f.name) for row in rows]) for f in fields(kind)))
