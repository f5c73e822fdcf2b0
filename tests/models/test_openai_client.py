"""The server of these tests speaks the protocol: OpenAI's own client, where it is installed, understands it."""

from typing import Any

import pytest
from speaking_server import SpeakingServer, gives, says, streams

from llmpost.contracts.text_model import Message, Question
from llmpost.models.openai.endpoint import Endpoint
from llmpost.models.openai.options import EndpointOptions

openai = pytest.importorskip("openai", reason="OpenAI's own client is not installed")
MESSAGES: Any = [{"role": "user", "content": "Hello"}]
FAKE_KEY = "fake-key"


def test_both_clients_read_the_same() -> None:
    """Whole and streamed, and what they send is alike."""
    with SpeakingServer([says("Hi"), streams(["H", "i"])] * 2) as server:
        with openai.OpenAI(api_key=FAKE_KEY, base_url=server.url, max_retries=0) as client:
            theirs = client.chat.completions.create(model="small", messages=MESSAGES, max_tokens=5, seed=1)
            chunks = client.chat.completions.create(model="small", messages=MESSAGES, stream=True)
            pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
        endpoint = Endpoint.of(server.model, EndpointOptions(), {"LLMPOST_API_KEY": FAKE_KEY})
        asked = Question((Message("user", "Hello"),), settings={"max_new_tokens": 5, "seed": 1})
        server.scripts = [says("Hi")]
        ours = endpoint.complete(asked)
    assert (theirs.choices[0].message.content, theirs.choices[0].finish_reason) == (ours.text, ours.finish_reason)
    assert "".join(pieces) == "Hi"
    assert server.asked[0].body == server.asked[2].body
    assert [server.asked[place].headers["authorization"] for place in (0, 2)] == [f"Bearer {FAKE_KEY}"] * 2


def test_their_errors_and_models_are_understood() -> None:
    """A status is their error of that name, and the list of models is one."""
    with (
        SpeakingServer([gives({"error": {"message": "m", "type": "t", "code": "c"}}, 429)], owner="vllm") as server,
        openai.OpenAI(api_key=FAKE_KEY, base_url=server.url, max_retries=0) as client,
    ):
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(model="small", messages=MESSAGES)
        assert [model.owned_by for model in client.models.list()] == ["vllm"]
