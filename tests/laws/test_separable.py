"""Law: a guard that says it is separable finds something between separators wherever it finds something alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.contracts.guard import Guard, GuardContext
from llmpost.guards.fields.joined import SEPARATOR, is_separable
from llmpost.guards.lists.guard import build as build_phrases
from llmpost.guards.lists.guard import build_profanity
from llmpost.guards.options import Options
from llmpost.guards.pii.detector import build as build_pii
from llmpost.guards.secrets.guard import build as build_secrets
from llmpost.guards.urls.guard import build as build_urls

FOLDED = {"phrases": ["acme corp", "a b"], "fold": ["case", "accents", "leet", "spacing"]}
GUARDS = (
    build_pii(Options({}, "g")), build_secrets(Options({}, "g")), build_profanity(Options({}, "g")),
    build_phrases(Options(FOLDED, "g")), build_urls(Options({"allow": ["example.com"]}, "g")),
)  # fmt: skip
PIECES = st.sampled_from([
    "ann.lee@mail.example.com", "4111 1111 1111 1111", "DE89370400440532013000", "078-05-1120", "192.0.2.17", "ssn",
    "+1 202-555-0123", "2001:db8::7", "AKIA2FAKE3FAKE4FAKE5", "ghp_" + "a1B2" * 9, "password = 'correct-horse-7'",
    "acme corp", "a c m e c o r p", "a b", "j\\u0061n@host.example.org", "ann at mail dot example dot com", "card",
    "-----BEGIN RSA PRIVATE KEY-----", "https://u:p4ss-W@h.example/x", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    " ", ", ", "-", ".", "@", ":", "/", "=", "\n", "1", "12-34", "a", "x.y", "[", "](", ")", "*", "_", "é", "\u200b",
    "\\", "\\u", "&#", "%", "\x1f",
])  # fmt: skip
FIELDS = st.lists(st.lists(PIECES, max_size=6).map("".join), min_size=2, max_size=4)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
@settings(max_examples=100)
@given(FIELDS)
def test_what_is_found_alone_is_touched_together(guard: Guard, fields: list[str]) -> None:
    """Of fields joined, each in which there is something is touched by some finding."""
    assert is_separable(guard)
    together = guard.inspect(SEPARATOR.join(fields), GuardContext())
    start = 0
    for field in fields:
        end = start + len(field)
        is_touched = any(one.span.start <= end and start <= one.span.end for one in together)
        assert is_touched or not guard.inspect(field, GuardContext())
        start = end + len(SEPARATOR)


def test_what_lets_pass_is_not_separable() -> None:
    """Something allowed might be put together of two fields, and hide what is in one of them."""
    assert not is_separable(build_phrases(Options({**FOLDED, "allow": ["b acme"]}, "g")))
