"""Whole texts: what is shown, and the verdict that says why. Nothing is called passed that did not run."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hostile_guards import SKIP, Calling, Fixed, Hanging, Pattern, Raising, rule

from llmpost.contracts.action import Action
from llmpost.contracts.guard import Finding, GuardContext, Outcome, Span, Verdict
from llmpost.guards.apply import Change
from llmpost.guards.checking import Checked, check
from llmpost.guards.rule import Fallback, Guarding, Rule
from llmpost.guards.tools import Tools

NUMBERS = Pattern(r"\d+", "NUMBER", "numbers")
WORDS = Pattern("secret|stop", "WORD", "words")
NOTICE = "(not shown)"


def checked(text: str, *rules: Rule, tools: Tools | None = None, context: GuardContext | None = None) -> Checked:
    return check(text, Guarding(rules, notice=NOTICE), context or GuardContext(), tools or Tools(key=b"key"))


def statuses(verdict: Verdict) -> list[tuple[str, str]]:
    return [(outcome.guard, outcome.status) for outcome in verdict.outcomes]


def test_nobody_to_ask() -> None:
    """Without guards a text is what it is, and nobody has passed it."""
    assert checked("text") == Checked("text", Verdict())


def test_changed_and_passed() -> None:
    """Who found something that was changed, and who found nothing."""
    seen = checked("a 12 b", rule(NUMBERS), rule(WORDS, "block"))
    assert seen.text == "a [NUMBER] b"
    assert seen.verdict.action == "redact"
    assert seen.verdict.decided_by == "numbers"
    assert statuses(seen.verdict) == [("numbers", "changed"), ("words", "passed")]
    assert seen.changes == (Change(Span(2, 4), Span(2, 10), "NUMBER", "redact", "numbers"),)


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (Action("block"), NOTICE), (Action("refuse"), NOTICE), (Action("refuse", "No, sorry."), "No, sorry."),
        (Action("retry", {"times": 2}), NOTICE), (Action("reroute", {"policy": "strict"}), NOTICE),
    ],
)  # fmt: skip
def test_the_answer_is_replaced(action: Action, text: str) -> None:
    """By a notice or a message, wherever in it the finding was; what else was found is not acted on any more."""
    seen = checked("a 12 secret b", rule(NUMBERS), rule(WORDS, action))
    assert seen.text == text
    assert (seen.verdict.action, seen.verdict.decided_by) == (action.kind, "words")
    assert statuses(seen.verdict) == [("numbers", "passed"), ("words", "blocked")]
    assert seen.changes == (Change(Span(0, 13), Span(0, 0), "WORD", action.kind, "words"),)


def test_truncate_ends_before_it() -> None:
    """Without a notice, and what came before is changed as ever."""
    seen = checked("a 12 secret 34", rule(NUMBERS), rule(WORDS, "truncate"))
    assert seen.text == "a [NUMBER] "
    assert seen.verdict.action == "truncate"
    assert [change.before for change in seen.changes] == [Span(2, 4), Span(5, 14)]


def test_a_log_is_told() -> None:
    """The text stays, the verdict says that something was seen."""
    seen = checked("12", rule(NUMBERS, "log"))
    assert (seen.text, seen.verdict.action, seen.verdict.decided_by) == ("12", "log", "numbers")
    assert statuses(seen.verdict) == [("numbers", "passed")]


def test_what_is_allowed_is_found_all_the_same() -> None:
    """A finding is told whatever is done about it."""
    seen = checked("12", rule(NUMBERS, "allow"))
    assert (seen.verdict.action, seen.verdict.decided_by, len(seen.verdict.findings)) == ("allow", None, 1)


def test_only_its_side_is_asked() -> None:
    """A rule of the other side is not there, and no outcome says that it was."""
    output, both = rule(NUMBERS), rule(WORDS, sides=frozenset({"input", "output"}))
    seen = checked("12 secret", output, both, context=GuardContext("input"))
    assert seen.text == "12 [WORD]"
    assert [(outcome.guard, outcome.side) for outcome in seen.verdict.outcomes] == [("words", "input")]


def test_a_context_goes_with_the_text() -> None:
    """A guard sees the prompt and the system's part of it."""
    given = GuardContext("output", "prompt", "system")
    asked: list[GuardContext] = []

    def look(_: str, context: GuardContext) -> tuple[Finding, ...]:
        asked.append(context)
        return ()

    checked("text", rule(Calling(look)), context=given)
    assert asked == [given]


@pytest.mark.parametrize("broken", [Raising(), Fixed(7), Fixed([Finding("fixed", "A", Span(0, 99))])])
def test_a_check_that_broke_is_not_one_that_passed(broken: Any) -> None:
    """The text is blocked, whatever others found, and no word of it is in what is told."""
    seen = checked("12 secret", rule(NUMBERS), rule(broken))
    assert (seen.text, seen.verdict.action, seen.verdict.decided_by) == (NOTICE, "block", broken.name)
    assert statuses(seen.verdict) == [("numbers", "passed"), (broken.name, "failed")]
    assert seen.changes == (Change(Span(0, 9), Span(0, 0), "", "block", broken.name),)
    assert "secret" not in repr(seen)


def test_who_may_break_is_skipped() -> None:
    """The text goes on without it, the others' work is done."""
    seen = checked("12", rule(Raising(), on_failure=SKIP), rule(NUMBERS))
    assert (seen.text, statuses(seen.verdict)) == ("[NUMBER]", [("raising", "skipped"), ("numbers", "changed")])


def test_who_hangs_is_skipped_or_pays() -> None:
    """As its rule says."""
    guard = Hanging()
    late = rule(guard, timeout_seconds=0.02)
    assert checked("12", late).text == NOTICE
    assert checked("12", rule(guard, timeout_seconds=0.02, on_timeout=SKIP)).text == "12"
    guard.go.set()


def test_the_stand_ins_rule_holds() -> None:
    """Another guard's findings are dealt with as its own rule says."""
    seen = checked("12", rule(Raising(), on_failure=Fallback("use", rule(NUMBERS, "mask"))))
    assert (seen.text, statuses(seen.verdict)) == ("**", [("raising", "skipped"), ("numbers", "changed")])


def test_a_person_reviews() -> None:
    """Whoever reviews is handed the text and the verdict, once; others see a notice."""
    handed: list[tuple[str, Verdict]] = []
    tools = Tools(review=lambda text, verdict: handed.append((text, verdict)))
    seen = checked("12 secret", rule(WORDS, "review"), tools=tools)
    assert seen.text == NOTICE
    assert handed == [("12 secret", seen.verdict)]
    assert seen.verdict.is_blocked


def fails(text: str, verdict: Verdict) -> None:
    raise OSError(text)


@pytest.mark.parametrize(("review", "why"), [(None, "nobody reviews"), (fails, "raised OSError")])
def test_what_nobody_reviews_is_blocked(review: Any, why: str) -> None:
    """And the outcome says that the review failed."""
    seen = checked("12 secret", rule(WORDS, "review"), tools=Tools(review=review))
    assert seen.verdict.action == "block"
    assert seen.verdict.outcomes[-1] == Outcome("review", "failed", why=why)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ud800",
        "a\udfff\ud800b1",
        "\x00\u202e12\u200b",
        "\U0001f469\u200d\U0001f4bb 1 \u0301",
        "\ufeff1",
        "\r\n1\r\n",
    ],
)
def test_nasty_texts_survive(text: str) -> None:
    """Nothing but what was found is touched, whatever characters there are."""
    assert checked(text, rule(NUMBERS)).text.replace("[NUMBER]", "#") == "".join(
        "#" if one.isdecimal() else one for one in text.replace("12", "1")
    )


def test_ten_million_characters() -> None:
    """One finding over all of them, or none: both are soon done."""
    long = "1" * 10_000_000
    assert checked(long, rule(NUMBERS), rule(WORDS)).text == "[NUMBER]"
    assert len(checked(long, rule(WORDS)).text) == 10_000_000


def test_many_findings() -> None:
    """Each is changed where it stands."""
    seen = checked("1 " * 5_000, rule(NUMBERS))
    assert seen.text == "[NUMBER] " * 5_000
    assert seen.changes[-1].after == Span(4_999 * 9, 4_999 * 9 + 8)


def test_the_order_of_rules_is_nothing_to_the_text() -> None:
    """What is shown depends on what was found, and not on who was asked first."""
    rules = [rule(NUMBERS, "mask"), rule(Pattern(r"\d\w", "MIXED", "mixed")), rule(WORDS, "hash")]
    rules.append(rule(Pattern("et 1", "MORE", "more"), "redact"))
    shuffled = rules[:]
    random.Random(7).shuffle(shuffled)
    text = "a 12b secret 12 and 3"
    assert checked(text, *rules).text == checked(text, *shuffled).text
