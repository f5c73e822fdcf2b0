"""Texts from anywhere are held against the guards of a policy, whole or as they come, without a model."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hostile_guards import Pattern
from hypothesis import given, settings
from hypothesis import strategies as st
from speaking_engine import cut, speaking

import llmpost
from llmpost.contracts.guard import Finding, GuardContext, Span
from llmpost.engine import Checker, Engine
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import ConstraintError, LlmpostError, RequestError
from llmpost.guards.vault import Vault

SECRET = "swordfish"
TOY = {"toy": Pattern(SECRET, "WORD", reach=len(SECRET))}
NASTY = [SECRET, "sword", "fish", "maria@example.com", "4111 1111 1111 1111", " ", "\n", "\ud800", "\u200b", "é", "😀"]


def checker(action: Any = "redact", **more: Any) -> Checker:
    guards = [{"use": "toy", "action": action}]
    return Checker(
        {"version": 1, "name": "toys", "notice": "[cut]", "guards": guards, **more}, Surroundings(guards=TOY)
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(NASTY), max_size=8).map("".join), st.lists(st.integers(0, 60)), st.data())
def test_how_a_text_is_cut_makes_no_difference(text: str, places: list[int], data: st.DataObject) -> None:
    """The pieces of a checked stream are `check(text, streaming=True)`, with the same verdict, for every policy."""
    made = data.draw(st.sampled_from([Checker("default"), Checker("bare"), checker()]))
    stream = made.check_stream(cut(text, *places))
    shown = "".join(stream)
    whole = made.check(text, streaming=True)
    assert shown == stream.result.text == whole.text == made.check(text).text
    assert stream.result.verdict == whole.verdict


def test_a_block_ends_a_stream_and_replaces_a_text() -> None:
    """Of a text that is blocked nothing is shown but the notice; of a stream what had left before."""
    made = checker("block")
    text = f"it is {SECRET}, yes"
    assert made.check(text).text == "[cut]"
    assert made.check(text, streaming=True).text == "it is [cut]"
    assert made.check(text).is_blocked
    assert made.check(text, streaming=True).is_blocked


def test_a_stream_that_was_ended_is_not_read_on() -> None:
    """A source without an end is left where a guard ended the text."""
    made = checker("block")
    source = itertools.chain(["it is ", SECRET], itertools.repeat("x"))
    stream = made.check_stream(source)
    assert "".join(stream) == "it is [cut]"
    assert stream.result.is_blocked


def test_a_stream_has_a_result_when_it_is_over() -> None:
    """Before its end there is none; closing it shows nothing more; what its source raises is raised."""
    stream = checker().check_stream(cut("a" * 50, *range(50)))
    assert set(next(stream)) == {"a"}
    with pytest.raises(RequestError, match="a stream under way is not one that has ended"):
        _ = stream.result
    stream.close()
    assert list(stream) == []

    def breaking() -> Iterator[str]:
        yield "sword"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(checker().check_stream(breaking()))
    with pytest.raises(RequestError, match="check: a bytes is not a text"):
        list(checker().check_stream([b"x"]))  # type: ignore[list-item]


def test_documents_are_judged_inside() -> None:
    """With a schema the strings of a document are looked at; its value is read from what is shown, and it fits."""
    text = f'\n{{"a": ["{SECRET}", "sword\\u0066ish"], "b": 3}}\n'
    made = checker()
    result = made.check(text, schema={"required": ["a"]})
    assert result.parsed == {"a": ["[WORD]", "[WORD]"], "b": 3}
    assert result.text == '\n{"a": ["[WORD]", "[WORD]"], "b": 3}\n'
    stream = made.check_stream(cut(text, 5, 10), schema={"required": ["a"]})
    assert ("".join(stream), stream.result.parsed) == (result.text, result.parsed)
    assert made.check("no JSON", schema=True).parsed is None
    assert "the text is no JSON: it was checked as plain text" in made.check("no JSON", schema=True).trace.notes
    assert made.check(text, schema={"properties": {"a": {"contains": {"const": SECRET}}}}).text == "[cut]"
    with pytest.raises(ConstraintError):
        made.check(text, schema={"type": 3})


def test_a_schema_in_a_policy_is_a_guard() -> None:
    """`use: schema` blocks what does not fit; the constraints say what fits."""
    made = checker()
    policy = {"version": 1, "guards": [{"use": "schema", "schema": {"type": "object", "required": ["a"]}}]}
    assert made.check('{"a": 1}', policy=policy).verdict.action == "allow"
    assert made.check('{"b": 1}', policy=policy).verdict.action == "block"


def test_guards_are_told_what_was_said_before() -> None:
    """Prompt, system and side go to the guards."""
    heard: list[GuardContext] = []

    class Listening:
        name, reach, context = "listening", 0, 0

        def inspect(self, text: str, context: GuardContext) -> list[Finding]:
            heard.append(context)
            return [Finding("listening", "ALL", Span(0, len(text)))]

    policy = {"version": 1, "guards": [{"use": "listening", "action": "log", "on": ["input", "output"]}]}
    made = Checker(policy, Surroundings(guards={"listening": Listening()}))
    messages = [{"role": "system", "content": "be"}, {"role": "user", "content": [{"type": "text", "text": "hi"}]}]
    heard.clear()
    assert made.check("text", prompt=messages, system="first").verdict.outcomes[0].side == "output"
    assert made.check("text", prompt="hi", side="input").verdict.outcomes[0].side == "input"
    assert heard == [GuardContext("output", "be\nhi", "first\nbe"), GuardContext("input", "hi")]


def test_pseudonyms_hold_in_a_vault() -> None:
    """Texts that are checked with one vault share pseudonyms, and it turns them back."""
    vault, made = Vault(), checker("pseudonymise")
    one, two = (made.check(f"{word} {SECRET}", vault=vault) for word in ("the", "a"))
    assert (one.text, two.text) == ("the [WORD_1]", "a [WORD_1]")
    assert vault.restore(two.text) == f"a {SECRET}"


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"strem": True}, "check: 'strem' is not a known keyword."),
        ({"side": "outpt"}, "check.side: 'outpt' is not input or output."),
        ({"policy": "defualt"}, "policy: 'defualt' is not a policy that ships with llmpost. Did you mean 'default'?"),
        (
            {"policy": "no/such.yaml"},
            "no/such.yaml:1:1: 'no/such.yaml', which cannot be read (No such file or directory), is not a file",
        ),
        ({"prompt": 3}, "prompt: a int is not a text or a list of messages."),
        ({"policy": 3}, "policy: a int is not a name, a path, a mapping or a Policy."),
    ],
)
def test_wrong_use_is_refused(keywords: dict[str, Any], message: str) -> None:
    """In four parts, before any guard is asked."""
    with pytest.raises(LlmpostError) as caught:
        checker().check("text", **keywords)
    assert str(caught.value).startswith(message)
    assert caught.value.hint


def test_check_needs_no_engine(tmp_path: Any) -> None:
    """`llmpost.check` is there for any text, under a policy by name, by content or by file."""
    text = "Mail maria.chen@example.com"
    path = tmp_path / "mine.yaml"
    path.write_text("version: 1\nname: mine\nguards: [{use: pii, action: block}]\nnotice: '[cut]'\n")
    assert llmpost.check(text).text == "Mail [EMAIL_ADDRESS]"
    assert llmpost.check(text, policy="bare").text == text
    assert llmpost.check(text, policy=str(path)).text == llmpost.check(text, policy=path).text == "[cut]"
    path.write_text("version: 1\nguards: [{use: pii\n")
    with pytest.raises(LlmpostError, match=r"mine.yaml:3:1: text with a mistake in it"):
        llmpost.check(text, policy=path)


def test_what_guards_need_is_given_by_name() -> None:
    """Guards of one's own and keys are keywords; a name that is none is refused with a suggestion."""
    policy = {"version": 1, "guards": [{"use": "toy", "action": "hash"}]}
    shown = {Checker.load(policy, guards=TOY, key=key * 32).check(SECRET).text for key in (b"a", b"a", b"b")}
    assert len(shown) == 2
    with pytest.raises(RequestError, match=r"Checker.load: .guard. is not known here\. Did you mean .guards."):
        Checker.load(policy, guard=TOY)


def test_a_result_is_plain_data() -> None:
    """It has a short repr, is ready for JSON, and tells each guard's fate, what was changed where, and what ran."""
    result = checker().check(f"a {SECRET}")
    told = json.loads(json.dumps(result.to_dict()))
    assert repr(result) == "CheckResult('a [WORD]', redact, 1 findings)"
    assert SECRET not in json.dumps(told)
    (inspection,) = told["trace"]["inspections"]
    assert inspection["changes"] == [
        {"before": {"start": 2, "end": 11}, "after": {"start": 2, "end": 8}, "label": "WORD", "action": "redact",
         "guard": "toy"},
    ]  # fmt: skip
    assert told["trace"]["policy"] == "toys"
    assert told["verdict"]["outcomes"][0]["status"] == "changed"
    assert told["trace"]["versions"].keys() == {"llmpost", "torch", "transformers"}
    streamed = checker().check(f"a {SECRET}" + "x" * 30, streaming=True)
    held_back = streamed.trace.inspections[0].held_back
    assert held_back is not None
    assert 0 < held_back.most <= 41


def test_engines_may_share_a_checker() -> None:
    """An engine around a checker has its policy and its surroundings."""
    made = checker()
    engines = [Engine(speaking([SECRET]).loaded, made) for _ in range(2)]
    assert [engine.generate("a>").text for engine in engines] == ["[WORD]", "[WORD]"]
    assert all(engine.checker is made and engine.policy is made.policy for engine in engines)
