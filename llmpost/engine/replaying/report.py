"""Report: what another policy would have done to recorded texts, as plain values that never change.

Everything but `cost` is the same whenever the same records are replayed under the same policies, by however many
processes. No word of a text is in it, unless whoever asked wanted texts to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llmpost.contracts.guard import Side
from llmpost.contracts.result import plain
from llmpost.engine.replaying.comparing import Kind
from llmpost.engine.replaying.intervals import Interval
from llmpost.engine.replaying.tally import DrawnExample, Example

METHODS = (
    "Points: the share of texts after less that before, in percentage points, with Newcombe's interval for pairs "
    "(1998, method 10) at 95 %; p is McNemar's exact test, two-sided."
)


@dataclass(frozen=True, slots=True)
class PolicyName:
    """Who is compared."""

    name: str
    digest: str
    """Empty for what was recorded, which may be of many policies."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Of some texts those of which something is true, before and after."""

    before: int
    after: int
    of: int
    only_before: int
    only_after: int
    difference: float
    """The share after less the share before."""
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True)
class SideReport:
    """Of prompts, or of answers."""

    side: Side
    count: int
    kinds: Mapping[Kind, int]
    """All of them, the gravest first."""
    fates: Mapping[str, int]
    """By ``before>after``, each of shown, changed, asked_again and blocked."""
    blocked: Rate
    """Or asked again: what was not shown."""
    changed: Rate
    guards: Mapping[str, Rate]
    """Texts in which a guard found something, by its name."""
    labels: Mapping[str, Rate]
    examples: Mapping[Kind, tuple[Example, ...]]
    """The lowest hashes of their records' ids: no choice of anybody's."""

    @property
    def num_different(self) -> int:
        """Texts of which people would see something else, or nothing."""
        return self.count - self.kinds["same"] - self.kinds["found_otherwise"] - self.kinds["unsettled"]


@dataclass(frozen=True, slots=True)
class Totals:
    """What there was to replay."""

    read: int
    chosen: int
    """Of those read, what the sample has."""
    policies: Mapping[str, int]
    """Records by the policy that they were made under."""
    left_out: Mapping[str, int]
    """Answers that could not be replayed, by why not."""
    left_out_prompts: Mapping[str, int]
    damaged: int
    damages: tuple[str, ...]
    """The first places."""
    not_reproduced: int
    """Texts of which the policy that they were made under says something else now: detectors changed since, or a guard
    broke."""
    cut: int
    """Answers that a guard had ended while they were written."""


@dataclass(frozen=True, slots=True)
class DrawingReport:
    """Of answers whose logits were kept: whether the same tokens would have been drawn."""

    count: int
    kinds: Mapping[str, int]
    """``same`` throughout, ``differs`` at a step, ``undecided``: what was kept does not tell."""
    left_out: Mapping[str, int]
    num_steps: int
    num_undecided: int
    """Steps."""
    first_step: float | None
    """The step of the first difference: of half the answers that differ it is no later, within one per cent."""
    examples: Mapping[str, tuple[DrawnExample, ...]]


@dataclass(frozen=True, slots=True)
class Spread:
    """Of durations, in seconds, quantiles within one per cent; None where there are none."""

    count: int
    total: float
    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What guards took. It is measured, so that it is another one each time."""

    before: Spread
    """Of all guards of an answer: as recorded, where the old side is what was recorded."""
    after: Spread
    cpu_seconds: float
    """Of the whole replay, on all cores."""
    latency_before: Spread
    """Of requests, as recorded."""
    latency_after: Spread
    """As it would be by that, had nothing else changed."""


@dataclass(frozen=True, slots=True)
class Report:
    """
    >>> report = llmpost.replay("traces/", policy="strict.yaml")            # doctest: +SKIP
    >>> report.answers.kinds["newly_blocked"]                               # doctest: +SKIP
    12
    """

    before: PolicyName
    after: PolicyName
    totals: Totals
    answers: SideReport
    prompts: SideReport
    drawing: DrawingReport
    cost: Cost = field(compare=False)
    methods: str = METHODS

    @property
    def is_same(self) -> bool:
        """Whether nobody would have seen any difference, as far as can be told."""
        return not (self.answers.num_different or self.prompts.num_different or self.drawing.kinds["differs"])

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        told: dict[str, Any] = plain(self)
        return told
