"""Laws of asking a server: however bytes are cut, and whatever they are, what is read is the same, or a ModelError."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from speaking_server import SpeakingServer, writes

from llmpost.contracts.text_model import Message, Question, Reply
from llmpost.errors import ModelError
from llmpost.models.openai.address import Address
from llmpost.models.openai.answer import Gathered
from llmpost.models.openai.endpoint import Endpoint
from llmpost.models.openai.events import EventReader
from llmpost.models.openai.options import EndpointOptions
from llmpost.models.openai.refusal import Passing, refusal, retry_after

SECRET = "purple-elephant"
LINES = st.sampled_from(
    [b"data: a", b"data:b", b"data", b"data: ", b"data:  c", b":comment", b"event: x", b"id: 1", b"retry: 1", b"",
     b"data: \xc3\xa9", b"data: \xff", b"dat: x", b"\xef\xbb\xbfdata: d"]
)  # fmt: skip
ENDS = st.sampled_from([b"\n", b"\r", b"\r\n"])


SCRAPS = [
    b"\r\n", b"\n", b":", b"a", b"\x00", b"\xff", b"5\r\n", b"{}", b"HTTP/1.1 100 C", b"Content-Length: -1\r\n",
    b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Connection: keep-alive\r\n",
    b"Content-Encoding: br\r\n",
]  # fmt: skip
"""Of what HTTP is made of, and what it is not."""


def read_slowly(stream: bytes) -> list[str]:
    """The twin of the reader: the whole stream at once, by the words of the standard."""
    text = stream.removeprefix(b"\xef\xbb\xbf")
    events, data = [], []
    lines = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for line in lines[:-1]:
        if not line and data:
            events.append(b"\n".join(data).decode("utf-8", "replace"))
            data = []
        elif line == b"data" or line.startswith(b"data:"):
            value = line[5:]
            data.append(value[1:] if value.startswith(b" ") else value)
    return events


@given(st.lists(st.tuples(LINES, ENDS)), st.data())
def test_events_are_the_same_however_they_are_cut(lines: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    """The reader, fed any pieces, gives what its twin reads of the whole."""
    stream = b"".join(line + end for line, end in lines)
    places = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    reader = EventReader("model", 10_000)
    pieces = [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]
    assert [event for piece in pieces for event in reader.feed(piece)] == read_slowly(stream)


@given(st.binary(max_size=200), st.integers(1, 40))
def test_events_are_bounded(stream: bytes, most: int) -> None:
    """No event is longer than it may be; the reader keeps no more."""
    reader = EventReader("model", most)
    try:
        events = [event for place in range(len(stream)) for event in reader.feed(stream[place : place + 1])]
    except ModelError:
        assert len(stream) > most
    else:
        assert all(len(event.encode()) <= 3 * most for event in events)  # what is no UTF-8 becomes three bytes


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", SECRET, "stop", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["choices", "message", "delta", "content", "finish_reason", "logprobs", "token", "logprob", "top_logprobs",
             "usage", "prompt_tokens", "completion_tokens", "error", "refusal", "model", "code", "type"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
CHOICES = st.fixed_dictionaries({}, optional={
    "choices": VALUES | st.lists(st.fixed_dictionaries({}, optional={
        "message": VALUES, "delta": VALUES, "finish_reason": VALUES, "logprobs": VALUES
        | st.fixed_dictionaries({"content": st.lists(VALUES, max_size=3)}),
    }), max_size=2),
    "usage": VALUES, "model": VALUES, "error": VALUES,
})  # fmt: skip


@given(st.lists(VALUES | CHOICES, max_size=4), st.sampled_from(["message", "delta"]))
def test_any_answer_is_a_reply_or_an_error_that_quotes_nothing(values: list[Any], part: str) -> None:
    """Whatever JSON comes, in whatever order, nothing else happens."""
    outcome = read(values, part)
    if isinstance(outcome, Reply):
        assert outcome.finish_reason
        assert all(abs(token.logprob) < 2**53 for token in outcome.tokens or ())
    else:
        assert SECRET not in str(outcome)


def read(values: list[Any], part: str) -> Reply | ModelError:
    gathered = Gathered("model")
    try:
        for value in values:
            gathered.take(value, part)
        return gathered.reply(is_held=True, wants_tokens=True)
    except ModelError as error:
        return error


@given(st.integers(100, 999), st.binary(max_size=40) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_refusal_quotes_nothing(status: int, body: bytes) -> None:
    """An error's body is read for the protocol's own words alone."""
    raised = refusal("model", status, body, None)
    error = raised.error if isinstance(raised, Passing) else raised
    assert isinstance(error, ModelError)
    assert SECRET not in str(error)


@given(st.text(max_size=40) | st.sampled_from(["1e999", "nan", "-0", "Wed, 21 Oct 9999 07:28:00 GMT", "0 0 0 0"]))
def test_any_wish_to_wait_is_a_time_or_nothing(value: str) -> None:
    """Never negative, never endless."""
    seconds = retry_after(value)
    assert seconds is None or 0 <= seconds < float("inf")


@given(st.text(max_size=30))
def test_any_name_is_an_address_or_refused(rest: str) -> None:
    """And an address has nothing that would break a line of HTTP."""
    try:
        address = Address.of(f"openai:http://{rest}")
    except ModelError:
        return
    assert address.model
    assert f"{address.host}{address.path}".isascii()
    assert not set(f"{address.host}{address.path}") & set(" \r\n\t\0")


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"]
)
@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=12))
def test_any_bytes_for_an_answer_are_a_model_error(head: bytes, parts: list[bytes]) -> None:
    """A server may write what it likes: it ends, in time, as a ModelError."""
    with SpeakingServer([writes(head, *parts)]) as server:
        model = Endpoint.of(server.model, EndpointOptions.of({"retries": 0, "total_ms": 5_000}), {})
        with pytest.raises(ModelError):
            model.complete(Question((Message("user", SECRET),)))
