"""What a model writes goes through its policy's guards: shown, changed, ended or asked for again, and nothing else."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from hostile_guards import Pattern
from hypothesis import given, settings
from hypothesis import strategies as st
from speaking_engine import cut, speaking

from llmpost.contracts.result import FieldDone, Finished, TextDelta
from llmpost.engine import Engine
from llmpost.errors import PolicyError, RequestError, StageError

SECRET = "swordfish"
TEXT = f"the word is {SECRET}, they say, and {SECRET} it was"
TOY = {"toy": Pattern(SECRET, "WORD", reach=len(SECRET))}
ACTIONS: list[Any] = ["redact", {"mask": {"keep": 0}}, {"replace": "(gone)"}, "truncate", "block", "log", "allow"]


def policy(action: Any = "redact", **keys: Any) -> dict[str, Any]:
    return {"version": 1, "name": "toys", "notice": "[cut]", "guards": [{"use": "toy", "action": action}], **keys}


def spells(value: Any, secret: str = SECRET) -> bool:
    return secret in json.dumps(value.to_dict(), ensure_ascii=False)


@pytest.mark.parametrize("action", ACTIONS)
def test_generate_gives_what_check_gives(action: Any) -> None:
    """The text of a result is `check` of what was written, with its verdict; nothing of it spells what was withheld."""
    engine = speaking(cut(TEXT, 3, 14, 17, 40), policy=policy(action), guards=TOY)
    result = engine.generate("a>", logprobs=True, top_logprobs=2)
    checked = engine.check(TEXT)
    assert (result.text, result.verdict) == (checked.text, checked.verdict)
    is_withheld = action not in ("log", "allow")
    assert spells(result) != is_withheld
    assert (result.token_ids == ()) == is_withheld
    assert (result.logprobs is None) == is_withheld
    assert result.usage.completion_tokens == 6
    assert result.finish_reason == ("blocked" if action == "block" else "stop")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, len(TEXT))), st.sampled_from(ACTIONS))
def test_streams_show_what_check_says_they_do(places: list[int], action: Any) -> None:
    """However the text comes, the pieces are `check(text, streaming=True)` of it, and so is the result."""
    engine = speaking(cut(TEXT, *places), policy=policy(action), guards=TOY)
    *pieces, last = engine.stream("a>", logprobs=True)
    assert isinstance(last, Finished)
    checked = engine.check(TEXT, streaming=True)
    assert "".join(piece.text for piece in pieces) == last.result.text == checked.text
    assert last.result.verdict.action == checked.verdict.action
    assert spells(last.result) == (action in ("log", "allow"))
    assert last.result.trace.inspections[-1].held_back is not None


def test_pieces_come_before_the_end() -> None:
    """Text that nobody can object to any more is shown while the rest is written."""
    engine = speaking(cut(TEXT, *range(len(TEXT))), policy=policy(), guards=TOY)
    pieces = [event.text for event in engine.stream("a>") if isinstance(event, TextDelta)]
    assert len(pieces) > 4
    assert "".join(pieces) == engine.check(TEXT).text


def test_an_ended_text_is_not_written_on() -> None:
    """Where a guard has ended a stream its slots are free before the next step, and nobody writes on."""
    engine = speaking(cut(SECRET + "x" * 100, *range(200)), policy=policy("block"), guards=TOY)
    *pieces, last = engine.stream("a>")
    assert [piece.text for piece in pieces] == ["[cut]"]
    assert (last.result.finish_reason, last.result.verdict.decided_by) == ("blocked", "toy")
    assert engine.loaded.model.num_forwards < 50
    assert engine.loaded.model.num_open == 0


def test_each_candidate_has_a_window_of_its_own() -> None:
    """Of several candidates each is shown, changed or ended by what it says itself."""
    answers = [cut(f"{number}{filler}", *range(60)) for number, filler in enumerate(("plain", f"{SECRET}, yes", "ok"))]
    engine = speaking(*answers, policy=policy("block"), guards=TOY)
    *pieces, last = engine.stream("a>", n=12, seed=1, temperature=1.0)
    texts = {candidate.text for candidate in last.result.candidates}
    assert texts == {"0plain", "1[cut]", "2ok"}
    for number, candidate in enumerate(last.result.candidates):
        assert "".join(piece.text for piece in pieces if piece.candidate == number) == candidate.text
        assert (candidate.finish_reason == "blocked") == (candidate.text == "1[cut]")
    assert not spells(last.result)
    assert not spells(engine.generate("a>", n=12, seed=1, temperature=1.0))


def test_a_batch_may_have_a_policy_for_each() -> None:
    """Requests side by side are judged each by its own policy."""
    engine = speaking(cut(TEXT, 9, 20), guards=TOY)
    policies: list[Any] = [policy(), "bare", policy("block"), policy({"refuse": "No."})]
    results = engine.generate(["a>"] * 4, policy=policies)
    assert [result.text for result in results] == [engine.check(TEXT, policy=one).text for one in policies]
    assert [result.text for result in results[1:]] == [TEXT, "[cut]", "No."]
    with pytest.raises(RequestError, match=r"generate.policy: a list of 2 is not one policy, or a list with one for"):
        engine.generate(["a>"] * 4, policy=policies[:2])
    with pytest.raises(RequestError, match=r"generate.policy: a list of 4 is not one policy"):
        engine.generate("a>", policy=policies)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.sampled_from(["redact", "block", "truncate"]))
def test_a_stream_that_is_left_has_shown_nothing_withheld(length: int, action: str) -> None:
    """Whoever stops listening has heard no character of a span that is withheld, and holds nothing open."""
    engine = speaking(cut(TEXT, *range(len(TEXT))), policy=policy(action), guards=TOY)
    stream = engine.stream("a>")
    shown = "".join(event.text for event, _ in zip(stream, range(length), strict=False) if isinstance(event, TextDelta))
    stream.close()
    assert engine.loaded.model.num_open == 0
    assert engine.check(TEXT, streaming=True).text.startswith(shown)


class Breaking:
    """A processor that breaks when so much is written, and quotes it."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __call__(self, ids: Any, scores: Any) -> Any:
        if ids.shape[1] > self.length:
            raise ValueError(f"cannot go on behind {TEXT[: self.length]}")
        return scores


def test_an_error_keeps_what_is_withheld() -> None:
    """What had been written when a request failed is checked, too, and so is the error that tells of it."""
    pieces = cut(TEXT, *range(len(TEXT)))

    engine = speaking(pieces, policy=policy(), guards=TOY)
    with pytest.raises(StageError) as caught:
        engine.generate("a>", logits_processor=[Breaking(30)])
    assert caught.value.result.text.startswith("the word is [WORD], the")
    assert not spells(caught.value.result)
    assert SECRET not in str(caught.value)
    shown: list[Any] = []
    with pytest.raises(StageError) as caught:
        shown.extend(engine.stream("a>", logits_processor=[Breaking(30)]))
    assert "".join(event.text for event in shown).startswith("the word is ")
    assert SECRET not in "".join(event.text for event in shown)
    assert not spells(caught.value.result)
    (result,) = engine.generate(["a>"], logits_processor=[Breaking(30)])
    assert result.finish_reason == "error"
    assert not spells(result)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_an_error_that_quotes_nothing_withheld_says_all(is_streamed: bool) -> None:
    """Where no guard objects to what was written, it is there whole, and the error has its words."""
    engine = speaking(cut(TEXT, *range(len(TEXT))), policy=policy(), guards=TOY)
    arguments: dict[str, Any] = {"logits_processor": [Breaking(10)]}
    with pytest.raises(StageError, match="cannot go on behind the word i") as caught:
        list(engine.stream("a>", **arguments)) if is_streamed else engine.generate("a>", **arguments)
    assert TEXT.startswith(caught.value.result.text)
    assert len(caught.value.result.token_ids) == len(caught.value.result.text) > 5


SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}, "word": {"type": "string", "maxLength": 12}}}
JSON = f'{{"name": "says {SECRET}", "word": "none"}}'


def test_json_stays_what_its_schema_says() -> None:
    """Under a schema guards look into the strings; the value is read from the text that is shown, fields as well."""
    engine = speaking(cut(JSON, 5, 11, 20), policy=policy(), guards=TOY)
    result = engine.generate("a>", schema=SCHEMA)
    assert result.parsed == {"name": "says [WORD]", "word": "none"}
    assert json.loads(result.text) == result.parsed
    assert not spells(result)
    *events, last = engine.stream("a>", schema=SCHEMA)
    assert last.result.text == result.text
    assert [event.text for event in events if isinstance(event, TextDelta)] == [result.text]
    assert [(event.path, event.value) for event in events if isinstance(event, FieldDone)] == [
        (("name",), "says [WORD]"), (("word",), "none"), ((), result.parsed),
    ]  # fmt: skip
    assert any("as a whole" in note for note in result.trace.notes)


def test_json_that_cannot_be_changed_is_blocked() -> None:
    """A change that the schema does not take falls to `on_invalid`: the answer is blocked, and has no value."""
    engine = speaking([f'{{"word": "{SECRET}"}}'], policy=policy(), guards=TOY)
    exact = {"properties": {"word": {"enum": [SECRET]}}}
    result = engine.generate("a>", schema=exact)
    assert (result.text, result.finish_reason, result.parsed) == ("[cut]", "blocked", None)
    *events, last = engine.stream("a>", schema=exact)
    assert [event.text for event in events] == ["[cut]"]
    assert not spells(last.result)


def test_a_value_that_is_none_any_more_says_so() -> None:
    """A text that was held to a pattern and then changed has no value, and a note says why."""
    engine = speaking([SECRET], policy=policy(), guards=TOY)
    result = engine.generate("a>", regex=SECRET)
    assert (result.text, result.parsed) == ("[WORD]", None)
    assert any("has no value" in note for note in result.trace.notes)
    assert engine.generate("a>", regex=SECRET, policy="bare").parsed == SECRET


def test_retries_are_bounded_and_the_same_each_time() -> None:
    """`retry` asks again with a seed that follows from the first; attempts are in the trace, their tokens counted."""
    engine = speaking([SECRET], ["fine"], policy=policy({"retry": {"times": 6}}), guards=TOY)
    arguments: dict[str, Any] = {"temperature": 1.0, "n": 8, "seed": 3}
    result = engine.generate("a>", **arguments)
    assert {candidate.text for candidate in result.candidates} == {"fine"}
    attempts = [len(candidate.trace.inspections) for candidate in result.candidates]
    most = result.candidates[attempts.index(max(attempts))]
    assert max(attempts) > 1
    assert most.trace.inspections[0].note == "retry: asked again"
    assert most.usage.completion_tokens == 2 * max(attempts)
    assert not spells(result)
    again = engine.generate("a>", **arguments)
    assert [each.trace.seed for each in again.candidates] == [each.trace.seed for each in result.candidates]
    *events, last = engine.stream("a>", **arguments)
    assert [each.text for each in last.result.candidates] == ["fine"] * 8
    assert "".join(event.text for event in events) == "fine" * 8


def test_retries_end_in_a_block() -> None:
    """Who never says anything else is blocked in the end; a greedy model is not asked twice for the same."""
    engine = speaking([SECRET], policy=policy({"retry": {"times": 3}}), guards=TOY)
    result = engine.generate("a>", temperature=1.0, seed=1)
    assert (result.text, result.finish_reason, result.verdict.action) == ("[cut]", "blocked", "block")
    assert len(result.trace.inspections) == 4
    forwards = engine.loaded.model.num_forwards
    assert engine.generate("a>").text == "[cut]"
    assert engine.loaded.model.num_forwards == forwards + 2


def test_reroute_goes_to_another_policy_or_model() -> None:
    """`reroute` asks a model or a policy that was handed in by name; whoever goes in a circle is stopped."""
    other = speaking(["fine"])
    strict = {"version": 1, "name": "strict", "guards": [{"use": "toy", "action": {"refuse": "Never."}}]}
    around = {"guards": TOY, "policies": {"strict": strict}, "models": {"other": other}}
    to_model = speaking([SECRET], policy=policy({"reroute": {"model": "other"}}), **around)
    result = to_model.generate("a>")
    assert (result.text, result.verdict.action) == ("fine", "allow")
    assert result.trace.inspections[0].note == "reroute: asked again"
    to_policy = speaking([SECRET], policy=policy({"reroute": {"policy": "strict"}}), **around)
    result = to_policy.generate("a>")
    assert (result.text, result.trace.policy, result.verdict.action) == ("Never.", "strict", "refuse")
    own = {
        "version": 1,
        "name": "own",
        "notice": "[cut]",
        "guards": [{"use": "toy", "action": {"reroute": {"policy": "own"}}}],
    }
    in_circles = speaking([SECRET], policy="own", guards=TOY, policies={"own": own})
    result = in_circles.generate("a>")
    assert (result.text, result.verdict.action) == ("[cut]", "block")
    for route, message in (
        ({"model": "big"}, "'big' is not a model that was handed in"),
        ({"policy": "no"}, "'no' is"),
    ):
        with pytest.raises(PolicyError, match=message):
            speaking([SECRET], policy=policy({"reroute": route}), guards=TOY)


def test_somebody_reviews() -> None:
    """`review` hands the text to whoever was named, shows a notice, and blocks where nobody was."""
    seen: list[Any] = []
    engine = speaking(
        [TEXT], policy=policy("review"), guards=TOY, on_review=lambda text, verdict: seen.append((text, verdict.action))
    )
    result = engine.generate("a>")
    assert (result.text, result.finish_reason, result.verdict.action) == ("[cut]", "blocked", "review")
    assert seen == [(TEXT, "review")]
    assert not spells(result)
    nobody = speaking([TEXT], policy=policy("review"), guards=TOY).generate("a>")
    assert nobody.verdict.action == "block"


def test_review_file_has_a_line_for_each(tmp_path: Any) -> None:
    """A queue file gets one line of JSON for each text, also from several threads, and no word of any."""
    path = tmp_path / "queue.jsonl"
    engine = speaking([TEXT], policy=policy("review"), guards=TOY, on_review=path, key=b"k" * 32)
    threads = [threading.Thread(target=engine.generate, args=("a>",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(lines) == 8
    assert {line["policy"] for line in lines} == {"toys"}
    assert len({line["text_digest"] for line in lines}) == 1
    assert SECRET not in path.read_text()
    gone = speaking([TEXT], policy=policy("review"), guards=TOY, on_review=tmp_path / "no" / "where")
    assert gone.generate("a>").verdict.action == "block"


def test_the_default_policy_guards() -> None:
    """`default` redacts personal data with a format, and secrets; `bare` guards nothing and says so."""
    text = "Write to maria.chen@example.com, card 4111 1111 1111 1111."
    engine = speaking(cut(text, 12, 30, 44), policy="default")
    result = engine.generate("a>")
    assert result.text == "Write to [EMAIL_ADDRESS], card [CREDIT_CARD]."
    assert [outcome.guard for outcome in result.verdict.outcomes] == ["pii", "secrets"]
    assert not spells(result, "4111")
    bare = engine.generate("a>", policy="bare")
    assert bare.text == text
    assert "no guard looked at this text" in bare.trace.notes
    assert "no guard looked at this text" not in result.trace.notes


def test_the_bundled_model_is_guarded(tiny: Engine) -> None:
    """With a real model: a guard of the words it writes changes all that is shown, streamed and not."""
    arguments: dict[str, Any] = {"max_new_tokens": 24, "seed": 5}
    plain = tiny.generate("Once upon a time", policy="bare", **arguments)
    word = max(plain.text.split(), key=len)
    phrases = {"version": 1, "name": "words", "guards": [{"use": "phrases", "phrases": [word], "action": "redact"}]}
    result = tiny.generate("Once upon a time", policy=phrases, **arguments)
    assert result.text == tiny.check(plain.text, policy=phrases).text
    assert word not in result.text
    *pieces, last = tiny.stream("Once upon a time", policy=phrases, **arguments)
    assert "".join(piece.text for piece in pieces) == last.result.text == result.text
