"""Running a case: the text goes through the policy as a whole and as streams, and all of it must be as expected.

How a text is cut must make no difference: that is the law of every policy, and held for each case. Nothing is printed
here, and no clock is read that was not handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from llmpost.contracts.action import ENDS_TEXT
from llmpost.contracts.check_result import CheckResult
from llmpost.engine.cases.case import Case
from llmpost.engine.cases.demands import Miss, compared_texts, labels_of, misses
from llmpost.engine.checker import Checker
from llmpost.errors import LlmpostError

_OF_A_CUT_TEXT = ("action", "blocked", "decided_by", "lacks")
"""What is expected of a stream, too, that a guard has ended: what follows was never looked at."""


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What came of a case."""

    id: str
    misses: tuple[Miss, ...]
    seconds: float
    error: LlmpostError | None = None
    """What kept it from being run."""

    @property
    def is_passed(self) -> bool:
        return not self.misses and self.error is None


def run_case(checker: Checker, case: Case, clock: Callable[[], float]) -> CaseOutcome:
    """Under the checker's policy, which had better be `untimed`."""
    start = clock()
    try:
        found = tuple(_misses(checker, case))
    except LlmpostError as error:
        return CaseOutcome(case.id, (), clock() - start, error)
    return CaseOutcome(case.id, found, clock() - start)


def _misses(checker: Checker, case: Case) -> Iterator[Miss]:
    whole = checker.check(case.text, **case.said)
    yield from misses(case.expect, whole)
    if case.side == "output":  # a prompt comes as a whole
        streamed = checker.check(case.text, streaming=True, **case.said)
        yield from _named("as a stream", _against_whole(case, streamed, whole))
        for name, cut in case.cuts():
            stream = checker.check_stream(cut, **case.said)
            shown = "".join(stream)
            yield from _named(name, _against_stream(shown, stream.result, streamed))


def _against_whole(case: Case, streamed: CheckResult, whole: CheckResult) -> Iterator[Miss]:
    """Where nothing ended it before its end, a stream shows the whole; else it keeps what the whole promises."""
    if streamed.verdict.action in ENDS_TEXT:
        yield from misses({name: case.expect[name] for name in _OF_A_CUT_TEXT if name in case.expect}, streamed)
    else:
        yield from _compared(streamed, whole)


def _against_stream(shown: str, result: CheckResult, streamed: CheckResult) -> Iterator[Miss]:
    """However it is cut, a stream shows the same."""
    yield from compared_texts("text", streamed.text, shown)
    yield from _compared(result, streamed)


def _compared(came: CheckResult, expected: CheckResult) -> Iterator[Miss]:
    demanded = {
        "action": expected.verdict.action,
        "labels": labels_of(expected),
        "text": expected.text,
    }
    yield from misses(demanded, came)


def _named(way: str, found: Iterator[Miss]) -> Iterator[Miss]:
    for miss in found:
        yield replace(miss, what=f"{miss.what} ({way})")
