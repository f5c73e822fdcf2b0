"""The panel: all guards of a stream, asked about each piece, each as far as it has come.

It keeps their readings, their time and what came of those that broke, and hands on what was found. What is done about
that, and what of the text may leave, is the release window's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from llmpost.contracts.guard import GuardContext, Progress
from llmpost.guards.held_text import HeldText
from llmpost.guards.honesty import DishonestReach
from llmpost.guards.rule import Guarding, Rule
from llmpost.guards.rule_reading import Piece, Reading
from llmpost.guards.runner import Answer, Task, earlier
from llmpost.guards.tools import Tools
from llmpost.guards.weighed import Weighed, weigh

Heard: TypeAlias = tuple[Reading, Progress]
"""Who has read, and what it says."""


@dataclass(frozen=True, slots=True)
class _Round:
    """One piece, on its way to all guards."""

    piece: Piece
    held: HeldText
    context: GuardContext
    is_late: Callable[[], bool]
    """Whether the time that all have together is over."""
    confessed: list[Weighed] = field(default_factory=list)
    """What was found too late: it counts, whatever becomes of the guard."""

    def call(self, reading: Reading, rule: Rule, deadline: float | None) -> Heard:
        """By the rule of whoever answers. Who is asked in another's place reads what has not left."""
        piece = self.piece
        if rule.guard is not reading.rule.guard:
            text = self.held.with_what_left(rule.guard.context)
            reading = Reading.begin(rule, piece.end - len(text), is_in_time=not self.is_late())
            piece = replace(piece, text=text)
        try:
            return reading, reading.read(piece, self.context.by(deadline))
        except DishonestReach as lie:
            self.confessed.extend(weigh(finding.moved(reading.start), reading.rule) for finding in lie.findings)
            raise


class Panel:
    """The guards of one text. `held` is what has not left of it, the piece that is read included."""

    def __init__(self, guarding: Guarding, context: GuardContext, tools: Tools) -> None:
        self._guarding = guarding
        self._context = context
        self._runner = tools.runner
        self._deadline = tools.deadline
        self._readings = [Reading.begin(rule) for rule in guarding.rules if context.side in rule.sides]
        self._seconds = 0.0

    @property
    def answers(self) -> list[Answer[str]]:
        """How each has fared so far."""
        return [reading.answer() for reading in self._readings]

    @property
    def has_failed(self) -> bool:
        """Whether one broke whose rule makes the text pay for it."""
        return any(outcome.status == "failed" for reading in self._readings for outcome in reading.troubles)

    @property
    def most_context(self) -> int:
        """So many characters that have left must be remembered, for those who may be asked in another's place."""
        return max((size for reading in self._readings for size in _contexts(reading.rule)), default=0)

    def settled(self, length: int) -> int:
        """Nothing will be found any more that begins before this, in a text of such a length so far."""
        return min((reading.settled for reading in self._readings if not reading.is_over), default=length)

    def read(self, piece: Piece, held: HeldText) -> list[Weighed]:
        """What is found now, by all; some of it may begin in what has left, where a guard lied or was replaced."""
        context = self._context
        due = [one for one in self._readings if not one.is_over and not one.keeps(piece, context)]
        found: list[Weighed] = []
        for is_in_time, total in ((True, self._seconds_left()), (False, None)):
            asked = [reading for reading in due if reading.is_in_time == is_in_time]
            if asked:
                found += self._ask(asked, total, piece, held)
        return found

    def stop(self, why: str) -> None:
        for reading in self._readings:
            reading.stop(why, self._context.side)

    def _seconds_left(self) -> float | None:
        """Of the time of all, and of that of the request."""
        total, deadline = self._guarding.total_seconds, self._deadline
        own = None if total is None else total - self._seconds
        left = earlier(own, None if deadline is None else deadline - self._runner.clock())
        return None if left is None else max(0.0, left)

    def _ask(self, readings: list[Reading], total: float | None, piece: Piece, held: HeldText) -> list[Weighed]:
        guarding, clock = self._guarding, self._runner.clock
        if total != guarding.total_seconds:
            guarding = replace(guarding, total_seconds=total)
        begun = clock()
        turn = _Round(piece, held, self._context, lambda: total is not None and clock() - begun >= total)
        tasks = [Task(reading.asked(), partial(turn.call, reading)) for reading in readings]
        answers = self._runner.ask(tasks, guarding, self._context.side)
        self._seconds += clock() - begun
        found = turn.confessed
        for reading, answer in zip(readings, answers, strict=True):
            found += self._taken(reading, answer)
        return found

    def _taken(self, reading: Reading, answer: Answer[Heard]) -> Sequence[Weighed]:
        """The reading goes on, or another in its place; what was found is weighed by the rule of who found it."""
        if answer.value is None:
            reading.is_over = True
            reading.troubles += answer.troubles
            return ()
        after, progress = answer.value
        after.go_on(progress)
        after.seconds += answer.seconds
        if after is not reading:
            after.troubles = (*reading.troubles, *answer.troubles)
            self._readings[self._readings.index(reading)] = after
        return [weigh(finding, after.rule) for finding in progress.findings]


def _contexts(rule: Rule) -> Iterator[int]:
    """Of all who may be asked in a rule's place, and in theirs."""
    for fallback in (rule.on_failure, rule.on_timeout):
        if fallback.rule is not None:
            yield fallback.rule.guard.context
            yield from _contexts(fallback.rule)
