"""Whatever becomes of a request, there is one record of it for each candidate, and it says what happened."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from typing import Annotated, Any

import pytest
from hostile_guards import Pattern
from hypothesis import given, settings
from hypothesis import strategies as st
from listing_recorder import Listing
from pydantic import AfterValidator
from speaking_engine import cut, speaking

from llmpost.contracts.keeping import Kept
from llmpost.engine import Engine
from llmpost.errors import ConstraintError, LlmpostError, RequestError, StageError
from llmpost.traces.lines import from_line, to_line

SECRET = "swordfish"
TEXT = f"the word is {SECRET}, they say"
TOY = {"toy": Pattern(SECRET, "WORD", reach=len(SECRET))}


def policy(action: Any = "redact", on: str = "output", **keys: Any) -> dict[str, Any]:
    guards = [{"use": "toy", "action": action, "on": on}]
    return {"version": 1, "name": "toys", "notice": "[cut]", "guards": guards, **keys}


def recorded(*answers: Any, policy: Any = "bare", **around: Any) -> tuple[Engine, Listing]:
    records = Listing()
    return speaking(*answers, policy=policy, trace=records, guards=TOY, **around), records


def test_a_record_says_what_its_result_says() -> None:
    """Verdict, reason, usage, timings and trace are those of the result, which has the record's id."""
    engine, records = recorded(cut(TEXT, 9, 20), policy=policy(trace={"store": "raw"}))
    result = engine.generate("a>", seed=7)
    record = records.only
    assert (record.kind, record.store, record.finish_reason, record.error) == ("generate", "raw", "stop", "")
    assert (record.verdict, record.usage, record.timings) == (result.verdict, result.usage, result.timings)
    assert (record.trace, record.id) == (result.trace, result.trace.id)
    assert len(record.id) == 32
    assert (record.prompt, record.raw, record.released) == (
        Kept(2, text="a>"), Kept(len(TEXT), text=TEXT), Kept(len(result.text), text=result.text),
    )  # fmt: skip
    assert 0 < record.timings.total_seconds <= record.seconds
    assert from_line(to_line(record), "here") == record


def test_nobody_records_unless_asked() -> None:
    """Without a trace a result has no id, and the same call gives the same bytes."""
    engine = speaking(["fine"])
    one, other = engine.generate("a>", seed=1), engine.generate("a>", seed=1)
    assert one.trace.id == other.trace.id == ""
    assert one.trace == other.trace


def test_candidates_and_requests_have_records_of_their_own() -> None:
    """A batch has one for each candidate of each request, told apart by id and number, each with its own text."""
    engine, records = recorded(["one"], ["two"], ["three"], policy={"version": 1, "trace": {"store": "raw"}})
    results = engine.generate(["a>", "b>", "c>"], n=[1, 4, 2], temperature=1.0, seed=2)
    every = [(result, n, each) for result in results for n, each in enumerate(result.candidates or (result,))]
    assert [(record.id, record.candidate, record.released) for record in records] == [
        (result.trace.id, n, Kept(len(each.text), text=each.text)) for result, n, each in every
    ]
    assert len({record.id for record in records}) == 3
    assert [record.usage for record in records] == [each.usage for *_, each in every]


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_blocked_prompt_is_recorded(is_streamed: bool) -> None:
    """No model wrote anything: there is no raw text, but the prompt, what was shown in its place, and by whom."""
    engine, records = recorded(["fine"], policy=policy("block", "input", trace={"store": "raw"}))
    prompt = f"say {SECRET}>"
    if is_streamed:
        list(engine.stream(prompt, n=2, temperature=1.0))
    else:
        engine.generate(prompt, n=2, temperature=1.0)
    assert [(record.candidate, record.finish_reason) for record in records] == [(0, "blocked"), (1, "blocked")]
    record = records[0]
    assert (record.raw, record.released) == (None, Kept(5, text="[cut]"))
    assert record.prompt == record.inputs[0] == Kept(len(prompt), text=prompt)
    assert (record.verdict.decided_by, record.trace.inspections[0].verdict.action) == ("toy", "block")


def test_a_changed_prompt_is_there_before_and_after() -> None:
    """`inputs` are what guards were handed, `prompt` is what the model was given."""
    engine, records = recorded(["fine"], policy=policy("redact", "input", trace={"store": "raw"}))
    engine.generate(f"say {SECRET}>")
    assert [kept.text for kept in records.only.inputs] == [f"say {SECRET}>"]
    assert records.only.prompt.text == "say [WORD]>"


def test_what_is_refused_is_recorded() -> None:
    """A request that cannot be carried out has a record with the kind of its error, and nothing that it says."""
    engine, records = recorded(["fine"], policy={"version": 1, "trace": {"store": "raw"}})
    with pytest.raises(RequestError):
        engine.generate("")
    with pytest.raises(RequestError):
        engine.stream("a>" * 4000)
    with pytest.raises(ConstraintError):
        engine.generate(["a>", "b>"], regex="(")
    errors = ["RequestError", "RequestError", "ConstraintError", "ConstraintError"]
    assert [(record.finish_reason, record.error) for record in records] == [("error", error) for error in errors]
    records.clear()
    first, second = engine.generate(["a>", ""])
    assert {record.id: record.error for record in records} == {first.trace.id: "", second.trace.id: "RequestError"}


class Breaking:
    """A processor that breaks when so much is written, and quotes it; or is interrupted there."""

    def __init__(self, length: int, error: type[BaseException] = ValueError) -> None:
        self.length = length
        self.error = error

    def __call__(self, ids: Any, scores: Any) -> Any:
        if ids.shape[1] > self.length:
            raise self.error(f"cannot go on behind {TEXT[: self.length]}")
        return scores


@pytest.mark.parametrize("is_streamed", [False, True])
def test_an_error_on_the_way_is_recorded(is_streamed: bool) -> None:
    """What had been written is in the record, with the kind of the error; once, and with no word of it."""
    engine, records = recorded(cut(TEXT, *range(40)), policy=policy(trace={"store": "redacted"}))
    arguments: dict[str, Any] = {"logits_processor": [Breaking(24)], "n": 1}
    with pytest.raises(StageError):
        list(engine.stream("a>", **arguments)) if is_streamed else engine.generate("a>", **arguments)
    record = records.only
    assert (record.finish_reason, record.error, record.usage.completion_tokens) == ("error", "StageError", 23)
    assert record.raw.text.startswith("the word is [WORD]")
    assert SECRET not in to_line(record).decode()


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_who_interrupts_is_recorded(error: type[BaseException]) -> None:
    """Ctrl-C leaves a record of every candidate of every request, with what had been written, and goes on its way."""
    engine, records = recorded(cut("one and two", *range(20)), policy={"version": 1, "trace": {"store": "raw"}})
    with pytest.raises(error):
        engine.generate(["a>", "b>"], n=[1, 2], temperature=1.0, logits_processor=[Breaking(6, error)])
    reason = "abandoned" if error is KeyboardInterrupt else "error"
    assert [(record.candidate, record.finish_reason, record.error) for record in records] == [
        (number, reason, error.__name__) for number in (0, 0, 1)
    ]
    assert {record.raw.text for record in records} == {"one a"}
    assert {record.released.text for record in records} == {""}
    assert all("given up before its end" in record.trace.notes for record in records)


def test_who_is_asked_again_has_one_record() -> None:
    """After retries a candidate's record has the last attempt's text, and the others in its inspections."""
    engine, records = recorded([SECRET], ["fine"], policy=policy({"retry": {"times": 6}}, trace={"store": "raw"}))
    result = engine.generate("a>", temperature=1.0, n=8, seed=3)
    assert [(record.id, record.candidate) for record in records] == [(result.trace.id, n) for n in range(8)]
    assert [record.raw.text for record in records] == ["fine"] * 8
    assert [record.trace for record in records] == [each.trace for each in result.candidates]
    assert max(len(record.trace.inspections) for record in records) > 1
    records.clear()
    engine, records = recorded([SECRET], policy=policy({"retry": {"times": 2}}, trace={"store": "raw"}))
    engine.generate("a>", temperature=1.0)
    assert (records.only.raw.text, records.only.released.text) == (SECRET, "[cut]")
    assert records.only.verdict.action == "block"


@pytest.mark.parametrize("on", ["input", "output"])
def test_the_strictest_policy_on_the_way_says_what_is_kept(on: str) -> None:
    """Who is handed on to a policy that lets more be kept has no more kept, and to one that lets less, less."""
    ways = [("raw", "digest"), ("digest", "raw"), ("redacted", "raw"), ("raw", "raw")]
    for before, after in ways:
        other = {"version": 1, "name": "other", "trace": {"store": after}}
        route = policy({"reroute": {"policy": "other"}}, on, trace={"store": before})
        engine, records = recorded([SECRET], policy=route, policies={"other": other})
        result = engine.generate(f"{SECRET}>" if on == "input" else "a>")
        record = records.only
        assert (result.text, record.trace.policy) == (SECRET, "other")
        assert record.store == min(before, after, key=["digest", "redacted", "raw"].index)
        assert (SECRET in to_line(record).decode()) == (record.store == "raw")


def refused(value: int) -> int:
    raise ValueError("never")


def test_a_constraint_that_failed_is_recorded() -> None:
    """A text that is not what was asked for has its record, which names no key of it unless the text is there."""
    own: Any = dict[str, Annotated[int, AfterValidator(refused)]]
    engine, records = recorded([f'{{"{SECRET}": 3}}'])
    result = engine.generate("a>", schema=own, policy={"version": 1, "trace": {"store": "digest"}})
    assert (result.finish_reason, records.only.finish_reason) == ("constraint_failed", "constraint_failed")
    assert SECRET in result.trace.notes[-1]
    assert records.only.trace.notes[-1].endswith("which takes less than its schema")
    assert SECRET not in to_line(records.only).decode()
    engine.generate("a>", schema=own, policy={"version": 1, "trace": {"store": "raw"}})
    assert SECRET in records[-1].trace.notes[-1]


def test_masked_tokens_spell_the_text() -> None:
    """What a model wanted is in the trace of a result, and in that of a record where raw texts are."""
    for store in ("raw", "redacted", "digest"):
        engine, records = recorded(["ab", "c"], ["x"], policy={"version": 1, "trace": {"store": store}})
        result = engine.generate("a>", regex="x|abd", trace_masked=2)
        assert result.trace.masked or result.text == "x"
        assert bool(records.only.trace.masked) == (store == "raw" and bool(result.trace.masked))


def test_logits_are_kept_as_the_model_gave_them() -> None:
    """`logits: N` keeps the prompt, each token, and the N best of each row; and changes nothing of the result."""
    own = {"version": 1, "trace": {"store": "raw", "logits": 3}, "decode": {"temperature": 0.7, "seed": 5}}
    engine, records = recorded(["a", "b"], ["a", "c"], policy=own)
    result = engine.generate("a>", top_logprobs=1)
    kept = records.only.tokens
    assert kept.prompt_ids == tuple(b"a>")
    assert kept.token_ids == result.token_ids
    assert [len(row.token_ids) for row in kept.rows] == [3] * len(result.token_ids)
    for row, logprob in zip(kept.rows, result.logprobs, strict=True):
        assert (row.token_ids[0], row.logprobs[0]) == logprob.top_raw[0]
        assert len(logprob.top_raw) == len(logprob.top_staged) == 1
    without = engine.generate("a>", policy={**own, "trace": {"store": "raw"}})
    assert (without.token_ids, without.logprobs) == (result.token_ids, None)
    assert records[1].tokens is None
    assert engine.generate("a>").logprobs is None


def test_log_mass_is_kept_also_of_what_was_withheld() -> None:
    """How likely what masks left was is one number of a record, whatever was shown."""
    engine, records = recorded([SECRET], ["none"], policy=policy())
    result = engine.generate("a>", regex=f"{SECRET}", log_mass=True)
    assert result.log_mass is None
    assert records.only.log_mass == pytest.approx(-0.6931, abs=1e-3)


def test_json_documents_are_kept_as_documents() -> None:
    """Under a schema spans count in the document, and so what is redacted is still around the same syntax."""
    engine, records = recorded([f'{{"name": "says {SECRET}"}}'], policy=policy("log", trace={"store": "redacted"}))
    engine.generate("a>", schema={"type": "object", "properties": {"name": {"type": "string"}}})
    assert records.only.is_document
    assert records.only.raw.text == records.only.released.text == '{"name": "says [WORD]"}'
    assert json.loads(records.only.raw.text) == {"name": "says [WORD]"}


def test_chats_are_kept_as_guards_were_told(random_chat_model_folder: Any) -> None:
    """Of a chat `prompt` is all that was said, `system` what the operator said, `inputs` what guards looked at."""
    own = policy("redact", "input", trace={"store": "redacted"})
    records = Listing()
    engine = Engine.load(str(random_chat_model_folder), own, guards=TOY, trace=records)
    chat = [{"role": "system", "content": "be brief"}, {"role": "user", "content": f"say {SECRET}"}]
    engine.generate(chat, max_new_tokens=2)
    engine.generate(chat[1:], max_new_tokens=2)
    with_operator, without = records
    assert [kept.text for kept in with_operator.inputs] == ["say [WORD]"]
    assert (with_operator.prompt.text, with_operator.system.text) == (None, None)
    assert with_operator.system.characters == len("be brief")
    assert (without.prompt.text, without.system) == ("say [WORD]", None)


def test_an_unknown_trace_is_wrong_use() -> None:
    """What is no place for records is said when the engine is made."""
    for trace in (7, [1]):
        with pytest.raises(LlmpostError, match=r"trace: a \w+ is not a path, or an object with add\(record\)"):
            speaking(["fine"], trace=trace)
    with pytest.raises(RequestError, match="on_trace_failure: 'ignore' is not raise or note"):
        speaking(["fine"], on_trace_failure="ignore")
    with pytest.raises(RequestError, match="trace_key: a str is not bytes"):
        speaking(["fine"], trace_key="key")


ERRORS = st.none() | st.tuples(st.integers(2, 8), st.sampled_from([KeyboardInterrupt, ValueError, SystemExit]))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(1, 3), min_size=1, max_size=3),
    st.sampled_from(["redact", "block", {"retry": {"times": 2}}, {"reroute": {"policy": "other"}}, {"refuse": "No."}]),
    st.sampled_from(["input", "output"]),
    ERRORS,
    st.integers(0, 9),
)
def test_everybody_has_one_record(
    sizes: list[int], action: Any, on: str, error: tuple[int, type[BaseException]] | None, seed: int
) -> None:
    """Whatever is done about a text, however often it is asked again, and whatever breaks: one for each candidate."""
    action = "redact" if on == "input" and "retry" in action else action
    others = {"other": {"version": 1, "name": "other"}}
    engine, records = recorded(cut(SECRET, 3, 5), cut("fine", 2), policy=policy(action, on), policies=others)
    prompts = [f"{SECRET}>" if place % 2 else "a>" for place, _ in enumerate(sizes)]
    processors = [] if error is None else [Breaking(*error)]
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        engine.generate(prompts, n=sizes, temperature=1.0, seed=seed, logits_processor=processors)
    found = Counter((record.id, record.candidate) for record in records)
    assert set(found.values()) == {1}
    assert sorted(Counter(name for name, _ in found).values()) == sorted(sizes)
    assert engine.loaded.model.num_open == 0
