"""What counts as a loop, and where it is found."""

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.options import Options
from llmpost.guards.repetition import CHARACTER, LINES, WORDS, Repetition, build


def loops(text: str) -> list[tuple[str, str, int]]:
    findings = Repetition().inspect(text, GuardContext())
    return [(one.label, text[one.span.start : one.span.end], one.span.start) for one in findings]


SENTENCE = "we are glad to tell you all of this. "
_LENGTH = len(SENTENCE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello! " + SENTENCE * 20, [(WORDS, "we", 7 + 8 * len(SENTENCE))]),
        ("no " * 80, [(WORDS, "no", 3 * 64)]),
        ("x" * 1000, [(CHARACTER, "x", 400)]),
        ("!" * 1000, [(CHARACTER, "!", 400)]),
        ("---\n***\n" * 20, [(LINES, "\n", 8 * 8 + 3)]),
        (SENTENCE * 9 + "But " + SENTENCE * 9, [(WORDS, "we", 8 * _LENGTH), (WORDS, "we", 17 * _LENGTH + 4)]),
    ],
    ids=["phrase", "word", "letter", "sign", "lines without words", "two loops"],
)  # fmt: skip
def test_loops_are_found_once(text: str, expected: list[tuple[str, str, int]]) -> None:
    """Of each loop, the first thing too many."""
    assert loops(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        SENTENCE * 8,
        "| yes | yes | yes |\n" * 10,
        "0 " * 64,
        "\n" * 399,
        "\n\n".join(f"{number}. step number {number} of this recipe" for number in range(100)),
        "=" * 120,
    ],
    ids=["empty", "eight times", "table", "zeros", "blank lines", "counting", "rule"],
)
def test_what_people_write_is_no_loop(text: str) -> None:
    """Lists, tables and rules repeat themselves, too, and are let be."""
    assert loops(text) == []


def test_options_are_read() -> None:
    """A policy says how often is too often."""
    guard = build(Options({"times": 2, "phrase": 4, "run": 10}, "guards[0]"))
    assert [one.label for one in guard.inspect("a, b, c, d " * 5, GuardContext())] == [WORDS]
    with pytest.raises(PolicyError, match=r"run: 3 is not a whole number from 8 up"):
        build(Options({"run": 3}, "guards[0]"))


def test_the_work_grows_with_the_text() -> None:
    """A loop of millions of characters is one finding."""
    assert [one.label for one in Repetition().inspect("[" * 3_000_000, GuardContext())] == [CHARACTER]
    assert [one.label for one in Repetition().inspect("a\n" * 20_000, GuardContext())] == [WORDS, LINES]
