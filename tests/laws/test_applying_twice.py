"""Law: replacement text never matches again. What was checked once is not changed when it is checked a second time."""

from __future__ import annotations

from hostile_guards import Pattern, rule
from hypothesis import given
from hypothesis import strategies as st

from llmpost.contracts.action import Action
from llmpost.contracts.guard import GuardContext
from llmpost.guards.checking import check
from llmpost.guards.fixed_texts import check_replacements
from llmpost.guards.rule import Guarding
from llmpost.guards.tools import Tools

PATTERNS = [
    Pattern(r"(?<![0-9])[0-9]{6,9}(?![0-9])", "NUMBER", "numbers"),
    Pattern(r"(?<![a-z.])[a-z.]+@[a-z.]+", "EMAIL_ADDRESS", "mails"),
    Pattern(r"(?<![a-z])(?:secret|key)=[^ ]{2,}", "SECRET", "secrets"),
]
ACTIONS = st.sampled_from([
    Action("redact"), Action("mask"), Action("mask", {"keep": 4}), Action("hash"), Action("replace", "(a {label})"),
    Action("pseudonymise"), Action("pseudonymise", {"style": "keyed"}), Action("pseudonymise", {"style": "realistic"}),
    Action("truncate"), Action("refuse", "No."), Action("block"),
])  # fmt: skip
PIECES = st.sampled_from(
    ["123456", "12", "3", " ", "a", "bc", "@", ".", "ann@host", "secret=", "key=", "[", "]", "*", "-", "é", "\ud800"]
)


@given(st.lists(PIECES, max_size=16).map("".join), st.lists(ACTIONS, min_size=3, max_size=3))
def test_twice_is_once(text: str, actions: list[Action]) -> None:
    """With one vault, whatever the guards are told to do."""
    guarding = Guarding(
        tuple(rule(guard, action) for guard, action in zip(PATTERNS, actions, strict=True)), notice="(Blocked.)"
    )
    tools = Tools(key=b"key")
    check_replacements(guarding, tools)
    once = check(text, guarding, GuardContext(), tools)
    assert check(once.text, guarding, GuardContext(), tools).text == once.text
