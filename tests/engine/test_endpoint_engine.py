"""An engine over a server: asked over real HTTP, its texts pass the same guards, policies, budgets and traces."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from listing_recorder import Listing
from speaking_engine import speaking
from speaking_server import SpeakingServer, answers, gives, hangs, says, streams

from llmpost.contracts.result import FieldDone, Finished, TextDelta
from llmpost.contracts.text_model import Form, Message, Question
from llmpost.engine import Engine
from llmpost.engine.text_models import text_model
from llmpost.errors import LlmpostError, ModelError, RequestError

MAIL = "maria@example.com"
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"]}
PII = {"version": 1, "name": "p", "guards": [{"use": "pii", "action": "redact"}]}


def engine_of(server: SpeakingServer, policy: Any = "bare", **options: Any) -> Engine:
    return Engine.load(server.model, policy, **options)


def test_an_answer_is_a_result() -> None:
    """Text, end and tokens counted are the server's, and the trace says who drew and under which policy."""
    with SpeakingServer([says("Hi")]) as server:
        result = engine_of(server).generate("Hello", temperature=0, max_new_tokens=5, seed=3)
        body = server.asked[0].body
    assert (result.text, result.finish_reason, result.usage.total_tokens) == ("Hi", "stop", 10)
    assert (result.trace.model, result.trace.policy, result.trace.seed) == (server.model, "bare", 3)
    assert any("the server draws" in note for note in result.trace.notes)
    assert body == {
        "model": "small", "messages": [{"role": "user", "content": "Hello"}], "temperature": 0.0, "max_tokens": 5,
        "seed": 3,
    }  # fmt: skip


def test_no_seed_is_sent_that_nobody_named() -> None:
    """Nor does a trace name one."""
    with SpeakingServer([says("Hi")]) as server:
        result = engine_of(server).generate([{"role": "developer", "content": "x"}, {"role": "user", "content": "y"}])
    assert result.trace.seed is None
    assert "seed" not in server.asked[0].body
    assert [message["role"] for message in server.asked[0].body["messages"]] == ["system", "user"]


def test_guards_look_at_prompts_and_answers() -> None:
    """What the input side changes is what the server reads; what the output side changes is what is shown."""
    guards = [{"use": "pii", "action": "redact", "on": ["input", "output"]}]
    with SpeakingServer([says(f"Write to {MAIL}.")]) as server:
        result = engine_of(server, {**PII, "guards": guards}).generate(f"I am {MAIL}")
    assert result.text == "Write to [EMAIL_ADDRESS]."
    assert MAIL not in json.dumps(server.asked[0].body)


def test_a_blocked_prompt_is_never_sent() -> None:
    """The server hears nothing of it."""
    guards = [{"use": "pii", "action": "block", "on": "input"}]
    with SpeakingServer([says("x")]) as server:
        assert engine_of(server, {**PII, "guards": guards}).generate(f"I am {MAIL}").finish_reason == "blocked"
    assert server.asked == []


@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_a_stream_shows_what_a_check_would(size: int) -> None:
    """Through the release window, however the server cuts its pieces."""
    text = f"Write to {MAIL} or call me. " * 3
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    with SpeakingServer([streams(pieces)]) as server:
        engine = engine_of(server, PII)
        events = list(engine.stream("Hello"))
    shown = "".join(event.text for event in events if isinstance(event, TextDelta))
    (finished,) = [event for event in events if isinstance(event, Finished)]
    assert shown == finished.result.text == engine.check(text, streaming=True).text
    assert MAIL not in shown
    assert finished.result.verdict.action == "redact"


def test_a_stream_is_shown_as_it_comes() -> None:
    """A piece is there before the server has said the next."""
    goes_on = threading.Event()

    def script(handler: Any, asked: Any) -> None:
        def pieces() -> Iterator[str]:
            yield "a"
            assert goes_on.wait(20)
            yield "b"

        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for piece in pieces():
            chunk = {"choices": [{"delta": {"content": piece}, "finish_reason": "stop" if piece == "b" else None}]}
            handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        handler.close_connection = True

    with SpeakingServer([script]) as server:
        events = engine_of(server).stream("Hello")
        assert next(events) == TextDelta("a")
        goes_on.set()
        assert [event.text for event in events if isinstance(event, TextDelta)] == ["b"]


def test_a_stream_that_is_cut_shows_no_more_and_raises() -> None:
    """What was held back when the line broke stays so; the error holds what had been shown."""
    with SpeakingServer([streams(["Hello ", f"to {MAIL[:-4]}"], is_cut=True)]) as server:
        events, shown = engine_of(server, PII).stream("Hi"), []
        with pytest.raises(ModelError) as caught:
            shown.extend(events)
    text = "".join(event.text for event in shown)
    assert "Hello to maria".startswith(text)
    assert caught.value.result.finish_reason == "error"


def test_a_guard_that_ends_a_stream_ends_it_for_the_server() -> None:
    """Nothing more is read when a block has ended the text."""
    policy = {**PII, "notice": "[no]", "guards": [{"use": "phrases", "phrases": ["stop"], "action": "block"}]}
    with SpeakingServer([streams(["go on ", "stop ", *["x " * 50] * 200])]) as server:
        *_, finished = engine_of(server, policy).stream("Hi")
    assert isinstance(finished, Finished)
    assert (finished.result.text, finished.result.finish_reason) == ("go on [no]", "blocked")


def test_a_schema_is_passed_down_and_verified() -> None:
    """The server is asked for it in its words, and its answer is read as a value."""
    with SpeakingServer([says('\n {"b": "\\u0041", "a": 3}\n')], owner="vllm") as server:
        result = engine_of(server).generate("?", schema=SCHEMA)
    assert (result.parsed, result.finish_reason) == ({"a": 3, "b": "A"}, "stop")
    assert server.asked[0].body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert any("the server was asked to hold to the schema" in note for note in result.trace.notes)


BAD = ['{"a": "x"}', '{"a": 1', "", "a", '{"b": ""}', '{"a": 1} x', "\ud800"]


@pytest.mark.parametrize("bad", BAD)
def test_what_is_not_of_its_form_is_withheld(bad: str) -> None:
    """Whatever the server says of itself, an answer that is no instance is not shown, and is no value."""
    with SpeakingServer([says(bad)], owner="vllm") as server:
        result = engine_of(server).generate("?", schema=SCHEMA)
    assert (result.text, result.parsed, result.finish_reason) == ("", None, "constraint_failed")


def test_it_is_asked_again_where_that_is_wanted() -> None:
    """As often as the option says, each time with another seed; tokens of all answers are counted."""
    with SpeakingServer([says("{"), says("nothing"), says('{"a": 1}')]) as server:
        result = engine_of(server, form_retries=2).generate("?", schema=SCHEMA, seed=5)
    assert result.parsed == {"a": 1}
    assert result.usage.completion_tokens == 9
    seeds = [asked.body["seed"] for asked in server.asked]
    assert seeds[0] == 5
    assert len(set(seeds)) == 3


@pytest.mark.parametrize(
    ("keywords", "good", "bad"),
    [
        ({"regex": "[0-9]{3}"}, "123", "12a"),
        ({"choice": ["yes", "no"]}, "yes", "yes."),
        ({"quote": "the quick fox"}, "quick", "quickly"),
        ({"forbid": ["secret [a-z]+"]}, "nothing", "the secret word"),
        ({"forbid": [{"entity": "US_SSN"}]}, "123-45", "it is 123-45-6789."),
        ({"regex": "[a-z ]+", "forbid": ["cat"]}, "a dog", "a cat"),
    ],
)
def test_every_constraint_is_verified(keywords: dict[str, Any], good: str, bad: str) -> None:
    """Also those that no server can be asked for."""
    with SpeakingServer([says(good), says(bad)]) as server:
        engine = engine_of(server)
        assert engine.generate("?", **keywords).text == good
        refused = engine.generate("?", **keywords)
    assert refused.text == ""
    assert refused.finish_reason == ("blocked" if list(keywords) == ["forbid"] else "constraint_failed")


def test_a_stream_under_a_schema_comes_when_it_is_verified() -> None:
    """As a whole, with its fields."""
    with SpeakingServer([says('{"a": 1, "b": "x"}')]) as server:
        events = list(engine_of(server).stream("?", schema=SCHEMA))
        nothing = list(engine_of(server).stream("?", schema={"type": "array"}))
    assert [event.value for event in events if isinstance(event, FieldDone)] == [1, "x", {"a": 1, "b": "x"}]
    assert [type(event) for event in nothing] == [Finished]


def test_an_answer_cut_by_its_length_says_so() -> None:
    """The beginning of an instance is shown as what it is; anything else is withheld."""
    with SpeakingServer([says('{"a": 12', "length"), says('{"c": 1', "length")]) as server:
        engine = engine_of(server)
        cut = engine.generate("?", schema=SCHEMA)
        wrong = engine.generate("?", schema={**SCHEMA, "additionalProperties": False})
    assert (cut.text, cut.finish_reason, cut.parsed) == ('{"a": 12', "length", None)
    assert (wrong.text, wrong.finish_reason) == ("", "constraint_failed")


@pytest.mark.parametrize(
    "keywords",
    [
        {"log_mass": True}, {"conditional": True, "regex": "a"}, {"top_k": 4}, {"min_p": 0.1}, {"trace_masked": 2},
        {"repetition_penalty": 1.2}, {"bad_words_ids": [[1]]}, {"logprobs": True}, {"top_logprobs": 2},
        {"logits_processor": [lambda ids, scores: scores]}, {"template": False}, {"forced_tokens": [1]},
        {"finish_after": 0.5},
    ],
)  # fmt: skip
def test_what_needs_logits_is_refused_by_name(keywords: dict[str, Any]) -> None:
    """Nothing is dropped in silence, and nothing is sent."""
    with SpeakingServer([says("x")]) as server, pytest.raises(RequestError):
        engine_of(server).generate("?", **keywords)
    assert server.asked == []


@pytest.mark.parametrize(
    "prompt",
    ["", [], [1, 2], [{"role": "tool", "content": "x"}], [{"role": "user"}], [{"content": "x"}],
     [{"role": "user", "content": [{"type": "image_url"}]}], 3],
)  # fmt: skip
def test_prompts_that_no_server_reads_are_refused(prompt: Any) -> None:
    """Token ids, pictures, and what is no prompt at all."""
    with SpeakingServer([says("x")]) as server, pytest.raises(RequestError):
        engine_of(server).generate(prompt)
    assert server.asked == []


def test_batches_and_candidates_keep_their_order() -> None:
    """Several are asked at once; one that fails ends alone, and candidates have seeds of their own."""

    def reply(asked: Any) -> str:
        return f"{asked.body['messages'][-1]['content']} {asked.body['seed']}"

    with SpeakingServer([answers(reply)]) as server:
        engine = engine_of(server)
        results = engine.generate([str(place) for place in range(20)] + [""], seed=1)
        several = engine.generate("x", seed=1, n=3)
    assert [result.text for result in results] == [*(f"{place} 1" for place in range(20)), ""]
    assert [result.finish_reason for result in results] == ["stop"] * 20 + ["error"]
    assert len({candidate.text for candidate in several.candidates}) == 3
    assert several.candidates[0].text == "x 1"


def test_a_guard_may_ask_again_and_hand_on() -> None:
    """`retry` asks the server again; `reroute` hands the prompt to a model that is loaded here, or back."""
    retry = {**PII, "guards": [{"use": "pii", "action": {"retry": {"times": 2}}}], "release": "at_end"}
    with SpeakingServer([says(MAIL), says(MAIL), says("fine")]) as server:
        result = engine_of(server, retry).generate("?", seed=1)
    assert (result.text, result.usage.completion_tokens) == ("fine", 9)
    assert len({asked.body["seed"] for asked in server.asked}) == 3
    onward = {**PII, "guards": [{"use": "pii", "action": {"reroute": {"model": "other"}}}], "release": "at_end"}
    with SpeakingServer([says(MAIL), says("from the server")]) as server:
        here = engine_of(server, onward, models={"other": speaking(["from here"])})
        there = Engine(speaking([MAIL]).loaded, onward, here.checker.surroundings)
        assert here.generate("?>").text == "from here"
        assert there.generate("?>").text == "from here"
        back = Engine.load(server.model)
        away = Engine.load(server.model, onward, models={"other": back})
        server.asked.clear()
        assert away.generate("?>").text == "from the server"


def test_budgets_hold() -> None:
    """What takes too long ends with what there is by then."""
    policy = {**PII, "budget": {"total_ms": 400}}

    def script(handler: Any, asked: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(b'data: {"choices": [{"delta": {"content": "so far"}}]}\n\n')
        hangs(handler, asked)

    with SpeakingServer([script]) as server:
        result = engine_of(server, policy).generate("?")
    with SpeakingServer([hangs]) as server:
        held = engine_of(server).generate("?", regex="a", max_time=0.2)
    assert (result.text, result.finish_reason) == ("so far", "time")
    assert (held.text, held.finish_reason) == ("", "time")


def test_failures_are_results_with_errors() -> None:
    """A server that refuses raises for one prompt, and ends one of a batch alone."""
    with SpeakingServer([gives({}, 401)]) as server:
        engine = engine_of(server)
        with pytest.raises(ModelError, match="status 401"):
            engine.generate("?")
        assert [result.finish_reason for result in engine.generate(["?", "!"])] == ["error", "error"]


def test_a_filter_of_the_servers_is_a_block() -> None:
    """What its side kept back is told as kept back."""
    with SpeakingServer([says("so", "content_filter")]) as server:
        result = engine_of(server).generate("?")
    assert (result.finish_reason, result.text) == ("blocked", "so")


def test_records_are_kept() -> None:
    """Each answer of a server has its record, whole or streamed, like any other."""
    records = Listing()
    with SpeakingServer([says(f"Mail {MAIL}"), streams(["a", "b"])]) as server:
        engine = engine_of(server, {**PII, "trace": {"store": "redacted"}}, trace=records)
        engine.generate("?")
        list(engine.stream("?"))
    assert [record.released.text for record in records] == ["Mail [EMAIL_ADDRESS]", "ab"]
    assert [record.trace.model for record in records] == [server.model] * 2


def test_text_models_are_made_once() -> None:
    """The same name is the same model; a server is another with other options, and a local one has none."""
    with SpeakingServer([says("yes")]) as server:
        model = text_model(server.model)
        assert text_model(server.model) is model
        assert text_model(server.model, {"retries": 0}) is not model
        assert model.complete(Question((Message("user", "?"),))).text == "yes"
    assert text_model("tiny") is text_model("tiny")
    with pytest.raises(ModelError, match="options of an endpoint"):
        text_model("tiny", {"retries": 0})
    with pytest.raises(LlmpostError):
        text_model("./no/such/folder")


def test_the_document_runs() -> None:
    """The blocks of docs/endpoints.md, one after the other, with a server where they say that there is one."""
    document = (Path(__file__).resolve().parents[2] / "docs" / "endpoints.md").read_text("utf-8")
    program = "".join(re.findall(r"```python\n(.*?)```", document, re.DOTALL))
    names: dict[str, Any] = {}
    with SpeakingServer([answers(lambda asked: "red")]) as server:
        exec(program.replace("http://localhost:8000/v1", server.url), names)
    assert (names["result"].parsed, names["reply"].is_held) == ("red", True)


LOCAL_FORMS = [
    Form("choice", ("yes", "no")),
    Form("regex", "(yes|no): [a-z ]{1,9}"),
    Form("json_schema", '{"enum": ["yes", "no"]}'),
]


@pytest.mark.parametrize("form", LOCAL_FORMS)
def test_a_local_text_model_holds_its_forms(form: Form) -> None:
    """By constraint, with the log-probability of each token that was written; a stream says the same."""
    asked = Question((Message("system", "Judge."), Message("user", "Hello \ud800")), form, top_logprobs=2)
    model = text_model("tiny")
    reply, stream = model.complete(asked), model.stream(asked)
    assert reply.is_held
    assert "".join(stream) == stream.reply.text == reply.text
    assert "yes" in reply.text or "no" in reply.text
    assert reply.tokens is not None
    assert "".join(token.text for token in reply.tokens) == reply.text
    assert all(len(token.top) == 2 and token.top[0][1] >= token.logprob for token in reply.tokens)


def test_a_local_text_model_fails_as_a_model() -> None:
    """An answer that comes too late, and a question that cannot be asked, are ModelErrors that do not quote it."""
    model = text_model("tiny")
    with pytest.raises(ModelError, match="deadline"):
        model.complete(Question((Message("user", "Hello"),), deadline=0.0))
    with pytest.raises(ModelError) as caught:
        model.complete(Question((Message("user", "purple " * 5_000),)))
    assert "purple" not in str(caught.value)
    with pytest.raises(ModelError):
        model.stream(Question((Message("user", "Hello"),), Form("regex", "(")))
