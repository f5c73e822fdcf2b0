"""Retrial: records before two policies, one after the other, and what came of it counted.

It is the work of one process. The old side is what a record tells of itself, or another policy asked again. It knows
neither files nor other processes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from llmpost.contracts.action import ENDS_TEXT
from llmpost.contracts.record import Record
from llmpost.engine.replaying.asked import Asked, NotKept, Open, answer_of, prompts_of
from llmpost.engine.replaying.comparing import kind_of
from llmpost.engine.replaying.drawing.facts import Drawn
from llmpost.engine.replaying.opening import opened_text
from llmpost.engine.replaying.remembering import Spared
from llmpost.engine.replaying.rerun import Rerun, UnknownSchema
from llmpost.engine.replaying.seen import Seen
from llmpost.engine.replaying.tally import Example, Side, SideTally, Tally, hash_of, rank_of
from llmpost.traces import Sealer

_SHOWN = 2_000
"""Characters of a text that an example shows."""
_WHOLE = 1 << 64
_UNCERTAIN = "its record does not tell what became of it"
_UNKNOWN_SCHEMA = "a JSON document whose schema is not at hand"


class Drawer(Protocol):
    """What draws recorded tokens once more (`drawing`)."""

    def drawn(self, record: Record) -> Drawn | None:
        """None where no logits were kept; NotKept where the record does not tell enough."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Two policies, and how their work is told."""

    after: Rerun
    before: Rerun | None
    """None: what was recorded."""
    spared: Spared
    sealer: Sealer | None = None
    """Opens what is sealed, where there is a key."""
    before_digest: str = ""
    drawer: Drawer | None = None
    """Draws tokens once more, where a model's facts are at hand."""
    num_examples: int = 5
    shows_text: bool = False
    share: float = 1.0
    seed: int = 0

    def chooses(self, record: Record) -> bool:
        """Whether the sample has it, with all its candidates; the same whoever asks."""
        return self.share >= 1 or int(hash_of(f"{self.seed} {record.id}"), 16) < self.share * _WHOLE


@dataclass(slots=True)
class Retrial:
    """Counts as it goes; whoever wants to know asks for its `tally`."""

    trial: Trial
    tally: Tally = field(default_factory=Tally)

    def add(self, record: Record) -> None:
        """One record more, with its prompt and its answer."""
        tally = self.tally
        tally.read += 1
        if not self.trial.chooses(record):
            return
        tally.chosen += 1
        tally.add_policy(f"{record.trace.policy}@{record.trace.policy_digest[:12]}")
        opened = partial(opened_text, record, self.trial.sealer)
        self._add_answer(record, opened)
        if self.trial.drawer is not None and record.kind == "generate":
            self._add_drawn(record, self.trial.drawer)
        if self._has_prompt(record):
            self._add_prompts(record, opened)

    def _add_answer(self, record: Record, open_kept: Open) -> None:
        try:
            asked = answer_of(record, open_kept)
            before, after = self._tried(asked, record)
        except NotKept as missing:
            _count(self.tally.left_out, str(missing))
            return
        side = self.tally.answers if asked.context.side == "output" else self.tally.prompts
        self._compare(side, record, asked, (before, after))
        if asked.is_streamed and asked.recorded is not None and asked.recorded.verdict.action in ENDS_TEXT:
            self.tally.cut += 1
        if record.timings is not None:
            seconds = record.timings.total_seconds
            self.tally.latency_before.add(seconds)
            self.tally.latency_after.add(max(0.0, seconds + after.seconds - before.seconds))

    def _add_drawn(self, record: Record, drawer: Drawer) -> None:
        try:
            drawn = drawer.drawn(record)
        except NotKept as missing:
            _count(self.tally.drawing.left_out, str(missing))
            return
        if drawn is not None:
            self.tally.drawing.add(record, drawn, self.trial.num_examples)

    def _add_prompts(self, record: Record, open_kept: Open) -> None:
        try:
            for asked in prompts_of(record, open_kept):
                self._compare(self.tally.prompts, record, asked, self._tried(asked, record))
        except NotKept as missing:
            _count(self.tally.left_out_prompts, str(missing))

    def _has_prompt(self, record: Record) -> bool:
        """Whether anybody looks, or looked, at what came in."""
        trial = self.trial
        if trial.before is None:
            return "input" in trial.after.sides or bool(record.inputs)
        return "input" in trial.after.sides or "input" in trial.before.sides

    def _tried(self, asked: Asked, record: Record) -> tuple[Seen, Seen]:
        """Before and after; NotKept where either is not to be had."""
        before = asked.recorded
        try:
            if self.trial.before is not None:
                before = self._seen(self.trial.before, asked)
                self._check_reproduced(before, asked, record)
            if before is None:
                raise NotKept(_UNCERTAIN)
            after = self._seen(self.trial.after, asked)
        except UnknownSchema:
            raise NotKept(_UNKNOWN_SCHEMA) from None
        return before, after

    def _seen(self, rerun: Rerun, asked: Asked) -> Seen:
        """What became of it; what it took is told as if nobody had been asked before."""
        seen = rerun.seen(asked)
        spared = self.trial.spared.taken()
        return replace(seen, spared_seconds=spared) if spared else seen

    def _check_reproduced(self, before: Seen, asked: Asked, record: Record) -> None:
        """What the same policy says now should be what it said then."""
        if asked.recorded is not None and record.trace.policy_digest == self.trial.before_digest:
            self.tally.not_reproduced += kind_of(asked.recorded, before) not in ("same", "unsettled")

    def _compare(self, side: SideTally, record: Record, asked: Asked, seen: tuple[Seen, Seen]) -> None:
        before, after = seen
        kind = kind_of(before, after)
        side.add(before, after, kind)
        if kind == "same":
            return
        rank = rank_of(record)
        if side.wants_example(kind, rank, self.trial.num_examples):
            text = asked.text[:_SHOWN] if self.trial.shows_text else None
            side.add_example(kind, Example(*rank, Side.of(before), Side.of(after), text), self.trial.num_examples)


def _count(counts: dict[str, int], why: str) -> None:
    counts[why] = counts.get(why, 0) + 1
