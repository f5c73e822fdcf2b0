"""What is written anew passes all guards, or nobody sees it; each round is counted and told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hostile_guards import Pattern
from hypothesis import given, settings
from hypothesis import strategies as st
from saying_model import Saying, always, judged_part
from speaking_engine import cut, speaking

from llmpost.contracts.result import Finished
from llmpost.contracts.text_model import Reply
from llmpost.engine import Checker
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import PolicyError

SECRET, NOTICE = "swordfish", "[cut]"
TEXT = f"the word is {SECRET}, they say"
TOY = {"toy": Pattern(SECRET, "WORD", reach=len(SECRET)), "other": Pattern("carp", "FISH", reach=4)}


def policy(rewrite: Any = None, *more: Any, **keys: Any) -> dict[str, Any]:
    entry = {"use": "toy", "action": {"rewrite": {"model": "writer", **(rewrite or {})}}}
    return {"version": 1, "name": "toys", "notice": NOTICE, "guards": [entry, *more], **keys}


def checker(writer: Saying, given: Any = None, **around: Any) -> Checker:
    return Checker(given or policy(), Surroundings(guards=TOY, models={"writer": writer}, **around))


def test_what_passes_is_shown_in_its_place() -> None:
    """The verdict says so, findings are of the text as it was given, and the trace has both rounds."""
    writer = always("the word is a fish, they say")
    for streaming in (False, True):
        result = checker(writer).check(TEXT, streaming=streaming)
        assert result.text == "the word is a fish, they say"
        assert (result.verdict.action, result.verdict.decided_by, result.is_blocked) == ("rewrite", "toy", False)
        assert [TEXT[f.span.start : f.span.end] for f in result.verdict.findings] == [SECRET]
        assert [(each.guard, each.status) for each in result.verdict.outcomes] == [
            ("toy", "changed"), ("rewrite", "changed"),
        ]  # fmt: skip
        before, after = result.trace.inspections
        assert (before.verdict.action, before.note) == ("rewrite", "rewrite: written anew")
        assert (after.verdict.action, after.note) == ("allow", "")
        assert SECRET not in json.dumps(result.to_dict())
    assert judged_part(writer.asked[0]) == TEXT
    assert "WORD" in writer.asked[0].messages[1].content


def test_what_never_passes_is_blocked() -> None:
    """After so many rounds, and each of them writes on from the one before."""
    writer = always(f"{SECRET} 1", f"{SECRET} 2", f"{SECRET} 3", f"{SECRET} 4")
    result = checker(writer, policy({"times": 3})).check(TEXT)
    assert (result.text, result.verdict.action, result.is_blocked) == (NOTICE, "block", True)
    assert [judged_part(question) for question in writer.asked] == [TEXT, f"{SECRET} 1", f"{SECRET} 2"]
    assert len(result.trace.inspections) == 4
    assert result.verdict.outcomes[-1].status == "failed"
    assert SECRET not in json.dumps(result.to_dict())


def test_a_writer_that_says_the_same_is_not_asked_again() -> None:
    """It would say it for ever."""
    writer = always(TEXT)
    assert checker(writer, policy({"times": 5})).check(TEXT).text == NOTICE
    assert len(writer.asked) == 1


@pytest.mark.parametrize("reply", [Reply("half a te", "length"), Reply("", "content_filter")])
def test_half_a_text_is_none(reply: Reply) -> None:
    """A new text that is not whole is not shown, and the outcome says what kind of error it was."""
    result = checker(always(reply)).check(TEXT)
    assert result.text == NOTICE
    assert result.verdict.outcomes[-1].why == "raised ModelError"


def test_a_writer_that_breaks_blocks() -> None:
    """Whatever it raises, and without a word of the text."""

    def broken(question: Any) -> str:
        raise RuntimeError(judged_part(question))

    result = checker(Saying(broken)).check(TEXT)
    assert (result.text, result.verdict.outcomes[-1].why) == (NOTICE, "raised RuntimeError")
    assert SECRET not in json.dumps(result.to_dict())


def test_all_guards_look_again() -> None:
    """What another guard finds in the new text is dealt with as it says."""
    writer = always("the word is carp")
    redacted = checker(writer, policy(None, {"use": "other", "action": "redact"})).check(TEXT)
    assert redacted.text == "the word is [FISH]"
    blocked = checker(writer, policy(None, {"use": "other", "action": "block"})).check(TEXT)
    assert (blocked.text, blocked.is_blocked) == (NOTICE, True)
    assert "carp" not in json.dumps(blocked.to_dict())


def test_a_stronger_action_leaves_nothing_to_write() -> None:
    """What is blocked is not written anew."""
    writer = always("fine")
    given = policy(None, {"use": "other", "action": "block"})
    assert checker(writer, given).check(f"{SECRET} and carp").text == NOTICE
    assert writer.asked == []


@pytest.mark.parametrize(("new", "text"), [('{"a": "fine"}', '{"a": "fine"}'), ("no JSON", NOTICE)])
def test_a_document_stays_one(new: str, text: str) -> None:
    """What is written anew is an instance of the schema, or is not shown."""
    schema = {"type": "object", "required": ["a"]}
    result = checker(always(new)).check(json.dumps({"a": SECRET}), schema=schema)
    assert result.text == text
    assert result.parsed == (json.loads(new) if text == new else None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(TEXT))), st.sampled_from(["fine", f"still {SECRET}", "", "\ud800 \x00"]))
def test_engines_show_what_check_shows(places: list[int], new: str) -> None:
    """A generated text, and a stream of it, is what `check` makes of it; tokens of the old text are withheld."""
    engine = speaking(cut(TEXT, *places), policy=policy(), guards=TOY, models={"writer": always(new)})
    result = engine.generate("a>", logprobs=True)
    checked = engine.check(TEXT)
    assert (result.text, result.verdict.action) == (checked.text, checked.verdict.action)
    assert (result.token_ids, result.logprobs) == ((), None)
    assert result.finish_reason == ("stop" if checked.verdict.action == "rewrite" else "blocked")
    assert len(result.trace.inspections) == len(checked.trace.inspections) == 2
    *pieces, last = engine.stream("a>")
    assert isinstance(last, Finished)
    assert ("".join(piece.text for piece in pieces) or last.result.text) == result.text
    stream = engine.check_stream(cut(TEXT, *places))
    assert "".join(stream) == engine.check(TEXT, streaming=True).text == checked.text


def test_a_judges_own_model_writes() -> None:
    """Where nobody else is named: by its rubric, whose rule is in the instruction."""

    def say(question: Any) -> str:
        if question.form is None:
            return "Dear customer"
        return "no" if "toad" in judged_part(question) else "yes"

    model = Saying(say)
    entry = {"use": "judge", "model": "own", "rubric": "polite", "action": "rewrite"}
    given = Checker({"version": 1, "guards": [entry]}, Surroundings(models={"own": model}))
    assert given.check("You toad").text == "Dear customer"
    (writing,) = [question for question in model.asked if question.form is None]
    assert writing.messages[1].content.startswith("Write the text anew so that it is polite")


@pytest.mark.parametrize(
    ("guards", "keys", "told"),
    [
        ([{"use": "toy", "action": "rewrite"}], {}, "policy.guards[0].rewrite: rewrite without a model"),
        ([{"use": "toy", "action": {"rewrite": {"model": "x", "times": 9}}}], {}, "rewrite.times: 9 is not"),
        ([{"use": "toy", "action": {"rewrite": {"modl": "x"}}}], {}, "'modl' is not known here"),
        ([{"use": "toy", "action": {"rewrite": {"model": "x", "rubric": "polit"}}}], {}, "Did you mean 'polite'?"),
        ([{"use": "toy", "action": {"rewrite": {"model": "x", "rubric": {"version": 1}}}}], {}, "rubric.rule"),
        ([{"use": "toy", "action": {"rewrite": {"model": "x"}}, "on": "input"}], {}, "rewrite beside input"),
        (
            [{"use": "judge", "model": "openai:ftp://x", "rubric": "polite"}],
            {},
            "policy.guards[0].model: ",
        ),
        ([{"use": "toy", "action": {"rewrite": {"model": "x"}}}], {"release": "window"}, "'window' beside"),
    ],
)
def test_what_cannot_be_written_anew_is_refused(guards: Any, keys: dict[str, Any], told: str) -> None:
    """When the policy is read."""
    with pytest.raises(PolicyError) as caught:
        Checker({"version": 1, "guards": guards, **keys}, Surroundings(guards=TOY))
    assert told in str(caught.value)


@pytest.mark.parametrize("store", ["digest", "redacted", "raw"])
def test_records_keep_what_the_policy_lets_them(store: str) -> None:
    """A record of a text that was written anew spells what was found only where raw texts are kept."""
    records: list[Any] = []

    class Listing:
        def add(self, record: Any) -> None:
            records.append(record)

    given = policy(trace={"store": store})
    result = checker(always("fine"), given, trace=Listing(), trace_key=b"k" * 32).check(TEXT)
    assert result.text == "fine"
    assert (SECRET in repr(records[0])) == (store == "raw")
    assert len(records[0].trace.inspections) == 2
