"""``llmpost policy test``: policies tried on cases, and told where something else came than was expected.

What is told quotes no text of a case, unless that is asked for: cases may be made of real ones. Running them is the
business of `engine.cases`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmpost.cli.console import Console
from llmpost.cli.policy.case_files import cases_beside, read_case_file
from llmpost.cli.policy.junit import junit_of
from llmpost.cli.policy.test_options import Order
from llmpost.cli.printing import json_line, visible
from llmpost.cli.progress import Progress
from llmpost.engine import Checker
from llmpost.engine.cases import Case, CaseOutcome, Miss, Trial, run_case, untimed
from llmpost.errors import RequestError
from llmpost.policy import Policy

_FINE, _FAILED = 0, 1


def run(order: Order, console: Console) -> int:
    """The exit code."""
    tasks = [_Task.of(word, order) for word in order.words]  # what is wrong with any of them is said before anything
    progress = Progress(sum(len(task.cases) for task in tasks), console.stderr, "cases")
    try:
        trials = [_tried(task, progress) for task in tasks]
    finally:
        progress.close()
    for trial in trials:
        for line in _json_lines(trial, order) if order.is_json else _lines(trial, order):
            console.stdout.write(f"{visible(line) if console.stdout.isatty() else line}\n")
    if order.junit is not None:
        _write(order.junit, junit_of(trials))
    return _FAILED if any(trial.failed for trial in trials) else _FINE


@dataclass(frozen=True, slots=True)
class _Task:
    """A policy, ready to be asked, and what it is tried on."""

    policy: Policy
    checker: Checker
    cases: tuple[Case, ...]

    @classmethod
    def of(cls, word: str, order: Order) -> _Task:
        policy = Policy.found(word)
        path = cases_beside(policy) if order.cases is None else Path(order.cases)
        Checker.load(policy, **order.surroundings)  # what is wrong with it as it stands
        return cls(policy, Checker.load(untimed(policy), **order.surroundings), read_case_file(path))


def _tried(task: _Task, progress: Progress) -> Trial:
    outcomes: list[CaseOutcome] = []
    for case in task.cases:
        outcomes.append(run_case(task.checker, case, time.perf_counter))
        progress.advance(1)
    return Trial(task.policy, tuple(outcomes))


def _lines(trial: Trial, order: Order) -> Iterator[str]:
    """One for each case that failed, and one for the policy."""
    for outcome in trial.failed:
        told = [str(outcome.error)] if outcome.error else [_told(miss, order) for miss in outcome.misses]
        yield f"FAILED {trial.policy.name} {outcome.id}: {'; '.join(told)}"
    num_passed = len(trial.outcomes) - len(trial.failed)
    yield f"{trial.policy.name}: {num_passed} of {len(trial.outcomes)} cases passed in {trial.seconds:.2f} s"


def _told(miss: Miss, order: Order) -> str:
    told = f"{miss.what}: expected {miss.expected}, came {miss.came}"
    if not order.shows_text or miss.texts is None:
        return told
    expected, came = miss.texts
    return f"{told} (expected {expected!r}, came {came!r})"


def _json_lines(trial: Trial, order: Order) -> Iterator[str]:
    yield json_line(
        {
            "policy": trial.policy.name,
            "digest": trial.policy.digest,
            "num_cases": len(trial.outcomes),
            "num_failed": len(trial.failed),
            "seconds": trial.seconds,
            "cases": [_plain(outcome, order) for outcome in trial.outcomes],
        }
    )


def _plain(outcome: CaseOutcome, order: Order) -> dict[str, Any]:
    told: dict[str, Any] = {"id": outcome.id, "is_passed": outcome.is_passed, "seconds": outcome.seconds}
    told["misses"] = [_plain_miss(miss, order) for miss in outcome.misses]
    if outcome.error is not None:
        told["error"] = {"type": type(outcome.error).__name__, "message": str(outcome.error)}
    return told


def _plain_miss(miss: Miss, order: Order) -> dict[str, str]:
    told = {"what": miss.what, "expected": miss.expected, "came": miss.came}
    if order.shows_text and miss.texts is not None:
        told["expected_text"], told["came_text"] = miss.texts
    return told


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, "utf-8")
    except OSError as error:
        given = f"a path that cannot be written to ({error.strerror})"
        raise RequestError("--junit", given, "a file", "Name a file in a folder that is there.") from None
