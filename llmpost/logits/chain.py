"""The stages of a request in order, and the stages of a batch merged into one.

A :class:`Chain` belongs to one request. :func:`merge` lays the chains of a batch side by side: rows that have the
same kind of stage share one tensor call with per-row parameters. Drawing is the sampler's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, ClassVar, TypeGuard

import torch

from llmpost.contracts.stage import LogitsStage, Phase, Step
from llmpost.contracts.tokens import Logits
from llmpost.errors import RequestError
from llmpost.logits.column import per_row, spread
from llmpost.logits.constrained import Constrained
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

_KINDS: tuple[type[Any], ...] = (Constrained, *ORDER.values())
_RANKS = {kind: rank for rank, kind in enumerate(_KINDS)}
_EDITS = frozenset(kind for kind in ORDER.values() if not issubclass(kind, Truncation))


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
        for stage in self.effective:
            logits = stage.apply(logits, steps)
        return logits

    @property
    def effective(self) -> tuple[LogitsStage, ...]:
        """The stages that can matter for which id is drawn: of a greedy chain, those that edit."""
        if not self.is_greedy:
            return self.stages
        return tuple(stage for stage in self.stages if not getattr(stage, "keeps_argmax", False))

    @property
    def is_foreign(self) -> bool:
        """Whether a stage of somebody else's is in it, of which nothing is known."""
        return not all(type(stage) in _RANKS for stage in self.effective)

    @property
    def is_lazy(self) -> bool:
        """Whether ids in descending order, the forbidden ones passed over, tell what is drawn under a mask.

        So it is where nothing before the race looks at more than one id (our edits leave a masked id masked and the
        others alone), and the first to cut need not weigh the whole row.
        """
        edits, tail = self.split()
        first = next((stage for stage in tail if isinstance(stage, Truncation)), None)
        is_decided = self.is_greedy if first is None else not first.weighs
        return is_decided and all(type(stage) in _EDITS for stage in edits)

    def split(self) -> tuple[tuple[LogitsStage, ...], tuple[Temperature | Truncation, ...]]:
        """The edits of whole rows, and the tail: at most one temperature, then what the best ids decide."""
        stages = self.effective
        cut = len(stages)
        while cut and isinstance(stages[cut - 1], Temperature | Truncation):
            cut -= 1
        tail = tuple(filter(_can_matter, stages[cut:]))
        leading = next((place for place, stage in enumerate(tail) if isinstance(stage, Truncation)), len(tail))
        first = max(0, leading - 1)
        return (*stages[:cut], *tail[:first]), tail[first:]


def _can_matter(stage: LogitsStage) -> TypeGuard[Temperature | Truncation]:
    return isinstance(stage, Temperature) or (isinstance(stage, Truncation) and stage.active(1)[0])


def _check_phases(stages: Sequence[LogitsStage]) -> None:
    for before, after in pairwise(stages):
        if after.phase < before.phase:
            raise RequestError(
                "stages",
                f"{type(after).__name__} ({after.phase.name}) after {type(before).__name__} ({before.phase.name})",
                f"the default order {' < '.join(phase.name for phase in Phase)}",
                "Swap them, or name the order you want with decode.order.",
            )


@dataclass(frozen=True, slots=True)
class OnRow:
    """Stages for one row of a batch: those that cannot be shared, because their order or their code is its own."""

    phase: ClassVar[Phase] = Phase.ADJUST
    stages: tuple[LogitsStage, ...]
    row: int

    def apply(self, logits: Logits, steps: Sequence[Step]) -> Logits:
        """Only whole and well formed answers reach `logits`."""
        here = slice(self.row, self.row + 1)
        edited = logits[here].clone()
        for stage in self.stages:
            edited = stage.apply(edited, steps[here])
        if edited.shape != logits[here].shape:
            raise ValueError(f"it returned {list(edited.shape)} for {list(logits[here].shape)}")
        logits[here] = edited
        return logits


@dataclass(frozen=True, slots=True)
class BatchChain:
    """The chains of a batch as one: edits, then the rows by the way in which they are drawn."""

    edits: tuple[LogitsStage, ...]
    greedy: tuple[int, ...]
    tails: tuple[tuple[tuple[int, ...], Tail], ...]
    free: tuple[tuple[int, Temperature], ...]
    """Rows that sample from everything, and their temperatures."""
    limits: tuple[float, ...]
    """For each row the largest logit that its tail's temperatures leave a finite number."""
    lazy: frozenset[int]
    """Rows that can be drawn under a constraint without their full mask: :attr:`Chain.is_lazy`."""
    foreign: frozenset[int]
    """Rows with stages of somebody else's."""

    def of_rows(self, rows: Sequence[int]) -> BatchChain:
        """How some of the rows are drawn, once they are edited."""
        places = {row: place for place, row in enumerate(rows)}
        tails = [(tuple(row for row in own if row in places), own, tail) for own, tail in self.tails]
        return BatchChain(
            edits=(),
            greedy=tuple(places[row] for row in self.greedy if row in places),
            tails=tuple(
                (tuple(places[row] for row in some), tail.of_rows([own.index(row) for row in some]))
                for some, own, tail in tails
                if some
            ),
            free=tuple((places[row], temperature) for row, temperature in self.free if row in places),
            limits=tuple(self.limits[row] for row in rows),
            lazy=frozenset(),
            foreign=frozenset(),
        )


def merge(chains: Sequence[Chain]) -> BatchChain:
    """One chain for the batch. Law: row i comes out exactly as ``chains[i]`` alone would bring it out."""
    splits = [chain.split() for chain in chains]
    cutting = {
        row: tail for row, (_, tail) in enumerate(splits) if any(isinstance(stage, Truncation) for stage in tail)
    }
    greedy = tuple(row for row, chain in enumerate(chains) if chain.is_greedy)
    free = tuple(row for row in range(len(chains)) if row not in cutting and row not in greedy)
    return BatchChain(
        edits=_merge_edits([edits[1:] if edits[:1] == (Constrained(),) else edits for edits, _ in splits]),
        greedy=greedy,
        tails=tuple(_merge_tails(cutting)),
        free=tuple((row, _temperatures(splits[row][1])[0]) for row in free),
        limits=tuple(_limit(tail) for _, tail in splits),
        lazy=frozenset(row for row, chain in enumerate(chains) if chain.is_lazy),
        foreign=frozenset(row for row, chain in enumerate(chains) if chain.is_foreign),
    )


def _temperatures(tail: Sequence[Temperature | Truncation]) -> list[Temperature]:
    return [stage for stage in tail if isinstance(stage, Temperature)] or [Temperature()]


def _limit(tail: Sequence[Temperature | Truncation]) -> float:
    smallest = product = 1.0
    for temperature in _temperatures(tail):
        product *= spread(temperature.value, 1)[0]
        smallest = min(smallest, product)
    return torch.finfo(torch.float32).max * smallest


def _merge_edits(edits: Sequence[tuple[LogitsStage, ...]]) -> tuple[LogitsStage, ...]:
    """Rows in the default order share their stages; a row with another order, or a foreign stage, runs alone."""
    usual = [_is_usual(stages) for stages in edits]
    kinds = {type(stage) for row, stages in enumerate(edits) if usual[row] for stage in stages}
    shared: list[LogitsStage] = []
    for kind in sorted(kinds, key=_rank_of):
        own = [_of_kind(kind, stages) if usual[row] else None for row, stages in enumerate(edits)]
        shared.append(_stack(kind, own))
    alone = [OnRow(stages, row) for row, stages in enumerate(edits) if not usual[row]]
    return (*shared, *alone)


def _merge_tails(tails: dict[int, tuple[Temperature | Truncation, ...]]) -> list[tuple[tuple[int, ...], Tail]]:
    """Rows in the default order share one tail; the others are grouped by the order they have."""
    groups: dict[tuple[type[Any], ...], list[int]] = {}
    for row, stages in tails.items():
        order = () if _is_usual(stages) else tuple(type(stage) for stage in stages)
        groups.setdefault(order, []).append(row)
    return [(tuple(rows), _shared_tail([tails[row] for row in rows], order)) for order, rows in groups.items()]


def _shared_tail(tails: Sequence[tuple[Any, ...]], order: tuple[type[Any], ...]) -> Tail:
    if order:
        stages = [_stack(kind, stages) for kind, stages in zip(order, zip(*tails, strict=True), strict=True)]
    else:
        kinds = {type(stage) for stages in tails for stage in stages}
        stages = [_stack(kind, [_of_kind(kind, stages) for stages in tails]) for kind in sorted(kinds, key=_rank_of)]
    first = stages.pop(0) if isinstance(stages[0], Temperature) else Temperature()
    return Tail(first, stages, len(tails))


def _of_kind(kind: type[Any], stages: Sequence[Any]) -> Any:
    return next((stage for stage in stages if type(stage) is kind), None)


def _rank_of(kind: type[Any]) -> int:
    return _RANKS[kind]


def _is_usual(stages: Sequence[LogitsStage]) -> bool:
    """Whether these are stages of ORDER in that order, each at most once."""
    return all(type(stage) in _RANKS for stage in stages) and all(
        _rank_of(type(before)) < _rank_of(type(after)) for before, after in pairwise(stages)
    )


def _stack(kind: type[Any], stages: Sequence[Any]) -> Any:
    """One stage of this kind with each row's parameters; the defaults of a stage are what changes nothing."""
    nothing = kind()
    rows = [nothing if stage is None else stage for stage in stages]
    return kind(*(per_row([getattr(row, f.name) for row in rows]) for f in fields(kind)))
