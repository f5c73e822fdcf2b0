"""The light finder of names, as the guard that ships."""

from __future__ import annotations

import pytest

from llmpost.contracts.guard import FollowingGuard, GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.names.guard import DEFAULTS, NamesGuard, build
from llmpost.guards.options import Options

CONTEXT = GuardContext()
GUARD = build(Options({}, "guards[0]"))


def found(text: str, guard: NamesGuard = GUARD) -> list[tuple[str, str]]:
    return [(finding.label, text[finding.span.start : finding.span.end]) for finding in guard.inspect(text, CONTEXT)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My name is Maria Chen.", [("PERSON", "Maria Chen")]),
        ('{"name": "Tomasz Nowak", "ok": true}', [("PERSON", "Tomasz Nowak")]),
        ("| Ingrid Okafor | yes |", [("PERSON", "Ingrid Okafor")]),
        ("We flew to Lisbon.", [("LOCATION", "Lisbon")]),
        ("I live at 12 Maple Street, Salem, OR 97301.", [("STREET_ADDRESS", "12 Maple Street, Salem, OR 97301")]),
        ("Date of birth: 1984-03-12", [("DATE_OF_BIRTH", "1984-03-12")]),
        ("The deadline is 12 March 2026.", [("DATE_TIME", "12 March 2026")]),
        ("hi im maria and i need help", [("PERSON", "maria")]),
    ],
)  # fmt: skip
def test_finds(text: str, expected: list[tuple[str, str]]) -> None:
    """Plain cases are found with exact ends."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "The quick brown fox jumps over the lazy dog.", "Order 48213 ships tomorrow.", "def f(x): return x + 1"],
)
def test_leaves_alone(text: str) -> None:
    """What names nobody has no findings."""
    assert found(text) == []


def test_reads_letters_that_it_was_taught() -> None:
    """Scripts other than Latin, Greek and Cyrillic lie between words: nothing is found in them."""
    assert found("我叫王小明，住在北京。 اسمي محمد") == []


def test_only_what_is_asked_for() -> None:
    """A label without a threshold is not looked for."""
    people = build(Options({"entities": ["PERSON"]}, "guards[0]"))
    assert {label for label, _ in found("Maria Chen lives in Lisbon, at 12 Maple Street.", people)} == {"PERSON"}


def test_scores_reach_thresholds() -> None:
    """A finding scores at least its label's threshold, and a lower threshold finds no less."""
    text = "I met Rose at the bank; Will went to Reading with May, hope and mark."
    strict, lax = (
        build(Options({"entities": dict.fromkeys(DEFAULTS, t)}, "g")).inspect(text, CONTEXT) for t in (0.9, 0.1)
    )
    assert all(finding.score >= 0.9 for finding in strict)
    assert all(any(a.span.start <= b.span.start < a.span.end for a in lax) for b in strict)


def test_reason_quotes_nothing() -> None:
    """A reason holds none of the text's words."""
    (finding,) = GUARD.inspect("My name is Maria Chen.", CONTEXT)
    assert "Maria" not in finding.reason
    assert finding.guard == "names"


def test_follows() -> None:
    """The guard reads piece by piece, and holds back the name that may go on."""
    assert isinstance(GUARD, FollowingGuard)
    progress = GUARD.follow(None, "My name is Maria", CONTEXT, is_end=False)
    assert progress.findings == ()
    assert progress.settled <= len("My name is ")


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"entities": ["PERSONS"]}, "PERSON"),
        ({"entities": {"PERSON": 2}}, "from 0 to 1"),
        ({"entities": []}, "a list of"),
        ({"entities": "PERSON"}, "a list of"),
        ({"entity": ["PERSON"]}, "entities"),
    ],
)
def test_refuses(given: dict[str, object], part: str) -> None:
    """What it cannot do is refused when it is built, by name."""
    with pytest.raises(PolicyError, match=part):
        build(Options(given, "guards[0]"))
