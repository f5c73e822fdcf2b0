"""Stages: what took how long on the way of a request, in the order of that way.

Guards look at a stream while it is written, so stages may have run side by side: each is as long as it took, and begins
where the one before ends. What decoding took is that of the whole batch in which the request ran.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llmpost.contracts.guard import Outcome
from llmpost.contracts.record import Record
from llmpost.pages.looks import Look
from llmpost.pages.tones import Tone, tone_of_status


@dataclass(frozen=True, slots=True)
class Stage:
    """`start` and `length` are shares of all stages together."""

    part: str
    """Of the way: prompt, decoding, answer."""
    name: str
    seconds: float
    told: str
    tone: Tone
    start: float = 0.0
    length: float = 0.0


def stages_of(record: Record, looks: Sequence[Look]) -> tuple[Stage, ...]:
    """Guards of the prompt, decoding, guards of each answer."""
    stages = [stage for look in looks if _is_before(look, record) for stage in _asked(look)]
    timings = record.timings
    if timings is not None:
        stages += [Stage("decoding", name, own, "", "plain") for name, own in timings.seconds_by_stage.items()]
    stages += [stage for look in looks if not _is_before(look, record) for stage in _asked(look)]
    return tuple(_laid_out(stages))


def _is_before(look: Look, record: Record) -> bool:
    return record.kind == "generate" and look.inspection.side == "input"


def _asked(look: Look) -> Iterator[Stage]:
    part = look.title.removeprefix("The ").removeprefix("An ")
    for outcome in look.inspection.verdict.outcomes:
        if outcome.side == look.inspection.side:
            yield Stage(part, outcome.guard, outcome.seconds, _told(outcome), tone_of_status(outcome.status))


def _told(outcome: Outcome) -> str:
    return f"{outcome.status}: {outcome.why}" if outcome.why else outcome.status


def _laid_out(stages: Sequence[Stage]) -> Iterator[Stage]:
    seconds = [max(stage.seconds, 0.0) if math.isfinite(stage.seconds) else 0.0 for stage in stages]
    whole, start = math.fsum(seconds) or 1.0, 0.0
    for stage, own in zip(stages, seconds, strict=True):
        yield Stage(stage.part, stage.name, stage.seconds, stage.told, stage.tone, start / whole, own / whole)
        start += own
