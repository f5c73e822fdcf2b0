"""A server as a text model: asked over real HTTP, it answers, or its failure is a ModelError that tells nothing."""

import json
import math
import threading
import time
from typing import Any

import pytest
from speaking_server import (
    USAGE,
    SpeakingServer,
    chunk,
    drips,
    gives,
    hangs,
    says,
    sends,
    streams,
    streams_bytes,
    whole,
    writes,
)

from llmpost.contracts.result import Usage
from llmpost.contracts.text_model import Form, Message, Question, SpokenToken
from llmpost.errors import ModelError
from llmpost.models.openai.endpoint import Endpoint
from llmpost.models.openai.options import EndpointOptions

SECRET_TEXT = "purple-elephant-question"
FAKE_KEY = "fake-key-0123456789"
SCHEMA = '{"type": "object", "properties": {"v": {"type": "integer"}}, "required": ["v"]}'


def question(text: str = SECRET_TEXT, form: Form | None = None, **settings: Any) -> Question:
    return Question((Message("system", "Be brief."), Message("user", text)), form, settings)


def endpoint(server: SpeakingServer, **options: Any) -> Endpoint:
    return Endpoint.of(server.model, EndpointOptions.of(options), {"LLMPOST_API_KEY": FAKE_KEY})


def test_an_answer_is_read() -> None:
    """Text, end, tokens counted and the model's name come as the server says them, and it was asked what was asked."""
    with SpeakingServer([says("Hi")]) as server:
        reply = endpoint(server).complete(question(max_new_tokens=5, temperature=0.5, seed=3, stop=("x",)))
        (asked,) = server.asked
    assert (reply.text, reply.finish_reason, reply.model, reply.usage) == ("Hi", "stop", "small-1", Usage(7, 3))
    assert not reply.is_held
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {FAKE_KEY}"
    assert asked.body == {
        "model": "small",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": SECRET_TEXT}],
        "max_tokens": 5,
        "temperature": 0.5,
        "seed": 3,
        "stop": ["x"],
    }


def test_a_stream_is_the_same_answer() -> None:
    """Pieces come as they are sent, and behind them the reply that a whole answer gives."""
    with SpeakingServer([streams(["H", "", "i", "\N{GRINNING FACE}"])]) as server:
        stream = endpoint(server).stream(question())
        assert list(stream) == ["H", "i", "\N{GRINNING FACE}"]
        assert server.asked[0].body["stream"] is True
    assert (stream.reply.text, stream.reply.finish_reason, stream.reply.usage) == (
        "Hi\N{GRINNING FACE}",
        "stop",
        Usage(7, 3),
    )


def test_log_probabilities_are_read() -> None:
    """Each token with the best at its place, descending, where they were asked for and are given."""
    top = [{"token": "no", "logprob": -2.0}, {"token": "yes", "logprob": -0.25}]
    content = [{"token": "yes", "logprob": -0.25, "top_logprobs": top}]
    asked = Question((Message("user", "?"),), top_logprobs=2)
    with SpeakingServer([says("yes", logprobs={"content": content}), says("yes")]) as server:
        model = endpoint(server)
        assert model.complete(asked).tokens == (SpokenToken("yes", -0.25, (("yes", -0.25), ("no", -2.0))),)
        assert model.complete(asked).tokens is None
        assert server.asked[0].body["top_logprobs"] == 2


def test_lines_are_used_again() -> None:
    """One connection carries many questions, also streams that were read to their end."""
    with SpeakingServer([says("a"), streams(["b"]), says("c")]) as server:
        model = endpoint(server)
        model.complete(question())
        list(model.stream(question()))
        model.complete(question())
        model.close()
    assert len({asked.line for asked in server.asked}) == 1


def test_an_old_line_that_is_gone_costs_nothing() -> None:
    """A server may hang up between questions: the next one is asked on a new line, and no try is spent on that."""
    goodbye = sends("application/json", json.dumps(whole("a")).encode(), Connection="close")
    with SpeakingServer([goodbye, says("b")]) as server:
        model = endpoint(server, retries=0)
        assert [model.complete(question()).text, model.complete(question()).text] == ["a", "b"]


def test_threads_share_an_endpoint() -> None:
    """Questions from several threads get their own answers."""

    def script(handler: Any, asked: Any) -> None:
        says(asked.body["messages"][-1]["content"])(handler, asked)

    with SpeakingServer([script]) as server:
        model, answers = endpoint(server), {}

        def ask(number: int) -> None:
            answers[number] = [model.complete(question(f"{number} {turn}")).text for turn in range(5)]

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {number: [f"{number} {turn}" for turn in range(5)] for number in range(6)}


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_what_passes_is_tried_again(status: int) -> None:
    """After a status that may be over the next time the same is asked once more."""
    with SpeakingServer([gives({}, status, Retry_After="0"), says("Hi")]) as server:
        assert endpoint(server).complete(question()).text == "Hi"
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_stays_is_not_tried_again(status: int) -> None:
    """A refusal that will be the same the next time is told at once."""
    with SpeakingServer([gives({}, status)]) as server, pytest.raises(ModelError, match=f"status {status}"):
        endpoint(server).complete(question())
    assert len(server.asked) == 1


def test_tries_are_bounded() -> None:
    """One more than the retries, and no more."""
    with SpeakingServer([gives({}, 503, Retry_After="0")]) as server, pytest.raises(ModelError, match="status 503"):
        endpoint(server, retries=3).complete(question())
    assert len(server.asked) == 4


def test_an_empty_account_is_no_passing_trouble() -> None:
    """A quota that is used up has the status of haste, and is not asked about again."""
    error = {"error": {"message": SECRET_TEXT, "type": "insufficient_quota", "code": "insufficient_quota"}}
    with SpeakingServer([gives(error, 429)]) as server, pytest.raises(ModelError, match="insufficient_quota"):
        endpoint(server).complete(question())
    assert len(server.asked) == 1


def test_nobody_waits_beyond_the_deadline() -> None:
    """A server that asks for more patience than there is gets none."""
    with SpeakingServer([gives({}, 429, Retry_After="3600")]) as server, pytest.raises(ModelError, match="status 429"):
        endpoint(server, total_ms=5_000).complete(question())
    assert len(server.asked) == 1


BROKEN_WHOLES = {
    "no JSON": sends("application/json", b"{" + SECRET_TEXT.encode()),
    "no UTF-8": sends("application/json", b'"\xff"'),
    "deep": sends("application/json", b"[" * 100_000),
    "huge number": sends("application/json", b"9" * 100_000),
    "HTML": sends("text/html", b"<h1>purple-elephant-question</h1>"),
    "packed": sends("application/json", b"x", Content_Encoding="gzip"),
    "empty": sends("application/json", b""),
    "redirected": sends("text/html", b"", 307, Location="http://localhost:1/"),
    "moved": gives({}, 301, Location="/v1/elsewhere"),
    "null": gives(None),
    "list": gives([SECRET_TEXT]),
    "no choices": gives({"id": SECRET_TEXT}),
    "choices no list": gives({"choices": {SECRET_TEXT: 1}}),
    "empty choices": gives({"choices": []}),
    "choice a text": gives({"choices": [SECRET_TEXT]}),
    "message a text": gives({"choices": [{"message": SECRET_TEXT, "finish_reason": "stop"}]}),
    "content a number": gives({"choices": [{"message": {"content": 3}, "finish_reason": "stop"}]}),
    "no end": gives({"choices": [{"message": {"content": SECRET_TEXT}}]}),
    "an error": gives({"error": {"message": SECRET_TEXT, "code": SECRET_TEXT, "type": FAKE_KEY}}),
    "an error's text": gives({"error": SECRET_TEXT}, 400),
    "tokens no list": gives(whole("x", logprobs={"content": 3})),
    "token no object": gives(whole("x", logprobs={"content": [SECRET_TEXT]})),
    "token's number endless": gives(whole("x", logprobs={"content": [{"token": "x", "logprob": -math.inf}]})),
    "no HTTP": writes(b"purple-elephant-question\r\n\r\n"),
    "long header": writes(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"),
    "many headers": writes(b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 1_000 + b"\r\n"),
    "cut headers": writes(b"HTTP/1.1 200 OK\r\nContent-"),
    "cut body": writes(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"),
    "bad chunk": writes(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    ),
    "negative chunk": writes(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}"
    ),
    "says nothing": writes(b""),
}


@pytest.mark.parametrize("name", BROKEN_WHOLES)
def test_a_broken_answer_is_an_error_that_tells_nothing(name: str) -> None:
    """Whatever comes instead of an answer, a ModelError in four parts is raised, and quotes neither texts nor keys."""
    with SpeakingServer([BROKEN_WHOLES[name]]) as server, pytest.raises(ModelError) as caught:
        endpoint(server, retries=0, total_ms=20_000).complete(question())
    told = f"{caught.value!r} {caught.value} {caught.value.__cause__}"
    assert SECRET_TEXT not in told
    assert FAKE_KEY not in told
    assert all([caught.value.where, caught.value.given, caught.value.allowed, caught.value.hint])


BROKEN_STREAMS = {
    "cut": streams(["a"], is_cut=True),
    "closed without an end": streams(["a"], is_closed=True),
    "done without an end": streams_bytes([b"data: [DONE]\n\n"]),
    "no JSON": streams_bytes([b"data: purple-elephant-question\n\n"]),
    "an error": streams_bytes([b'data: {"error": {"message": "purple-elephant-question"}}\n\n']),
    "no event's end": streams_bytes([b"data: " + b"x" * 2_000_000]),
    "whole": says("a"),
    "other kind": sends("text/plain", b"data: 1\n\n"),
    "delta a text": streams_bytes([b'data: {"choices": [{"delta": "purple-elephant-question"}]}\n\n']),
    "nothing": streams_bytes([]),
}


@pytest.mark.parametrize("name", BROKEN_STREAMS)
def test_a_broken_stream_is_an_error_that_tells_nothing(name: str) -> None:
    """A stream that breaks, whenever, ends in a ModelError: what there was is not taken for the whole."""
    with SpeakingServer([BROKEN_STREAMS[name]]) as server, pytest.raises(ModelError) as caught:
        list(endpoint(server, retries=0).stream(question()))
    assert SECRET_TEXT not in str(caught.value)


def test_no_piece_is_handed_out_twice() -> None:
    """A stream that breaks after its first piece is not begun again, however many tries there are."""
    with SpeakingServer([streams(["a"], is_cut=True), streams(["b"])]) as server:
        stream, pieces = endpoint(server, retries=3).stream(question()), []
        with pytest.raises(ModelError):
            pieces.extend(stream)
        with pytest.raises(ModelError, match="not whole"):
            stream.reply  # noqa: B018
    assert len(server.asked) == 1


def test_a_stream_is_tried_again_before_its_first_piece() -> None:
    """What a status says is told before anything was handed out."""
    with SpeakingServer([gives({}, 503, Retry_After="0"), streams(["b"])]) as server:
        assert list(endpoint(server).stream(question())) == ["b"]


@pytest.mark.parametrize("script", [hangs, drips(b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 90), drips(b"x" * 100_000)])
def test_a_slow_server_is_given_up(script: Any) -> None:
    """One that says nothing, or a byte now and then, is waited for until the end of the time and no longer."""
    with SpeakingServer([script]) as server, pytest.raises(ModelError, match="in time"):
        endpoint(server, total_ms=300).complete(question())


def test_a_slow_body_is_given_up() -> None:
    """Also where the headers came in time."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"

    def script(handler: Any, asked: Any) -> None:
        handler.wfile.write(head)
        drips(b" " * 100_000)(handler, asked)

    with SpeakingServer([script]) as server, pytest.raises(ModelError, match="in time"):
        endpoint(server).complete(Question((Message("user", "?"),), deadline=time.monotonic() + 0.3))


def test_a_silence_in_a_stream_is_given_up() -> None:
    """The longest silence is bounded also between pieces."""

    def script(handler: Any, asked: Any) -> None:
        streams_bytes([f"data: {json.dumps(chunk('a'))}\n\n".encode()] * 2, is_cut=True)(handler, asked)
        hangs(handler, asked)

    with SpeakingServer([script]) as server:
        stream, pieces = endpoint(server, read_ms=100).stream(question()), []
        with pytest.raises(ModelError, match="in time"):
            pieces.extend(stream)
    assert pieces == ["a", "a"]


def test_a_silent_server_is_tried_again() -> None:
    """A silence that ends before the time does costs one try."""
    with SpeakingServer([hangs, says("Hi")]) as server:
        assert endpoint(server, read_ms=200).complete(question()).text == "Hi"


def test_sizes_are_bounded() -> None:
    """A question or an answer beyond the bound is an error, whatever headers say."""
    with SpeakingServer([says("x" * 5_000), streams(["x" * 500] * 20)]) as server:
        model = endpoint(server, most_bytes=3_000)
        with pytest.raises(ModelError, match="at most 3000 bytes"):
            model.complete(question())
        with pytest.raises(ModelError, match="at most 3000 bytes"):
            list(model.stream(question()))
        with pytest.raises(ModelError, match="at most 3000 bytes"):
            model.complete(question("x" * 5_000))
    assert len(server.asked) == 2


def test_a_closed_stream_hangs_up() -> None:
    """Whoever has enough of a stream frees its line: nobody writes for nobody."""
    hung_up = threading.Event()

    def script(handler: Any, _: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        try:
            for _ in range(2_000):
                handler.wfile.write(f"data: {json.dumps(chunk('a' * 500))}\n\n".encode())
                handler.server.speaking.is_over.wait(0.002)
        except OSError:
            hung_up.set()
        handler.close_connection = True

    with SpeakingServer([script]) as server:
        stream = endpoint(server).stream(question())
        assert next(iter(stream)) == "a" * 500
        stream.close()
        assert hung_up.wait(20)


def test_a_server_that_is_not_there() -> None:
    """Nobody at the address is an error that names it."""
    with SpeakingServer([says("x")]) as server:
        model = endpoint(server, retries=1)
    with pytest.raises(ModelError, match="no connection was had"):
        model.complete(question())


HELD = [
    (None, Form("json_schema", SCHEMA), "response_format", False),
    ("nobody", Form("json_schema", SCHEMA), "response_format", False),
    ("nobody", Form("choice", ("1", "2")), None, False),
    ("vllm", Form("json_schema", SCHEMA), "response_format", True),
    ("vllm", Form("regex", "[0-9]"), "structured_outputs", True),
    ("vllm", Form("choice", ("1", "2")), "structured_outputs", True),
    ("vllm", Form("choice", ("3", "4")), "structured_outputs", False),
    ("sglang", Form("regex", "[0-9]"), "regex", True),
    ("sglang", Form("choice", ("1", "2")), "regex", True),
    ("llamacpp", Form("choice", ("1", 'a"b\\\n')), "grammar", True),
    ("llamacpp", Form("regex", "[0-9]"), None, False),
]


@pytest.mark.parametrize(("owner", "form", "word", "is_held"), HELD)
def test_a_form_is_asked_for_in_the_servers_words(
    owner: str | None, form: Form, word: str | None, is_held: bool
) -> None:
    """Who the server is is asked of it; an answer counts as held only where a known server said so and it may be."""
    with SpeakingServer([says("1")], owner=owner) as server:
        assert endpoint(server).complete(question(form=form)).is_held is is_held
    words = {"response_format", "structured_outputs", "regex", "grammar", "guided_json"} & server.asked[0].body.keys()
    assert words == ({word} if word else set())


def test_settings_go_by_the_servers_names_or_are_refused() -> None:
    """What a server is known to take is sent by its name, what one may take by option, and nothing is dropped."""
    with SpeakingServer([says("x")], owner="llamacpp") as server:
        endpoint(server).complete(question(repetition_penalty=1.5, top_k=4, logit_bias={5: -1.0}, do_sample=False))
        assert server.asked[0].body | {"messages": 0} == {
            "model": "small", "messages": 0, "repeat_penalty": 1.5, "top_k": 4, "logit_bias": {"5": -1.0},
            "temperature": 0,
        }  # fmt: skip
        with pytest.raises(ModelError, match="'no_repeat_ngram_size' is not a setting"):
            endpoint(server).complete(question(no_repeat_ngram_size=3))
    with SpeakingServer([says("x")]) as server:
        with pytest.raises(ModelError, match="'top_k' is not a setting"):
            endpoint(server).complete(question(top_k=4))
        endpoint(server, extras=["top_k"]).complete(question(top_k=4))
        endpoint(server).complete(question(top_k=0, min_p=0.0, repetition_penalty=1.0))
        assert server.asked[0].body["top_k"] == 4
        assert "top_k" not in server.asked[1].body


def test_a_refusal_is_a_text_that_is_not_held() -> None:
    """A model that says why it does not answer has not kept to a form."""
    said = whole(None)
    said["choices"][0]["message"]["refusal"] = "I won't."
    with SpeakingServer([gives(said)], owner="vllm") as server:
        reply = endpoint(server).complete(question(form=Form("json_schema", SCHEMA)))
    assert (reply.text, reply.is_held) == ("I won't.", False)


def test_nasty_texts_go_and_come() -> None:
    """Halves of surrogate pairs are replaced, for they have no UTF-8; everything else comes back as it is."""

    def script(handler: Any, asked: Any) -> None:
        says(asked.body["messages"][-1]["content"])(handler, asked)

    nasty = "\x00\u202e\u200b\N{GRINNING FACE}\r\n\x85\u2028data: [DONE]"
    with SpeakingServer([script]) as server:
        model = endpoint(server)
        assert model.complete(question(nasty)).text == nasty
        assert model.complete(question("a\ud800b")).text == "a\ufffdb"
        assert model.complete(question("x" * 10_000_000)).text == "x" * 10_000_000


KEYS = [
    ({"LLMPOST_API_KEY": "own", "OPENAI_API_KEY": "other"}, {}, "Bearer own"),
    ({"OPENAI_API_KEY": "other"}, {}, None),
    ({"MINE": "mine", "LLMPOST_API_KEY": "own"}, {"api_key": {"env": "MINE"}}, "Bearer mine"),
    ({}, {}, None),
]


@pytest.mark.parametrize(("environment", "options", "shown"), KEYS)
def test_keys_come_from_the_environment(environment: dict[str, str], options: Any, shown: str | None) -> None:
    """The variable that is named, else llmpost's own; OpenAI's key is shown to OpenAI alone."""
    with SpeakingServer([says("x")]) as server:
        Endpoint.of(server.model, EndpointOptions.of(options), environment).complete(question())
    assert server.asked[0].headers.get("authorization") == shown


@pytest.mark.parametrize("environment", [{}, {"MINE": f"{FAKE_KEY}\r\nX: y"}, {"MINE": f"{FAKE_KEY}\N{SNOWMAN}"}])
def test_a_key_that_is_none_is_told_by_its_variable(environment: dict[str, str]) -> None:
    """An error about a key names the variable and never what is in it."""
    with pytest.raises(ModelError, match=r"environment\.MINE") as caught:
        Endpoint.of("openai:http://h#m", EndpointOptions.of({"api_key": {"env": "MINE"}}), environment)
    assert FAKE_KEY not in str(caught.value)


def test_keys_are_in_no_repr() -> None:
    """Neither an endpoint nor who calls for it shows a key."""
    model = Endpoint.of("openai:http://h#m", EndpointOptions(), {"LLMPOST_API_KEY": FAKE_KEY})
    assert FAKE_KEY not in f"{model!r} {model.caller!r} {vars(model)}"


@pytest.mark.parametrize(
    "name",
    ["openai:", "openai:http://h", "openai:http://h#", "openai:ftp://h#m", "openai:http://#m", "openai:h#m",
     "openai:http://h:x#m", "openai:http://h:99999#m", "openai:http://[#m", "openai:http://h/a b#m",
     "openai:http://h/a\r\nX: y#m", "openai:http://u:fake-key-0123456789@h#m", "openai:http://h?k=fake-key-0123456789#m",
     "openai:http://h/\u00e9#m"],
)  # fmt: skip
def test_bad_addresses_are_refused(name: str) -> None:
    """What is no address, or has a key in it, is refused, and the key is not repeated."""
    with pytest.raises(ModelError) as caught:
        Endpoint.of(name)
    assert FAKE_KEY not in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [{"retrys": 1}, {"retries": -1}, {"retries": 99}, {"read_ms": 0}, {"total_ms": True}, {"most_bytes": "1"},
     {"dialect": "klingon"}, {"dialect": ["x"]}, {"api_key": FAKE_KEY}, {"api_key": {"env": "a b"}},
     {"api_key": {"env": 3}}, {"extras": "top_k"}],
)  # fmt: skip
def test_bad_options_are_refused(options: dict[str, Any]) -> None:
    """Wrong names and values are told; a key where a variable belongs is not repeated."""
    with pytest.raises(ModelError, match="endpoint") as caught:
        EndpointOptions.of(options)
    assert FAKE_KEY not in str(caught.value)


def test_usage_that_is_none_is_none() -> None:
    """Counts that are no counts are not passed on."""
    said = whole("x") | {"usage": {**USAGE, "prompt_tokens": -1}}
    with SpeakingServer([gives(said)]) as server:
        assert endpoint(server).complete(question()).usage is None
