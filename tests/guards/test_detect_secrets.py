"""The adapter of detect-secrets: what its plugins find, line by line."""

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.options import Options
from llmpost.guards.secrets.detect_secrets import PLUGINS, DetectSecrets, build, load_plugins

pytest.importorskip("detect_secrets")

GUARD = DetectSecrets(load_plugins(PLUGINS, "guards[0]"))
KEY = "AKIA" + "Q7ZR2WV6TN4KX3LB"
TOKEN = "ghp_" + "q8Zr2Wv6Tn4Kx9Lb3Mh7Jd5Fc1Gs0Py8Rw6E"


def found(text: str) -> list[tuple[str, str]]:
    return sorted((one.label, text[one.span.start : one.span.end]) for one in GUARD.inspect(text, GuardContext()))


def test_tokens_are_found_whole() -> None:
    """Where a plugin tells only a part of its match, all of the match is found."""
    assert found(f"a {KEY}\nb {TOKEN}, {KEY}") == [
        ("AWS_ACCESS_KEY", KEY), ("AWS_ACCESS_KEY", KEY), ("GITHUB_TOKEN", TOKEN)
    ]  # fmt: skip
    assert found("https://maria:Tn4Kx9Lb3@example.com") == [("BASIC_AUTH_CREDENTIALS", "://maria:Tn4Kx9Lb3@")]


@pytest.mark.parametrize("text", ["", "plain prose", "4f0d9e8d7c6b5a49382716f5e4d3c2b1", 'password = "hunter2"'])
def test_nothing_is_guessed(text: str) -> None:
    """Neither entropy nor a key word makes a secret here."""
    assert found(text) == []


def test_each_plugin_is_loaded() -> None:
    """Every name in the table is one of the package's."""
    assert len(GUARD.plugins) >= len(PLUGINS)
    assert all(load_plugins([name], "guards[0]") for name in PLUGINS)


@pytest.mark.parametrize("place", [0, 1, 2000, 2040, 2048, 2060, 2110, 2112, 4096, 4150, 4160, 6200, 9000])
def test_a_long_line_hides_nothing(place: int) -> None:
    """Wherever a token stands in it, it is found once."""
    text = (". " * 5000)[:place] + f" {TOKEN} " + ". " * 3000
    assert found(text) == [("GITHUB_TOKEN", TOKEN)]


def test_what_a_plugin_cannot_read_is_found() -> None:
    """A token nested too deep for it is none that it has cleared."""
    header, deeper = "eyJhIjowfQ", "eyJhIjpb" + "W1tb" * 900
    assert [label for label, _ in found(f"{header}.{deeper}.c2ln")] == ["JSON_WEB_TOKEN"]


def test_options_are_read() -> None:
    """Plugins are chosen by their names."""
    guard = build(Options({"plugins": ["aws"]}, "guards[0]"))
    assert [one.label for one in guard.inspect(f"{KEY} {TOKEN}", GuardContext())] == ["AWS_ACCESS_KEY"]
    with pytest.raises(PolicyError, match="Did you mean 'aws'"):
        build(Options({"plugins": ["awss"]}, "guards[0]"))
