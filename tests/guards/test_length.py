"""How long a text is, in four units."""

import pytest

from llmpost.contracts.guard import GuardContext
from llmpost.errors import PolicyError
from llmpost.guards.length import TOO_LONG, TOO_SHORT, Length, build
from llmpost.guards.options import Options


@pytest.mark.parametrize(
    ("unit", "most", "text", "place"),
    [
        ("characters", 3, "ab🙂d", 3),
        ("characters", 3, "ab🙂", None),
        ("characters", 0, "a", 0),
        ("words", 2, " one  two three", 10),
        ("words", 2, "one two   ", None),
        ("lines", 2, "a\nb\nc", 4),
        ("lines", 2, "a\n\n", None),
        ("lines", 1, "a\n\n", 2),
        ("bytes", 5, "aé🙂b", 2),
        ("bytes", 7, "aé🙂", None),
        ("bytes", 3, "\ud800a", 1),
    ],
)
def test_the_first_character_too_many_is_found(unit: str, most: int, text: str, place: int | None) -> None:
    """There, and nowhere else, the text is to be cut."""
    guard = build(Options({"most": {unit: most}}, "guards[0]"))
    found = [(one.label, one.span.start, one.span.end) for one in guard.inspect(text, GuardContext())]
    assert found == ([] if place is None else [(TOO_LONG, place, place + 1)])
    assert guard.reach == 0


@pytest.mark.parametrize(("unit", "reach"), [("characters", 3), ("words", None), ("lines", None), ("bytes", 3)])
def test_a_text_too_short_is_found_whole(unit: str, reach: int | None) -> None:
    """Also an empty one; how far there is still to go is known for characters and bytes alone."""
    guard = build(Options({"least": {unit: 3}}, "guards[0]"))
    assert guard.reach == reach
    for text, is_short in (("", True), ("a", True), ("a\nb\nc\n", False)):
        found = [(one.label, one.span.start, one.span.end) for one in guard.inspect(text, GuardContext())]
        assert found == ([(TOO_SHORT, 0, len(text))] if is_short else [])


def test_a_number_alone_counts_characters() -> None:
    """Which is what most people mean."""
    assert build(Options({"most": 3}, "guards[0]")).inspect("abcd", GuardContext())[0].span.start == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "no length is not a guard that can find anything"),
        ({"most": {"word": 3}}, r"guards\[0\]\.most: 'word' is not an option .* Did you mean 'words'"),
        ({"most": {"words": -1}}, r"guards\[0\]\.most\.words: -1 is not a whole number"),
        ({"most": {"words": 1}, "least": {"words": 2}}, r"guards\[0\]\.least: 2 words is not at most"),
    ],
)
def test_impossible_lengths_are_refused(options: dict[str, object], message: str) -> None:
    """With the place in the policy."""
    with pytest.raises(PolicyError, match=message):
        build(Options(options, "guards[0]"))


def test_whole_documents_are_measured() -> None:
    """The guard says of itself that it is not to be asked about each string of a JSON value."""
    assert Length().whole_text
