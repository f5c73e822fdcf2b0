"""Tally: all that is counted about replayed records; a part of them counted anywhere adds up with the others.

It holds numbers, names and a few examples, and never grows beyond a bound, however many records there are: of names and
examples those with the lowest hashes stay, so that which ones stay does not depend on who counted what. What the
numbers mean is told by `reporting`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TypeVar

from llmpost.contracts.action import ActionKind
from llmpost.contracts.guard import Finding
from llmpost.contracts.inspection import Change
from llmpost.contracts.record import Record
from llmpost.engine.replaying.comparing import Kind
from llmpost.engine.replaying.drawing.facts import Drawn
from llmpost.engine.replaying.intervals import Pairs
from llmpost.engine.replaying.seen import Seen
from llmpost.traces.quantiles import Quantiles

V = TypeVar("V")
E = TypeVar("E", "Example", "DrawnExample")
MOST_NAMES = 256
"""Of labels, guards and policies; a trace may be anybody's."""
MOST_PLACES = 20
_MOST_SPANS = 20
_HASH_BYTES = 8


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides of an example: what was found and done."""

    action: ActionKind
    decided_by: str | None
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, seen: Seen) -> Side:
        """The first of many; what a finding says in words stays with its guard."""
        verdict = seen.verdict
        return cls(verdict.action, verdict.decided_by, verdict.findings[:_MOST_SPANS], seen.changes[:_MOST_SPANS])


@dataclass(frozen=True, slots=True)
class Example:
    """A text that is told of, by the id of its record."""

    hash: str
    id: str
    candidate: int
    before: Side
    after: Side
    text: str | None = None
    """Its beginning, where whoever asked wants to see texts."""

    @property
    def rank(self) -> tuple[str, str, int]:
        return self.hash, self.id, self.candidate


@dataclass(slots=True)
class SideTally:
    """About the texts of one side, prompts or answers."""

    count: int = 0
    kinds: dict[Kind, int] = field(default_factory=dict)
    fates: dict[str, int] = field(default_factory=dict)
    """By ``before>after``."""
    blocked: Pairs = field(default_factory=Pairs)
    changed: Pairs = field(default_factory=Pairs)
    guards: dict[str, Pairs] = field(default_factory=dict)
    """By name: texts in which it found something."""
    labels: dict[str, Pairs] = field(default_factory=dict)
    examples: dict[Kind, list[Example]] = field(default_factory=dict)
    before: Quantiles = field(default_factory=Quantiles)
    """Of all guards of a text."""
    after: Quantiles = field(default_factory=Quantiles)

    def add(self, before: Seen, after: Seen, kind: Kind) -> None:
        then, now = before.fate, after.fate
        was_changed = then == "shown" and bool(before.changes)
        is_changed = now == "shown" and bool(after.changes)
        fates = f"{'changed' if was_changed else then}>{'changed' if is_changed else now}"
        self.count += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.fates[fates] = self.fates.get(fates, 0) + 1
        self.blocked.add(then != "shown", now != "shown")
        self.changed.add(was_changed, is_changed)
        if before.verdict.findings or after.verdict.findings:
            _add_pairs(self.guards, *({one.guard for one in seen.verdict.findings} for seen in (before, after)))
            _add_pairs(self.labels, *({one.label for one in seen.verdict.findings} for seen in (before, after)))
        self.before.add(before.seconds)
        self.after.add(after.seconds)

    def merge(self, other: SideTally, num_examples: int) -> None:
        self.count += other.count
        add_counts(self.kinds, other.kinds)
        add_counts(self.fates, other.fates)
        self.blocked.merge(other.blocked)
        self.changed.merge(other.changed)
        _merge_pairs(self.guards, other.guards)
        _merge_pairs(self.labels, other.labels)
        for kind, examples in other.examples.items():
            self.examples[kind] = lowest([*self.examples.get(kind, ()), *examples], num_examples)
        self.before.merge(other.before)
        self.after.merge(other.after)

    def wants_example(self, kind: Kind, rank: tuple[str, str, int], num_examples: int) -> bool:
        """Whether one of this rank would be among those that stay."""
        known = self.examples.get(kind, [])
        return kind != "same" and (len(known) < num_examples or (bool(known) and rank < known[-1].rank))

    def add_example(self, kind: Kind, example: Example, num_examples: int) -> None:
        self.examples[kind] = lowest([*self.examples.get(kind, ()), example], num_examples)


@dataclass(frozen=True, slots=True)
class DrawnExample:
    """An answer of which another token would have been drawn, or of which that cannot be told."""

    hash: str
    id: str
    candidate: int
    step: int | None

    @property
    def rank(self) -> tuple[str, str, int]:
        return self.hash, self.id, self.candidate


@dataclass(slots=True)
class DrawingTally:
    """About answers whose logits were kept."""

    kinds: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    num_steps: int = 0
    num_undecided: int = 0
    first_steps: Quantiles = field(default_factory=Quantiles)
    """At which another token would have been drawn."""
    examples: dict[str, list[DrawnExample]] = field(default_factory=dict)

    def add(self, record: Record, drawn: Drawn, num_examples: int) -> None:
        self.kinds[drawn.kind] = self.kinds.get(drawn.kind, 0) + 1
        self.num_steps += drawn.num_steps
        self.num_undecided += drawn.num_undecided
        if drawn.kind == "differs" and drawn.step is not None:
            self.first_steps.add(float(drawn.step))
        if drawn.kind != "same":
            rank = rank_of(record)
            self._keep(drawn.kind, [DrawnExample(*rank, drawn.step)], num_examples)

    def merge(self, other: DrawingTally, num_examples: int) -> None:
        add_counts(self.kinds, other.kinds)
        add_counts(self.left_out, other.left_out)
        self.num_steps += other.num_steps
        self.num_undecided += other.num_undecided
        self.first_steps.merge(other.first_steps)
        for kind, examples in other.examples.items():
            self._keep(kind, examples, num_examples)

    def _keep(self, kind: str, examples: list[DrawnExample], num_examples: int) -> None:
        self.examples[kind] = lowest([*self.examples.get(kind, ()), *examples], num_examples)


@dataclass(slots=True)
class Tally:
    """Everything about some records."""

    read: int = 0
    chosen: int = 0
    """Of those read, what the sample has."""
    policies: dict[str, int] = field(default_factory=dict)
    """Under which the records were made, as ``name@digest``."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Answers that cannot be replayed, by why not."""
    left_out_prompts: dict[str, int] = field(default_factory=dict)
    damaged: int = 0
    damages: list[str] = field(default_factory=list)
    """The first places."""
    answers: SideTally = field(default_factory=SideTally)
    prompts: SideTally = field(default_factory=SideTally)
    drawing: DrawingTally = field(default_factory=DrawingTally)
    not_reproduced: int = 0
    """Texts of which the policy that they were made under says something else now."""
    cut: int = 0
    """Answers that a guard had ended while they were written: what would have followed nobody knows."""
    cpu_seconds: float = 0.0
    """Of all that was done to count this."""
    latency_before: Quantiles = field(default_factory=Quantiles)
    latency_after: Quantiles = field(default_factory=Quantiles)

    def merge(self, other: Tally, num_examples: int) -> None:
        """Add what was counted about the records that follow."""
        self.read += other.read
        self.chosen += other.chosen
        add_counts(self.policies, other.policies)
        keep_bounded(self.policies)
        add_counts(self.left_out, other.left_out)
        add_counts(self.left_out_prompts, other.left_out_prompts)
        self.damaged += other.damaged
        self.damages = [*self.damages, *other.damages][:MOST_PLACES]
        self.answers.merge(other.answers, num_examples)
        self.prompts.merge(other.prompts, num_examples)
        self.drawing.merge(other.drawing, num_examples)
        self.not_reproduced += other.not_reproduced
        self.cut += other.cut
        self.cpu_seconds += other.cpu_seconds
        self.latency_before.merge(other.latency_before)
        self.latency_after.merge(other.latency_after)

    def add_damage(self, place: str) -> None:
        self.damaged += 1
        if len(self.damages) < MOST_PLACES:
            self.damages.append(place)

    def add_policy(self, name: str) -> None:
        if name not in self.policies:
            keep_bounded(self.policies)
            self.policies[name] = 0
        self.policies[name] += 1


def hash_of(name: str) -> str:
    """The same for the same name on every machine."""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).hexdigest()


def rank_of(record: Record) -> tuple[str, str, int]:
    """By which examples are chosen."""
    return hash_of(f"{record.id} {record.candidate}"), record.id, record.candidate


def lowest(examples: Iterable[E], count: int) -> list[E]:
    """By rank, each once."""
    return nsmallest(count, {example.rank: example for example in examples}.values(), key=lambda one: one.rank)


def add_counts(counts: dict[V, int], more: dict[V, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def bounded(named: dict[str, V]) -> dict[str, V]:
    """Those that stay, by name."""
    if len(named) <= MOST_NAMES:
        return dict(sorted(named.items()))
    return dict(sorted(nsmallest(MOST_NAMES, named.items(), key=lambda item: (hash_of(item[0]), item[0]))))


def keep_bounded(named: dict[str, V]) -> None:
    """Let go of names that cannot stay. Not each time: that would cost more than they do."""
    if len(named) > 2 * MOST_NAMES:
        left = bounded(named)
        named.clear()
        named.update(left)


def _add_pairs(pairs: dict[str, Pairs], before: set[str], after: set[str]) -> None:
    for name in before | after:
        if name not in pairs:
            keep_bounded(pairs)
            pairs[name] = Pairs()
        pairs[name].add(name in before, name in after)


def _merge_pairs(pairs: dict[str, Pairs], other: dict[str, Pairs]) -> None:
    for name, own in other.items():
        pairs.setdefault(name, Pairs()).merge(own)
    keep_bounded(pairs)
