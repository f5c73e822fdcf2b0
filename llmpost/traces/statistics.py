"""Traces in numbers: how requests ended, what was decided, how guards fared, and how long everything took.

Records are added one by one and none is kept: memory is bounded however many there are, and whatever names stand in
them. Statistics of parts, merged, are those of the whole. It reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from llmpost.contracts.guard import Outcome
from llmpost.contracts.record import Record
from llmpost.traces.damage import Damage
from llmpost.traces.named import ByName, Counts
from llmpost.traces.quantiles import Quantiles

SHARES = (0.5, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class GuardStatistics:
    """How a guard fared."""

    outcomes: Counts = field(default_factory=Counts)
    seconds: Quantiles = field(default_factory=Quantiles)
    """Of those runs that took any time: who was not asked has none."""
    whys: Counts = field(default_factory=Counts)
    """Of skips and failures: late, broken, or not asked for want of time."""

    def add(self, outcome: Outcome) -> None:
        self.outcomes.add(outcome.status)
        if outcome.seconds > 0:
            self.seconds.add(outcome.seconds)
        if outcome.why:
            self.whys.add(outcome.why)

    def merge(self, other: GuardStatistics) -> None:
        self.outcomes.merge(other.outcomes)
        self.seconds.merge(other.seconds)
        self.whys.merge(other.whys)

    def told(self) -> dict[str, Any]:
        return {"outcomes": self.outcomes.told(), "seconds": told(self.seconds), "why": self.whys.told()}


@dataclass(slots=True)
class Statistics:
    """
    >>> statistics = Statistics()
    >>> statistics.told()["requests"]
    0
    """

    num_requests: int = 0
    num_records: int = 0
    """One for each candidate."""
    first: float | None = None
    last: float | None = None
    """When the first and the last of them was over."""
    kinds: Counts = field(default_factory=Counts)
    ends: Counts = field(default_factory=Counts)
    actions: Counts = field(default_factory=Counts)
    policies: Counts = field(default_factory=Counts)
    models: Counts = field(default_factory=Counts)
    errors: Counts = field(default_factory=Counts)
    damage: Counts = field(default_factory=Counts)
    guards: ByName[GuardStatistics] = field(default_factory=lambda: ByName(GuardStatistics))
    times: ByName[Quantiles] = field(default_factory=lambda: ByName(Quantiles))
    """Of requests: the whole of them, decoding, the first token."""
    stages: ByName[Quantiles] = field(default_factory=lambda: ByName(Quantiles))
    """Of decoding."""
    tokens_per_second: Quantiles = field(default_factory=Quantiles)

    def add(self, record: Record) -> None:
        """What candidates of a request share is counted once."""
        self.num_records += 1
        self.num_requests += not record.candidate
        self.first = record.at if self.first is None else min(self.first, record.at)
        self.last = record.at if self.last is None else max(self.last, record.at)
        self._add_names(record)
        for outcome in _outcomes(record):
            self.guards.of(outcome.guard).add(outcome)
        if not record.candidate:
            self._add_times(record)

    def add_damage(self, damage: Damage) -> None:
        self.damage.add(damage.what)

    def merge(self, other: Statistics) -> None:
        """As if all that was added there had been added here."""
        self.num_requests += other.num_requests
        self.num_records += other.num_records
        self.first = min((at for at in (self.first, other.first) if at is not None), default=None)
        self.last = max((at for at in (self.last, other.last) if at is not None), default=None)
        for name in ("kinds", "ends", "actions", "policies", "models", "errors", "damage", "tokens_per_second"):
            getattr(self, name).merge(getattr(other, name))
        self.guards.merge(other.guards, GuardStatistics.merge)
        self.times.merge(other.times, Quantiles.merge)
        self.stages.merge(other.stages, Quantiles.merge)

    def told(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        return {
            "requests": self.num_requests,
            "records": self.num_records,
            "first": self.first,
            "last": self.last,
            "kinds": self.kinds.told(),
            "finish_reasons": self.ends.told(),
            "actions": self.actions.told(),
            "policies": self.policies.told(),
            "models": self.models.told(),
            "errors": self.errors.told(),
            "damage": self.damage.told(),
            "guards": {name: own.told() for name, own in self.guards.items()},
            "seconds": {name: told(own) for name, own in self.times.items()},
            "stage_seconds": {name: told(own) for name, own in self.stages.items()},
            "tokens_per_second": told(self.tokens_per_second),
        }

    def _add_names(self, record: Record) -> None:
        trace = record.trace
        self.kinds.add(record.kind)
        self.actions.add(record.verdict.action)
        self.policies.add(f"{trace.policy}@{trace.policy_digest[:12]}")
        said = ((self.ends, record.finish_reason), (self.models, trace.model), (self.errors, record.error))
        for counts, name in said:
            if name:
                counts.add(name)

    def _add_times(self, record: Record) -> None:
        timings = record.timings
        if record.seconds > 0:
            self.times.of("request").add(record.seconds)
        if timings is None or not timings.num_forwards:
            return
        self.times.of("decoding").add(timings.total_seconds)
        if timings.first_token_seconds is not None:
            self.times.of("first token").add(timings.first_token_seconds)
        for name, seconds in timings.seconds_by_stage.items():
            self.stages.of(name).add(seconds)
        if timings.total_seconds > 0:
            self.tokens_per_second.add(record.usage.completion_tokens / timings.total_seconds)


def told(sketch: Quantiles) -> dict[str, float | int | None]:
    """What is told of a sketch."""
    quantiles = {f"p{100 * share:.0f}": sketch.at(share) for share in SHARES}
    return {"count": sketch.count, "mean": sketch.mean, **quantiles}


def _outcomes(record: Record) -> Iterator[Outcome]:
    """Of every guard each time that it was asked; those of the prompt once for all candidates."""
    if not record.trace.inspections:
        yield from record.verdict.outcomes
    for inspection in record.trace.inspections:
        if not (record.candidate and inspection.side == "input"):
            yield from inspection.verdict.outcomes
