"""The runner: everybody is asked, nobody is waited for too long, and what went wrong is told without the text."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hostile_guards import SKIP, Calling, Fixed, Hanging, Pattern, Quick, Raising, rule

from llmpost.contracts.guard import Finding, GuardContext, Progress, Span
from llmpost.guards.checking import inspected
from llmpost.guards.honesty import Dishonest, Read, honest_progress
from llmpost.guards.rule import Fallback, Guarding, Rule
from llmpost.guards.runner import Answer, Runner, Task

TEXT = "the secret 123"
SOON = 0.02
LATE = 60.0


def found(rule: Rule, deadline: float | None) -> tuple[Finding, ...]:
    return inspected(TEXT, GuardContext(), rule, deadline)


def ask(*rules: Rule, runner: Runner | None = None, **budget: Any) -> tuple[Answer[tuple[Finding, ...]], ...]:
    guarding = Guarding(rules, **budget)
    return (runner or Runner()).ask([Task(each, found) for each in rules], guarding)


@pytest.fixture
def hanging(request: pytest.FixtureRequest) -> Iterator[Hanging]:
    guard = Hanging(name=request.node.name)
    yield guard
    guard.go.set()  # nobody is left behind by a test


def threads_of(guard: Hanging) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == f"guard {guard.name}"]


def test_answers_come_in_the_order_of_tasks(hanging: Hanging) -> None:
    """Quick ones, slow ones and broken ones: each answer stands where its task stood."""
    answers = ask(
        rule(hanging, timeout_seconds=SOON),
        rule(Pattern(r"\d+", name="numbers")),
        rule(Pattern("secret", name="words"), timeout_seconds=LATE),
        rule(Raising()),
    )
    assert [answer.rule.guard.name for answer in answers] == [hanging.name, "numbers", "words", "raising"]
    assert [answer.value and answer.value[0].span for answer in answers] == [None, Span(11, 14), Span(4, 10), None]


def test_guards_with_deadlines_work_side_by_side() -> None:
    """Each of three waits for the other two: one after the other, none would ever answer."""
    meeting = threading.Barrier(3)

    def meet(text: str, context: GuardContext) -> Sequence[Finding]:
        meeting.wait(LATE)
        return ()

    answers = ask(*(rule(Calling(meet), timeout_seconds=LATE) for _ in range(3)))
    assert [answer.value for answer in answers] == [(), (), ()]


@pytest.mark.parametrize(
    "error", [ValueError, RecursionError, MemoryError, SystemExit, GeneratorExit, StopIteration, KeyboardInterrupt]
)
def test_no_error_leaves_a_thread(error: type[BaseException]) -> None:
    """Whatever a guard raises in its thread blocks the text, and is told by its kind alone."""
    (answer,) = ask(rule(Raising(error), timeout_seconds=LATE))
    (outcome,) = answer.troubles
    assert (outcome.status, outcome.why) == ("failed", f"raised {error.__name__}")
    assert answer.is_failed


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, SystemExit, GeneratorExit])
def test_no_error_takes_the_request_down(error: type[BaseException]) -> None:
    """The same of one that is asked in place; the text that its error quotes is nowhere."""
    (answer,) = ask(rule(Raising(error)))
    assert answer.is_failed
    assert "secret" not in repr(answer)


def test_a_person_may_interrupt() -> None:
    """Ctrl-C while a guard is asked in place is meant for the program."""
    with pytest.raises(KeyboardInterrupt):
        ask(rule(Raising(KeyboardInterrupt)))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "no sequence of findings"),
        ("text", "no sequence of findings"),
        (iter(()), "no sequence of findings"),
        (["finding"], "something that is no Finding"),
        ([Finding("fixed", "A", (1, 2))], "something that is no Finding"),  # type: ignore[arg-type]
        ([Finding("fixed", 7, Span(1, 2))], "a label or a reason that is no text"),  # type: ignore[arg-type]
        ([Finding("fixed", "A", Span(1, 2), reason=None)], "a label or a reason that is no text"),  # type: ignore[arg-type]
        ([Finding("fixed", "A", Span(-1, 2))], "a span outside the text"),
        ([Finding("fixed", "A", Span(3, 2))], "a span outside the text"),
        ([Finding("fixed", "A", Span(0, 15))], "a span outside the text"),
        ([Finding("fixed", "A", Span(0.0, 2))], "a place that is no whole number"),  # type: ignore[arg-type]
        ([Finding("fixed", "A", Span("0", 2))], "a place that is no whole number"),  # type: ignore[arg-type]
        ([Finding("fixed", "A", Span(0, 2), float("nan"))], "a score that is no number"),
        ([Finding("fixed", "A", Span(0, 2), float("inf"))], "a score that is no number"),
        ([Finding("fixed", "A", Span(0, 2), None)], "a score that is no number"),  # type: ignore[arg-type]
    ],
)
def test_lies_are_failures(given: Any, why: str) -> None:
    """An answer that no honest guard gives is no answer."""
    (answer,) = ask(rule(Fixed(given)))
    assert [outcome.why for outcome in answer.troubles] == [f"dishonest: {why}"]


def test_what_passes_is_plain() -> None:
    """Numbers of arrays become numbers, and a finding bears the name of the guard that was asked."""
    given = [Finding("somebody else", "A", Span(np.int64(1), np.int64(2)), np.float32(0.5))]  # type: ignore[arg-type]
    (answer,) = ask(rule(Fixed(given)))
    assert answer.value == (Finding("fixed", "A", Span(1, 2), 0.5),)
    (one,) = answer.value or ()
    assert {type(one.span.start), type(one.span.end)} == {int}
    assert type(one.score) is float


@pytest.mark.parametrize(
    ("progress", "why"),
    [
        ("done", "no Progress"),
        (Progress(None, (), 11), "a place settled that is not there, or was before"),
        (Progress(None, (), 3), "a place settled that is not there, or was before"),
        (Progress(None, (Finding("g", "A", Span(3, 6)),), 6), "dishonest reach"),
        (Progress(None, (Finding("g", "A", Span(5, 11)),), 6), "a span outside the text"),
    ],
)
def test_lies_about_progress(progress: Any, why: str) -> None:
    """What was settled stays settled, and what is settled is there."""
    with pytest.raises(Dishonest, match=why):
        honest_progress(progress, "g", Read(length=10, settled=4))


def test_everything_is_settled_at_the_end() -> None:
    """Whatever a guard says of it."""
    assert honest_progress(Progress(None, (), 5), "g", Read(10, 4, is_end=True)).settled == 10


def test_a_guard_that_hangs_is_left_behind(hanging: Hanging) -> None:
    """It costs its time and no more, and blocks as its rule says."""
    (answer,) = ask(rule(hanging, timeout_seconds=SOON))
    assert [(outcome.status, outcome.why) for outcome in answer.troubles] == [("failed", "no answer in its time")]


def test_threads_do_not_pile_up(hanging: Hanging) -> None:
    """A guard that hangs is asked a few times and then no more, until its calls have come back."""
    runner = Runner()
    one = rule(hanging, timeout_seconds=SOON)
    whys = [ask(one, runner=runner)[0].troubles[0].why for _ in range(6)]
    assert whys == ["no answer in its time"] * 4 + ["earlier calls have not come back"] * 2
    assert len(threads_of(hanging)) == 4
    hanging.go.set()
    for thread in threads_of(hanging):
        thread.join(LATE)
    assert ask(rule(hanging, timeout_seconds=LATE), runner=runner)[0].value == ()


def test_threads_die_with_the_program(hanging: Hanging) -> None:
    """Nobody waits at the end for a guard that was left behind."""
    ask(rule(hanging, timeout_seconds=SOON))
    assert [thread.daemon for thread in threads_of(hanging)] == [True]


def test_a_skip_is_told(hanging: Hanging) -> None:
    """Broken or late, the text goes on without it, and its outcome is skipped and never passed."""
    answers = ask(
        rule(Raising(), on_failure=SKIP),
        rule(Fixed(None), on_failure=SKIP),
        rule(hanging, timeout_seconds=SOON, on_timeout=SKIP),
    )
    assert [answer.troubles[0].status for answer in answers] == ["skipped"] * 3
    assert not any(answer.is_failed for answer in answers)


def test_another_is_asked() -> None:
    """`use` asks another guard, whose rule then holds; both are told."""
    other = rule(Pattern("secret", name="other"), "block")
    (answer,) = ask(rule(Raising(), on_failure=Fallback("use", other)))
    assert answer.rule is other
    assert [(outcome.guard, outcome.status) for outcome in answer.troubles] == [("raising", "skipped")]
    assert answer.troubles[0].why == "raised ValueError; other was asked instead"


def test_another_may_break_too() -> None:
    """Its own fallback holds in turn."""
    last = rule(Raising(name="last"))
    middle = rule(Fixed(None, name="middle"), on_failure=Fallback("use", last))
    (answer,) = ask(rule(Raising(name="first"), on_failure=Fallback("use", middle)))
    assert [(outcome.guard, outcome.status) for outcome in answer.troubles] == [
        ("first", "skipped"), ("middle", "skipped"), ("last", "failed"),
    ]  # fmt: skip


def test_a_long_way_of_others_ends() -> None:
    """However many stand in for each other, some few are asked, and then the text pays."""
    chain = rule(Raising())
    for _ in range(50):
        chain = rule(Raising(), on_failure=Fallback("use", chain))
    (answer,) = ask(chain)
    assert [outcome.status for outcome in answer.troubles] == ["skipped"] * 8 + ["failed"]


def test_all_have_a_time_together(hanging: Hanging) -> None:
    """Who has not answered by then is dealt with as the budget says, whatever its own rule says."""
    answers = ask(
        rule(hanging, on_timeout=SKIP), rule(Quick(lambda _, __: ())), total_seconds=SOON, on_timeout=Fallback("block")
    )
    assert [(one.status, one.why) for one in answers[0].troubles] == [("failed", "no answer in the time of all guards")]
    assert answers[1].value == ()


def test_own_time_is_over_first(hanging: Hanging) -> None:
    """A guard's own deadline and fallback hold where they are nearer than those of all."""
    (answer,) = ask(rule(hanging, timeout_seconds=SOON, on_timeout=SKIP), total_seconds=LATE)
    assert [(one.status, one.why) for one in answer.troubles] == [("skipped", "no answer in its time")]


def test_nobody_begins_when_the_time_is_over() -> None:
    """A quick guard is not even asked then; whoever stands in for it has time of its own."""
    now = [0.0]

    def slow(text: str, context: GuardContext) -> Sequence[Finding]:
        now[0] += 10.0
        return ()

    other = rule(Pattern("secret", name="other"))
    answers = ask(
        rule(Quick(slow, name="slow")),
        rule(Quick(slow, name="next")),
        runner=Runner(lambda: now[0]),
        total_seconds=5.0,
        on_timeout=Fallback("use", other),
    )
    assert (answers[0].value, answers[0].seconds) == ((), 10.0)
    assert answers[1].rule is other
    assert answers[1].value is not None
    assert now == [10.0]
