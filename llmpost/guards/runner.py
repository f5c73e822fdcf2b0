"""The runner: asks guards side by side, gives each its time, and says how it fared where it gave no answer.

A guard without a time of its own is quick and is asked in place; one that has a deadline works in a thread that is left
behind when the time is over. Whatever a guard does wrong ends as its rule says and takes nobody else down. It knows
neither what is asked nor what an answer means.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import TIMEOUT_MAX, Event, Lock, Thread
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

from llmpost.contracts.guard import FollowingGuard, Outcome, Side
from llmpost.guards.honesty import Dishonest
from llmpost.guards.rule import Fallback, Guarding, Rule

T = TypeVar("T")

_MOST_LEFT_BEHIND = 4
"""Calls of one guard that may hang at a time: it is not asked again before one of them has come back."""
_MOST_FALLBACKS = 8

Trouble: TypeAlias = Literal["raised", "timeout", "dishonest"]


class Task(NamedTuple, Generic[T]):
    """Who is asked, and how: the call is given the rule of whoever answers, which may be a fallback's, and when
    its time is over.

    It returns what is worth relying on (`honesty`), or raises.
    """

    rule: Rule
    call: Callable[[Rule, float | None], T]


class Answer(NamedTuple, Generic[T]):
    """What came of a task."""

    rule: Rule
    """Of the guard that answered, or of the last that did not."""
    value: T | None
    """None where nobody answered."""
    seconds: float
    """Of the guard that answered."""
    troubles: tuple[Outcome, ...] = ()
    """Of every guard that gave no answer: ``failed`` where the text pays for it, ``skipped`` where it goes on."""

    @property
    def is_failed(self) -> bool:
        """Whether the text must not go on."""
        return any(outcome.status == "failed" for outcome in self.troubles)


class _Attempt(NamedTuple, Generic[T]):
    """One guard asked once."""

    value: T | None
    seconds: float
    trouble: Trouble | None = None
    why: str = ""
    is_over_budget: bool = False
    """The time of all was over, not its own."""


@dataclass(slots=True)
class _Asked(Generic[T]):
    """A task on its way through its fallbacks."""

    task: Task[T]
    rule: Rule
    end: float | None
    """When the time of all is over; whoever is asked because it was has only a time of its own."""
    troubles: list[Outcome] = field(default_factory=list)
    answer: Answer[T] | None = None


@dataclass(slots=True)
class _Call(Generic[T]):
    """A guard at work in a thread of its own."""

    begun: float
    end: float | None
    """When the time of all is over."""
    done: Event = field(default_factory=Event)
    attempt: _Attempt[T] | None = None
    is_left_behind: bool = False

    def until(self, rule: Rule) -> float | None:
        """When nobody waits any more, by the rule's own time or by that of all."""
        own = None if rule.timeout_seconds is None else self.begun + rule.timeout_seconds
        return earlier(own, self.end)


class Runner:
    """Shared by all requests that may ask the same guards: it remembers who has not come back.

    >>> context = GuardContext()
    >>> call = lambda rule, deadline: rule.guard.inspect("text", context.by(deadline))
    >>> answers = Runner().ask([Task(rule, call)], Guarding())
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = Lock()
        self._left_behind: dict[int, int] = {}
        """How many calls of a guard hang, by its id, which is nobody else's as long as they do."""

    def ask(
        self, tasks: Sequence[Task[T]], guarding: Guarding, side: Side = "output", deadline: float | None = None
    ) -> tuple[Answer[T], ...]:
        """One answer for each task, in their order. Never raises what a guard raised. `deadline`: of the request."""
        total = guarding.total_seconds
        end = earlier(deadline, None if total is None else self.clock() + total)
        every = [_Asked(task, task.rule, end) for task in tasks]
        while waiting := [one for one in every if one.answer is None]:
            for one, attempt in zip(waiting, self._attempts(waiting), strict=True):
                _take(one, attempt, guarding, side)
        return tuple(one.answer for one in every if one.answer is not None)

    def _attempts(self, asked: Sequence[_Asked[T]]) -> list[_Attempt[T]]:
        """Those with a deadline set out first, so that they work while the others do."""
        calls = {place: self._begun(one) for place, one in enumerate(asked) if not _is_quick(one)}
        if not calls:  # nearly always
            return [self._in_place(one) for one in asked]
        attempts = {place: self._in_place(one) for place, one in enumerate(asked) if place not in calls}
        attempts |= {place: self._awaited(call, asked[place]) for place, call in calls.items()}
        return [attempts[place] for place in range(len(asked))]

    def _in_place(self, one: _Asked[T]) -> _Attempt[T]:
        is_over = one.end is not None and self.clock() >= one.end
        return _late(0.0, True) if is_over else self._tried(one.task, one.rule, one.end)

    def _tried(self, task: Task[T], rule: Rule, deadline: float | None) -> _Attempt[T]:
        """Asked, whatever happens. Somebody who presses Ctrl-C does not mean the guard."""
        begun = self.clock()
        try:
            return _Attempt(task.call(rule, deadline), self.clock() - begun)
        except KeyboardInterrupt:
            raise
        except Dishonest as lie:
            return _Attempt(None, self.clock() - begun, "dishonest", lie.why)
        except BaseException as error:  # a guard may exit, recurse or eat memory: it does so alone
            # What an error says may quote the text: only its kind is told.
            return _Attempt(None, self.clock() - begun, "raised", f"raised {type(error).__name__}")

    def _begun(self, one: _Asked[T]) -> _Call[T]:
        task, rule = one.task, one.rule
        call: _Call[T] = _Call(self.clock(), one.end)
        if self._left_behind.get(id(rule.guard), 0) >= _MOST_LEFT_BEHIND:
            call.attempt = _Attempt(None, 0.0, "timeout", "earlier calls have not come back")
            return call
        try:
            Thread(target=self._work, args=(call, task, rule), name=f"guard {rule.guard.name}", daemon=True).start()
        except (RuntimeError, MemoryError) as error:  # no thread is to be had
            call.attempt = _Attempt(None, 0.0, "raised", f"raised {type(error).__name__}")
        return call

    def _work(self, call: _Call[T], task: Task[T], rule: Rule) -> None:
        try:
            attempt = self._tried(task, rule, call.until(rule))
        except KeyboardInterrupt:  # in a thread nobody pressed anything
            attempt = _Attempt(None, self.clock() - call.begun, "raised", "raised KeyboardInterrupt")
        with self._lock:
            call.attempt = attempt
            if call.is_left_behind:
                self._count(rule, -1)
        call.done.set()

    def _awaited(self, call: _Call[T], one: _Asked[T]) -> _Attempt[T]:
        """Its answer, or that it took too long, by its own time or by that of all, whichever is over first."""
        until = call.until(one.rule)
        if call.attempt is None:
            call.done.wait(TIMEOUT_MAX if until is None else min(max(until - self.clock(), 0.0), TIMEOUT_MAX))
        with self._lock:
            if call.attempt is None:
                call.is_left_behind = True
                self._count(one.rule, 1)
                return _late(self.clock() - call.begun, until == one.end)
            return call.attempt

    def _count(self, rule: Rule, difference: int) -> None:
        number = self._left_behind.pop(id(rule.guard), 0) + difference
        if number:
            self._left_behind[id(rule.guard)] = number


def earlier(one: float | None, other: float | None) -> float | None:
    """Of two ends the one that comes first; None: never.

    >>> earlier(3.0, None)
    3.0
    """
    return one if other is None else other if one is None else min(one, other)


def _is_quick(one: _Asked[T]) -> bool:
    """Asked in place: without a time of its own, and, where all have one together, made to follow a stream."""
    return one.rule.timeout_seconds is None and (one.end is None or isinstance(one.rule.guard, FollowingGuard))


def _late(seconds: float, is_over_budget: bool) -> _Attempt[T]:
    why = "no answer in the time of all guards" if is_over_budget else "no answer in its time"
    return _Attempt(None, seconds, "timeout", why, is_over_budget)


def _take(one: _Asked[T], attempt: _Attempt[T], guarding: Guarding, side: Side) -> None:
    """The answer is there, or the next who is to be asked."""
    rule = one.rule
    if attempt.trouble is None:
        one.answer = Answer(rule, attempt.value, attempt.seconds, tuple(one.troubles))
        return
    fallback = _fallback(rule, attempt, guarding)
    is_used = fallback.kind == "use" and fallback.rule is not None and len(one.troubles) < _MOST_FALLBACKS
    goes_on = is_used or fallback.kind == "skip"
    why = attempt.why
    if is_used and fallback.rule is not None:
        one.rule = fallback.rule
        one.end = None if attempt.is_over_budget else one.end
        why = f"{why}; {one.rule.guard.name} was asked instead"
    one.troubles.append(Outcome(rule.guard.name, "skipped" if goes_on else "failed", attempt.seconds, why, side))
    if not is_used:
        one.answer = Answer(rule, None, attempt.seconds, tuple(one.troubles))


def _fallback(rule: Rule, attempt: _Attempt[T], guarding: Guarding) -> Fallback:
    if attempt.is_over_budget:
        return guarding.on_timeout
    return rule.on_timeout if attempt.trouble == "timeout" else rule.on_failure
