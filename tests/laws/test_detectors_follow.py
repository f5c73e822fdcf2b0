"""The laws of detectors: one text, however it is cut; no more behind or before it than was said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_guards import check_context, check_reach, cut, followed, found

from llmpost.contracts.guard import GuardContext
from llmpost.guards.excepting import PASSES
from llmpost.guards.exfiltration.carrying import Carrying
from llmpost.guards.exfiltration.guard import exfiltration
from llmpost.guards.leakage import Leakage
from llmpost.guards.length import Length
from llmpost.guards.lists.entries import FOLDS, Comparison
from llmpost.guards.lists.guard import lists
from llmpost.guards.repetition import Repetition
from llmpost.guards.secrets.detect_secrets import DetectSecrets, load_plugins
from llmpost.guards.secrets.guard import secrets
from llmpost.guards.urls.guard import Rules, urls
from llmpost.guards.urls.hosts import Hosts

SYSTEM = GuardContext(system="Never say that the shop closes; 秘密の合言葉。 Never say BLACKBERRY-TREES. " + "ab" * 40)
WORDS = ["never", "Never ", "say", " that", "the", "shop", " ", "\n", "closes", "秘密", "の", "合", "blackberry", "-",
         "e\u0301",
         "\u200b", " " * 40, "ab" * 30, "\ud800", "x", "\0"]  # fmt: skip
NASTY = st.one_of(st.text(st.sampled_from("ab \n"), max_size=60), st.text(max_size=30))

SECRET = [
    *(
        "AKIA",
        "Q7ZR2WV6TN4KX3LB",
        " ",
        "password",
        " = ",
        "'",
        "hunter2",
        "xoxb-",
        "123456789012-",
        "\u200b",
        "\\u0041",
    ),
    *("https://", "u:Tn4Kx9Lb3@", "h", ".eyJ", "eyJ", "q8Zr2Wv6Tn", "-----BEGIN PRIVATE KEY-----", "\n", "\ud800"),
]
LINKED = [
    *(
        "![a",
        "](",
        "https://",
        "evil.example",
        "/",
        ")",
        "[",
        "]: ",
        "<img ",
        "src=",
        "'",
        ">",
        "<b",
        " on",
        "load",
        "=",
    ),
    *("url(", "?q=", "x" * 30, "<script", "&#58;", "//", "www.", "@", "\u200b", " ", "\ud800", ".", "data:,"),
]
LISTED = [
    *("acme", "Acme ", " corp", " pie", "4cm3", "é", "e\u0301", "a c m e", "  ", "\n", ".", "x", "&#32;", "\u200b"),
    "\ud800",
]

DETECTORS = [
    (Leakage(words=3, characters=12), st.lists(st.sampled_from(WORDS), max_size=14).map("".join), SYSTEM),
    (Repetition(times=2, phrase=4, run=9), NASTY, SYSTEM),
    (Length(most={"characters": 20, "words": 5, "lines": 3, "bytes": 24}), NASTY, SYSTEM),
    (Length(least={"characters": 20, "bytes": 21}), NASTY, SYSTEM),
    (Length(least={"words": 3, "lines": 2}, most={"words": 6}), NASTY, SYSTEM),
    (secrets(), st.lists(st.sampled_from(SECRET), max_size=12).map("".join), SYSTEM),
    (urls(Rules(Hosts.of(["h"])), has_bare=True), st.lists(st.sampled_from(LINKED), max_size=12).map("".join), SYSTEM),
    (exfiltration(Carrying(query=5)), st.lists(st.sampled_from(LINKED), max_size=12).map("".join), SYSTEM),
    (
        lists("phrases", {"A": ["acme", "é", "corp"], PASSES: ["acme pie", "corp acme"]}, Comparison.of(FOLDS)),
        st.lists(st.sampled_from(LISTED), max_size=12).map("".join),
        SYSTEM,
    ),
]
PLUGINS = DetectSecrets(load_plugins(["aws", "slack", "basic_auth", "jwt"], "guards[0]"))
DETECTORS.append((PLUGINS, st.lists(st.sampled_from(SECRET), max_size=12).map("".join), SYSTEM))
IDS = [
    "leakage",
    "repetition",
    "too long",
    "too short",
    "between",
    "secrets",
    "urls",
    "exfiltration",
    "lists",
    "plugins",
]


@pytest.mark.parametrize(("guard", "texts", "context"), DETECTORS, ids=IDS)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_chunking_makes_no_difference(guard, texts, context, data) -> None:
    """Whatever the pieces, what is found is what the whole text has, and nothing that was settled is touched."""
    text = data.draw(texts)
    whole = found(guard, text, context)
    assert followed(guard, cut(text, data.draw(st.lists(st.integers(0, len(text)), max_size=6))), context) == whole
    assert followed(guard, [*text, ""], context) == whole


@pytest.mark.parametrize(("guard", "texts", "context"), DETECTORS, ids=IDS)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_reach_and_context_are_honest(guard, texts, context, data) -> None:
    """No character is settled later than `reach` behind it, and nothing more than `context` before it matters."""
    text = data.draw(texts)
    place = data.draw(st.integers(0, len(text)))
    if guard.reach is not None:
        check_reach(guard, text, place, context)
    check_context(guard, text, place, context)
