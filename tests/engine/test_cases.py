"""Cases: read as they are written, run whole and in pieces, and told where something else came."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.contracts.guard import Finding, GuardContext, Progress, Span
from llmpost.engine import Checker
from llmpost.engine.cases import Case, read_cases, run_case, untimed
from llmpost.engine.cases.demands import DEMANDS
from llmpost.errors import LlmpostError, PolicyError
from llmpost.policy import Policy
from llmpost.policy.budget import NO_LIMIT

POLICY: Mapping[str, Any] = {
    "version": 1, "name": "mine", "notice": "[cut]",
    "guards": [{"use": "pii", "action": "redact"}, {"use": "phrases", "phrases": ["swordfish"], "action": "block"}],
}  # fmt: skip
MAIL = "to ann@example.com."


def case(**given: Any) -> Case:
    (read,) = read_cases([{"id": "one", **given}])
    return read


def missed(**given: Any) -> list[str]:
    outcome = run_case(Checker(POLICY), case(**given), lambda: 0.0)
    assert outcome.error is None
    return [miss.what for miss in outcome.misses]


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        (MAIL, {"action": "redact", "text": "to [EMAIL_ADDRESS].", "labels": ["EMAIL_ADDRESS"], "decided_by": "pii"}),
        (MAIL, {"contains": ["to", "[EMAIL"], "lacks": "ann", "blocked": False}),
        ("hello", {"action": "allow", "labels": [], "decided_by": "nobody", "text": "hello"}),
        ("say swordfish, ann", {"action": "block", "blocked": True, "text": "[cut]", "lacks": ["swordfish", "ann"]}),
        ("-", {"text": "-", "action": "allow"}),
        ("a\x00\u200b\u202e🙂" * 9, {"text": "a\x00\u200b\u202e🙂" * 9}),
    ],
)
def test_what_is_so_is_passed(text: str, expect: Mapping[str, Any]) -> None:
    """Each expectation, alone and beside others, is met by what the policy does."""
    assert missed(text=text, expect=expect) == []


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ({"action": "allow"}, "action"),
        ({"blocked": True}, "blocked"),
        ({"labels": []}, "labels"),
        ({"labels": ["EMAIL_ADDRESS", "US_SSN"]}, "labels"),
        ({"decided_by": "nobody"}, "decided_by"),
        ({"text": "to [EMAIL_ADDRESS]"}, "text"),
        ({"contains": ["to", "ann"]}, "contains[1]"),
        ({"lacks": ["ann", "to"]}, "lacks[1]"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_so_is_missed(expect: Mapping[str, Any], what: str) -> None:
    """The one expectation that does not hold is named, and what is told quotes neither text."""
    outcome = run_case(Checker(POLICY), case(text=MAIL, expect=expect), lambda: 0.0)
    assert [miss.what for miss in outcome.misses] == [what]
    for miss in outcome.misses:
        assert "ann" not in miss.expected + miss.came
    assert set(expect) <= set(DEMANDS)


def test_a_stream_that_a_guard_ends_keeps_what_the_whole_promises() -> None:
    """Of a blocked text the stream has shown the beginning: what may never be seen must not be in that either."""
    given = {"text": "ann says swordfish", "expect": {"action": "block", "lacks": "ann"}}
    assert missed(**given) == ["lacks[0] (as a stream)"]


class Forgetful:
    """Finds ``ab``, in each piece by itself: what is cut in two it has forgotten."""

    name, reach, context = "forgetful", 1, 1

    def inspect(self, text: str, context: GuardContext) -> tuple[Finding, ...]:
        return self.follow(None, text, context, True).findings

    def follow(self, memory: int | None, piece: str, context: GuardContext, is_end: bool) -> Progress:
        before, start = memory or 0, piece.find("ab")
        end = before + len(piece)
        found = (Finding(self.name, "AB", Span(before + start, before + start + 2)),) if start >= 0 else ()
        return Progress(end, found, end)


def test_a_cut_that_makes_a_difference_is_missed() -> None:
    """Where a guard finds something else in pieces than in the whole, the ways that differ are named."""
    policy = {"version": 1, "name": "mine", "guards": [{"use": "forgetful", "action": "redact"}]}
    read = case(chunks=["xxa", "bxx"], expect={"action": "redact"})
    outcome = run_case(Checker.load(policy, guards={"forgetful": Forgetful()}), read, lambda: 0.0)
    ways = {miss.what for miss in outcome.misses}
    assert "text (in its chunks)" in ways
    assert "text (one character a piece)" in ways


def test_prompts_are_not_streamed() -> None:
    """A text of the input side comes as a whole, and may need guards that cannot look at pieces."""
    policy = {**POLICY, "guards": [{"use": "schema", "schema": {"type": "integer"}, "on": "input", "action": "block"}]}
    for text, expected in (("12", "allow"), ("twelve", "block")):
        read = case(text=text, side="input", expect={"action": expected})
        assert run_case(Checker(policy), read, lambda: 0.0).is_passed


def test_what_cannot_be_run_is_an_outcome() -> None:
    """A case with a schema that is none fails by itself, and says why."""
    outcome = run_case(
        Checker(POLICY), case(text="{}", schema={"type": "objct"}, expect={"action": "allow"}), lambda: 0.0
    )
    assert isinstance(outcome.error, LlmpostError)
    assert not outcome.is_passed


def test_a_case_is_cut_the_same_way_in_every_run() -> None:
    """The random cut hangs on the id alone, and every cut is the text."""
    one, two = case(text="abc" * 50, expect={"action": "allow"}), case(text="abc" * 50, expect={"action": "log"})
    assert dict(one.cuts()) == dict(two.cuts())
    assert all("".join(cut) == one.text for _, cut in one.cuts())


def test_limits_of_time_do_not_count() -> None:
    """A policy is tried without its limits; otherwise it is the same."""
    timed = [{**entry, "timeout_ms": 1} for entry in POLICY["guards"]]
    late = Policy.from_dict({**POLICY, "guards": timed, "budget": {"total_ms": 1}})
    freed, plain = untimed(late), Policy.from_dict(POLICY)
    assert freed.budget == plain.budget == NO_LIMIT
    assert [replace(entry, said={}) for entry in freed.guards] == [replace(entry, said={}) for entry in plain.guards]
    assert untimed(plain) == plain


def test_a_long_text_does_not_come_one_by_one() -> None:
    """Nobody waits for a hundred thousand pieces; it is cut at random all the same."""
    assert [way for way, _ in case(text="ab" * 5000, expect={"action": "allow"}).cuts()] == ["cut at random"]


@pytest.mark.parametrize(
    ("given", "where", "allowed"),
    [
        ({}, "cases", "a list of 1 to 10,000 cases"),
        ([], "cases", "a list of 1 to 10,000 cases"),
        (["text"], "[0]", "a case"),
        ([{"id": "a", "text": "b", "expekt": {}}], "[0]", "a key of a case"),
        ([{"id": "a", "text": "b"}], "[0].expect", "a test"),
        ([{"id": "a", "text": "b", "expect": {}}], "[0].expect", "a test"),
        ([{"id": "a", "text": "b", "expect": {"verdict": "x"}}], "[0].expect", "something to expect"),
        ([{"id": "a", "text": "b", "expect": {"action": "blok"}}], "[0].expect.action", ""),
        ([{"id": "a", "text": "b", "expect": {"blocked": "yes"}}], "[0].expect.blocked", "true or false"),
        ([{"id": "a", "text": "b", "expect": {"lacks": []}}], "[0].expect.lacks", "a text or a list of texts"),
        ([{"id": "a", "text": "b", "expect": {"text": 7}}], "[0].expect.text", "a text"),
        ([{"id": "a", "text": "b", "expect": {"labels": ["A\nB"]}}], "[0].expect.labels", "a list of labels"),
        ([{"id": "a", "text": "b", "expect": {"decided_by": "a\x1b"}}], "[0].expect.decided_by", "the name of a guard"),
        ([{"id": "a", "text": 7, "expect": {"text": "7"}}], "[0].text", "a text"),
        ([{"id": "a", "chunks": "ab", "expect": {"text": "ab"}}], "[0].chunks", "a list of texts"),
        ([{"id": "a", "text": "b", "chunks": ["b"], "expect": {"text": "b"}}], "[0]", "possible: text, or chunks"),
        ([{"id": "a", "expect": {"text": "b"}}], "[0]", "possible: text, or chunks"),
        ([{"id": "a", "text": "b", "side": "in", "expect": {"text": "b"}}], "[0].side", "output or input"),
        ([{"id": "a", "text": "b", "prompt": 3, "expect": {"text": "b"}}], "[0].prompt", "a text or a list"),
        ([{"id": "a", "text": "b", "schema": "{}", "expect": {"text": "b"}}], "[0].schema", "a JSON Schema"),
        ([{"text": "b", "expect": {"text": "b"}}], "[0].id", ""),
        ([{"id": "a\x1b", "text": "b", "expect": {"text": "b"}}], "[0].id", ""),
        ([{"id": "a", "text": "b", "expect": {"text": "b"}}] * 2, "[1].id", "an id of its own"),
        ([{"id": "a", "text": "b" * 100_001, "expect": {"action": "allow"}}], "[0].text", "at most 100000"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_case_is_refused(given: Any, where: str, allowed: str) -> None:
    """In four parts, at the place, with what would be one."""
    with pytest.raises(PolicyError) as caught:
        read_cases(given)
    assert caught.value.where == where
    assert allowed in caught.value.allowed
    assert caught.value.hint


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "text", "chunks", "side", "expect", "action", "x"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=3) | JSON)
def test_anything_is_read_or_refused(data: Any) -> None:
    """Whatever stands in a file: cases, or one error with its place."""
    try:
        read = read_cases(data)
    except PolicyError as error:
        assert re.match(r"cases$|\[", error.where)  # noqa: PT017  # it need not be raised
    else:
        assert all(case.expect for case in read)
