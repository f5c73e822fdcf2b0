"""What becomes of a stream where a guard breaks, lies or is late, and of one that is given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

import pytest
from toy_guards import Toy

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Finding, Guard, GuardContext, Progress, Span
from llmpost.guards.held_text import HeldText
from llmpost.guards.release_window import ReleaseWindow
from llmpost.guards.rule import Fallback, Guarding, Rule
from llmpost.guards.runner import Runner
from llmpost.guards.tools import Tools
from llmpost.guards.windowed import Windowed

CONTEXT = GuardContext()
REDACT = Action("redact")
SKIP = Fallback("skip")


def at_once(guard: Guard) -> Windowed:
    """The guard, asked about each piece."""
    return Windowed(guard, cadence=1)


AB = Rule(at_once(Toy("ab", "ab", reach=1)), REDACT)


def window_of(*rules: Rule, tools: Tools | None = None, **more: Any) -> ReleaseWindow:
    return ReleaseWindow(Guarding(rules, notice="<no>", **more), CONTEXT, tools or Tools())


def fed(window: ReleaseWindow, *pieces: str) -> list[str]:
    return [*(window.feed(piece) for piece in pieces), window.close()]


def outcomes(window: ReleaseWindow) -> list[tuple[str, str, str]]:
    return [(one.guard, one.status, one.why) for one in window.verdict.outcomes]


@dataclass(frozen=True)
class Hasty:
    """Says that everything is settled, and finds `a…b` when the `b` is there."""

    name: str = "hasty"
    reach: int | None = 0
    context: int = 0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return []

    def follow(self, memory: tuple[int, int] | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        read, begun = memory or (0, -1)
        begun = read + piece.index("a") if "a" in piece else begun
        found = (Finding(self.name, "AB", Span(begun, read + piece.index("b") + 1)),) if "b" in piece else ()
        read += len(piece)
        return Progress((read, begun), found, read)


@dataclass(frozen=True)
class Faulty:
    """Does what it is told when it is shown an exclamation mark."""

    fault: Any
    name: str = "faulty"
    reach: int | None = 0
    context: int = 0

    def inspect(self, text: str, context: GuardContext) -> Sequence[Finding]:
        return self.fault() if "!" in text else []


def raising(error: BaseException) -> Any:
    def fault() -> Any:
        raise error

    return fault


def test_a_clean_text_leaves_as_it_comes() -> None:
    """Without guards nothing is held; with one no more than its reach."""
    assert fed(window_of(), "one", " two") == ["one", " two", ""]
    assert fed(window_of(AB), "one", " two", "") == ["on", "e tw", "", "o"]


def test_a_finding_in_two_pieces_is_redacted() -> None:
    """What a border of pieces cuts is found, and told where it was and what came of it."""
    window = window_of(AB)
    assert fed(window, "xa", "bx") == ["x", "[AB]", "x"]
    assert [(change.before, change.after) for change in window.changes] == [(Span(1, 3), Span(1, 5))]
    assert outcomes(window) == [("ab", "changed", "")]
    assert window.is_over


def test_a_reach_that_lies_is_caught_and_what_is_left_stays_in() -> None:
    """What was found too late has left in part; the rest does not, and the guard failed or was skipped for it."""
    blocked, skipped = window_of(Rule(Hasty(), REDACT)), window_of(Rule(Hasty(), REDACT, on_failure=SKIP))
    assert fed(blocked, "xa", ".", ".bx") == ["xa", ".", "<no>", ""]
    assert fed(skipped, "xa", ".", ".bx", "ab") == ["xa", ".", "[AB]x", "ab", ""]
    assert outcomes(blocked) == [("hasty", "failed", "dishonest reach")]
    assert outcomes(skipped) == [("hasty", "skipped", "dishonest reach")]
    assert blocked.verdict.is_blocked
    assert [finding.span for finding in skipped.verdict.findings] == [Span(1, 5)]


def test_who_is_skipped_holds_nothing_back() -> None:
    """A guard that broke is not waited for."""
    faulty = Rule(at_once(Faulty(raising(ValueError("the text")), reach=9)), REDACT, on_failure=SKIP)
    window = window_of(faulty)
    assert fed(window, "one", " two", " and more!", " now", " ab") == ["", "", "one two and more!", " now", " ab", ""]
    assert outcomes(window) == [("faulty", "skipped", "raised ValueError")]


@pytest.mark.parametrize(
    "error", [ValueError("secret"), RecursionError(), MemoryError(), SystemExit(3), GeneratorExit(), StopIteration()]
)
def test_whatever_a_guard_raises_ends_as_its_rule_says(error: BaseException) -> None:
    """The text ends with what left last and the notice; what the error says is not told."""
    window = window_of(Rule(at_once(Faulty(raising(error))), REDACT), AB)
    assert fed(window, "one", "!", "more") == ["on", "<no>", "", ""]
    assert outcomes(window) == [("faulty", "failed", f"raised {type(error).__name__}"), ("ab", "passed", "")]
    assert window.verdict.decided_by == "faulty"


@pytest.mark.parametrize(
    "given",
    [
        None, "findings", [None], [Finding("faulty", "A", Span(0, 99))], [Finding("faulty", "A", Span(2, 1))],
        [Finding("faulty", "A", Span(-1, 1))], [Finding("faulty", "A", Span(0, 1), float("nan"))],
    ],
)  # fmt: skip
def test_no_answer_is_no_pass(given: Any) -> None:
    """What is no finding of this text blocks it."""
    window = window_of(Rule(at_once(Faulty(lambda: given)), REDACT))
    assert fed(window, "one", "!") == ["one", "<no>", ""]
    assert outcomes(window)[0][1] == "failed"


def test_an_interrupted_stream_is_over() -> None:
    """Who presses Ctrl-C is heard, and nothing leaves that was not read by all."""
    window = window_of(Rule(at_once(Faulty(raising(KeyboardInterrupt()))), REDACT), AB)
    with pytest.raises(KeyboardInterrupt):
        window.feed("one!")
    assert (window.feed("two"), window.close()) == ("", "")
    assert [status for _, status, _ in outcomes(window)] == ["skipped", "skipped"]


def test_a_stream_that_is_given_up_has_passed_nobody() -> None:
    """Guards that were not done are skipped; what was done before stays told."""
    window = window_of(AB)
    window.feed("ab and")
    window.cancel()
    window.cancel()
    assert fed(window, "more") == ["", ""]
    assert outcomes(window) == [("ab", "skipped", "the text was given up")]
    assert window.verdict.action == "redact"


def test_a_guard_that_hangs_is_not_waited_for() -> None:
    """Its time over, it is skipped or the text ends; its thread is left behind."""
    never = Event()
    rule = Rule(at_once(Faulty(never.wait)), REDACT, timeout_seconds=0.05)
    try:
        assert fed(window_of(rule), "one", "!") == ["one", "<no>", ""]
        assert fed(window_of(replace(rule, on_timeout=SKIP)), "one", "!", "two") == ["one", "!", "two", ""]
    finally:
        never.set()


class Watch:
    """A clock that a guard can move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def tick(self) -> list[Finding]:
        self.now += 1.0
        return []


def test_all_guards_together_have_their_time_for_the_whole_text() -> None:
    """Time is counted over all pieces, and only while guards are asked; then the policy's fallback holds."""
    watch = Watch()
    slow = Rule(FollowingFaulty(watch.tick), REDACT)
    tools = Tools(runner=Runner(watch))
    window = window_of(slow, tools=tools, total_seconds=2.5, on_timeout=SKIP)
    for piece in ("a!", "b", "c!", "d"):
        watch.now += 100.0
        assert window.feed(piece) == piece
    assert window.feed("e!") == "e!"
    assert window.feed("f!") == "f!"
    assert outcomes(window) == [("faulty", "skipped", "no answer in the time of all guards")]


class FollowingFaulty(Faulty):
    """The same, that is quick."""

    def follow(self, memory: int | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        read = (memory or 0) + len(piece)
        return Progress(read, tuple(self.inspect(piece, context)), read)


def test_who_is_asked_for_want_of_time_has_its_own() -> None:
    """A guard asked in the place of one that all had no time left for reads on."""
    watch = Watch()
    instead = Fallback("use", AB)
    tools = Tools(runner=Runner(watch))
    window = window_of(Rule(FollowingFaulty(watch.tick), REDACT), tools=tools, total_seconds=0.5, on_timeout=instead)
    assert fed(window, "x!", "ab", "..", "ab!", "ab") == ["x!", "", "[AB].", ".[AB]", "!", "[AB]"]
    assert [(guard, status) for guard, status, _ in outcomes(window)] == [("faulty", "skipped"), ("ab", "changed")]


def test_another_guard_sees_what_stands_before() -> None:
    """Asked in another's place, a guard is shown as many characters that left as it must see."""
    after_a = at_once(Toy("after", "(?<=ab)x", reach=0, context=2))
    faulty = Rule(at_once(Faulty(raising(ValueError()))), REDACT, on_failure=Fallback("use", Rule(after_a, REDACT)))
    assert fed(window_of(faulty), "..ab", "x!", "abx") == ["..ab", "[AFTER]!", "ab[AFTER]", ""]


def test_who_reads_again_what_has_left_lets_nothing_leave_twice() -> None:
    """A guard asked in another's place begins before what has left, and is not yet as far when the next piece comes."""
    patient = Windowed(Toy("patient", "(?<=...)ab", reach=1, context=3), cadence=8)
    faulty = Rule(at_once(Faulty(raising(ValueError()))), REDACT, on_failure=Fallback("use", Rule(patient, REDACT)))
    assert fed(window_of(faulty), "....", "!", "ab", "..ab..") == ["....", "", "", "![PATIENT]..[PATIENT].", "."]


def test_guards_of_the_other_side_are_not_asked() -> None:
    """A rule is for the sides it names."""
    assert fed(window_of(replace(AB, sides=frozenset({"input"}))), "ab") == ["ab", ""]


def test_what_is_held_is_measured() -> None:
    """After each piece: the most and the mean."""
    window = window_of(Rule(at_once(Toy("long", "a{4}", reach=3)), REDACT))
    fed(window, "....", "....", "....")
    assert (window.held.most, window.held.mean) == (3, 9 / 4)


@pytest.mark.parametrize("text", ["", "\x00", "\ud800ab\udfff", "\u202eab\u202c", "a\u200bb", "\U0001f600ab"])
def test_any_characters_pass(text: str) -> None:
    """Lone surrogates, NULs and what is invisible are characters as others are."""
    expected = text.replace("ab", "[AB]")
    assert "".join(fed(window_of(AB), *text)) == "".join(fed(window_of(AB), text)) == expected


def test_a_long_run_of_findings_is_one_cluster() -> None:
    """Ten thousand findings that overlap, one character at a time, are one change at their end."""
    window = window_of(Rule(at_once(Toy("aa", "aa", reach=1)), REDACT))
    assert "".join(fed(window, *("a" * 10_000), ".")) == "[AA]."
    assert len(window.changes) == 1


def test_held_text_is_taken_from_its_front() -> None:
    """A long piece is taken in parts without a copy of the rest, and what left last can be seen again."""
    held = HeldText(remembered=3)
    held.add("abcdef")
    held.add("")
    held.add("ghi")
    assert (held.take(2), held.with_what_left(9), held.take(5)) == ("ab", "abcdefghi", "cdefg")
    assert (len(held), held.with_what_left(2), held.with_what_left(0)) == (2, "fghi", "hi")
    assert (held.take_all(), held.take(0), len(held)) == ("hi", "", 0)
