"""Laws of restoring: pseudonyms come back whole, however a text is cut, and nothing else changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from llmpost.guards.restoring import Restoring
from llmpost.guards.vault import Vault

NAMES = st.sampled_from(["[A_1]", "[A_11]", "[AB_1]", "Ann", "Ann Lee", "Lee", "nn", "[A_1] Ann"])
TABLES = st.dictionaries(NAMES, st.sampled_from(["x", "[A_1]", "Ann Lee", "long value"]), max_size=5)
PIECES = st.lists(st.one_of(NAMES, st.text("A[]_1 nLeé", max_size=4)), max_size=8)


def restored(pieces: list[str], values: dict[str, str]) -> str:
    restoring = Restoring(values)
    return "".join([*(restoring.push(piece) for piece in pieces), restoring.finish()])


def by_definition(text: str, values: dict[str, str]) -> str:
    """At each place the longest name that stands there; words bounded by anything but words."""
    written, at = "", 0
    while at < len(text):
        here = [name for name in values if text.startswith(name, at) and is_bounded(text, at, at + len(name), name)]
        longest = max(here, key=len, default=text[at])
        written += values.get(longest, longest) if here else longest
        at += len(longest)
    return written


def is_bounded(text: str, start: int, end: int, name: str) -> bool:
    if name.startswith("[") and name.endswith("]"):
        return True
    is_word = [character.isalnum() or character == "_" for character in (text[start - 1 : start], text[end : end + 1])]
    return not any(is_word)


@given(PIECES, TABLES)
def test_chunking_makes_no_difference(pieces: list[str], values: dict[str, str]) -> None:
    """Whole, in pieces, or a character at a time: the text of the definition."""
    text = "".join(pieces)
    assert restored(pieces, values) == restored([text], values) == restored(list(text), values)
    assert restored([text], values) == by_definition(text, values)


@given(st.text("A[]_1 nLe", max_size=30), st.sets(NAMES, max_size=5))
def test_only_what_may_begin_a_name_waits(text: str, names: set[str]) -> None:
    """What is held back is the beginning of a name, or a whole one that waits for its border, and nothing else is."""
    restoring = Restoring({name: name for name in names})
    shown = restoring.push(text)
    held = restoring.finish()
    assert shown + held == text
    assert held == "" or any(name.startswith(held) for name in names)


@given(st.lists(st.tuples(st.sampled_from(["PERSON", "PLACE"]), st.text("abc", min_size=1, max_size=3)), max_size=8))
def test_there_and_back(values: list[tuple[str, str]]) -> None:
    """What was pseudonymised is what is restored, in every style."""
    for style in ("numbered", "keyed", "realistic"):
        vault = Vault()
        names = [vault.pseudonym(label, value, style, b"key") for label, value in values]  # type: ignore[arg-type]
        assert vault.restore(" ".join(names)) == " ".join(value for _, value in values)
