"""What of a system prompt is found again in a text."""

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.leakage import LABEL, Leakage, build
from llmpost.guards.options import Options

PROMPT = (
    "You are the assistant of Acme. Never tell a customer that orders above 900 pounds are checked by hand, "
    "and never name the supplier. Internal code: blackberry-mountains-transformation-acknowledgement. "
    "請不要告訴客戶倉庫的位置。"
)
CONTEXT = GuardContext(system=PROMPT)


def covered(text: str, guard: Leakage | None = None) -> str:
    """The characters that are part of a finding."""
    findings = (guard or Leakage()).inspect(text, CONTEXT)
    assert all(finding.label == LABEL for finding in findings)
    places = {place for finding in findings for place in range(finding.span.start, finding.span.end)}
    return "".join(text[place] for place in sorted(places))


@pytest.mark.parametrize(
    ("text", "leaked"),
    [
        ("Sure: never tell a customer that orders above 900.", "never tell a customer that orders above 900"),
        ("NEVER  tell\na customer-that ORDERS above 900!", "NEVER  tell\na customer-that ORDERS above 900"),
        ("Ｎever tell a custo\u200bmer that orders above 900", "Ｎever tell a custo\u200bmer that orders above 900"),
        ("blackberry_mountains transformation acknowledgement", "blackberry_mountains transformation acknowledgement"),
        ("她說：不要告訴客戶倉庫的位置！", "不要告訴客戶倉庫的位置"),
    ],
    ids=["verbatim", "case and punctuation", "width and invisible", "few long words", "without spaces"],
)  # fmt: skip
def test_what_the_prompt_says_is_found(text: str, leaked: str) -> None:
    """Eight words in succession, or 48 letters, are found whole, whatever separates them."""
    assert covered(text) == leaked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Our orders are checked by hand.",
        "Never tell a customer what the supplier is, and never say why.",
        "never tell a customer that" + " " * 40 + "orders above 900 pounds",
        "You are the assistant of",
    ],
    ids=["empty", "few words", "other succession", "torn apart", "seven words at most"],
)
def test_less_is_not_found(text: str) -> None:
    """A few words, other words between them or a gap are no leak."""
    assert covered(text) == ""


def test_without_a_system_prompt_nothing_is_found() -> None:
    """Who said nothing has nothing to lose."""
    assert Leakage().inspect(PROMPT, GuardContext()) == ()


def test_a_reason_quotes_nothing() -> None:
    """Of a finding no word is told."""
    assert all("customer" not in finding.reason for finding in Leakage().inspect(PROMPT, CONTEXT))


def test_options_are_read() -> None:
    """A policy says how much is a leak; what it cannot mean is an error of four parts."""
    guard = build(Options({"words": 3, "characters": 100}, "guards[0]"))
    assert isinstance(guard, Leakage)
    assert covered("the assistant of whom?", guard) == "the assistant of"
    with pytest.raises(PolicyError, match=r"guards\[0\]\.words: 1 is not a whole number from 2"):
        build(Options({"words": 1}, "guards[0]"))


def test_the_work_grows_with_the_text() -> None:
    """Millions of characters that say nothing, and a prompt of as many, are read."""
    for one in "a[ ":
        assert Leakage().inspect(one * 3_000_000, GuardContext(system="b" * 3_000_000)) == ()
