"""Law: what the built-in detectors replaced they do not find again, whatever stands beside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmpost.contracts.action import Action
from llmpost.contracts.guard import GuardContext
from llmpost.guards.checking import check
from llmpost.guards.fixed_texts import check_replacements
from llmpost.guards.lists.guard import build_profanity
from llmpost.guards.options import Options
from llmpost.guards.pii.detector import build as build_pii
from llmpost.guards.rule import Guarding, Rule
from llmpost.guards.secrets.guard import build as build_secrets
from llmpost.guards.tools import Tools

GUARDS = tuple(build(Options({}, "guards[0]")) for build in (build_pii, build_secrets, build_profanity))
TOOLS = Tools(key=b"key")
FOUND = (
    "ann.lee@mail.example.com", "4111 1111 1111 1111", "DE89370400440532013000", "078-05-1120", "192.0.2.17",
    "+1 202-555-0123", "2001:db8::7", "AKIA2FAKE3FAKE4FAKE5", "ghp_" + "a1B2" * 9,
    "GB82 WEST 1234 5698 7654 32", "j\\u0061n@host.example.org", "ann at mail dot example dot com",
    "password = 'f4ke-but-l0ng'",
)  # fmt: skip
BESIDE = (
    " ", ", ", "-", ".", "@", ":", "/", "=", "\n", "1", "12-34", "a", "x.y", "[", "](", ")", "*", "_", "é", "\u200b",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(FOUND + BESIDE), max_size=12).map("".join)
ACTIONS = st.sampled_from([
    Action("redact"), Action("mask"), Action("mask", {"keep": 4}), Action("hash"), Action("replace", "(a {label})"),
    Action("pseudonymise"), Action("pseudonymise", {"style": "keyed"}),
])  # fmt: skip


@settings(max_examples=150)
@given(TEXTS, ACTIONS)
def test_replacements_are_not_found(text: str, action: Action) -> None:
    """Nothing that is found in a changed text has a character of a replacement.

    Something else may be found in it: a number that only the one beside it kept from being whole.
    """
    guarding = Guarding(tuple(Rule(guard, action) for guard in GUARDS), notice="(Withheld.)")
    once = check(text, guarding, GuardContext(), TOOLS)
    assert {outcome.status for outcome in once.verdict.outcomes} <= {"passed", "changed"}
    again = check(once.text, guarding, GuardContext(), TOOLS).verdict.findings
    replaced = [change.after for change in once.changes]
    assert [
        one for one in again for place in replaced if max(one.span.start, place.start) < min(one.span.end, place.end)
    ] == []


@pytest.mark.parametrize("text", FOUND)
def test_there_is_something_to_find(text: str) -> None:
    """The texts above are what detectors look for: each is changed."""
    guarding = Guarding(tuple(Rule(guard, Action("redact")) for guard in GUARDS))
    assert "changed" in {outcome.status for outcome in check(text, guarding, GuardContext(), TOOLS).verdict.outcomes}


@given(ACTIONS)
@settings(max_examples=20)
def test_what_they_write_is_not_found(action: Action) -> None:
    """A policy of built-in detectors loads, with each way of changing."""
    check_replacements(Guarding(tuple(Rule(guard, action) for guard in GUARDS)), TOOLS)
