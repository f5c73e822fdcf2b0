"""``llmpost`` with a server for a model: the same commands, the same guards, wrong use in four parts."""

import pytest
from speaking_server import SpeakingServer, says, streams

from llmpost.cli.main import main


def test_generate_asks_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    """Whole and as a stream, through the guards of the default policy."""
    with SpeakingServer([says("Mail maria@example.com"), streams(["Mail mar", "ia@example.com"])]) as server:
        assert main(["generate", "Hello", "--model", server.model, "--seed", "3"]) == 0
        assert main(["generate", "Hello", "--model", server.model, "--stream"]) == 0
    assert capsys.readouterr().out == "Mail [EMAIL_ADDRESS]\n" * 2
    assert server.asked[0].body["seed"] == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["generate", "Hello", "--top-k", "3"], "'top_k' is not possible with this server"),
        (["generate", "Hello", "--device", "cpu"], "'device' is not an option of an endpoint"),
        (["policy", "lint", "policies/default.yaml"], "a server is not a model whose tokens are known"),
    ],
)
def test_what_a_server_cannot_do_is_told(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By name, on standard error, and nothing is sent."""
    with SpeakingServer([says("x")]) as server:
        assert main([*words, "--model", server.model]) == 2
    assert told in capsys.readouterr().err
    assert server.asked == []
