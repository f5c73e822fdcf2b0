"""A request in lines: within the width, whatever it says, and its ruler shows where things were found."""

from dataclasses import replace
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told_records import answered, record_of

from llmpost.cli.cells import width
from llmpost.cli.ink import Ink
from llmpost.cli.trace.request_text import lines_of_request
from llmpost.contracts.keeping import Kept
from llmpost.contracts.record import Record
from llmpost.pages.account import account_of
from llmpost.testing.nasty_texts import NASTY


def lines(record: Record, columns: int = 100) -> list[str]:
    return [Ink(False).written(line) for line in lines_of_request(account_of([record]), columns, False)]


@settings(max_examples=60)
@given(
    st.sampled_from(NASTY) | st.text(max_size=200),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(["redact", "block", "log"])), max_size=5
    ),
    st.sampled_from([80, 100, 120]),
)
def test_no_text_leaves_its_lines(text: str, found: list[tuple[int, int, str]], columns: int) -> None:
    """No line is wider than the terminal, and none has anything in it that moves the cursor."""
    spans = [(min(a, b), max(a, b), text[:9] or "X", kind) for a, b, kind in found]
    told = lines(record_of(text, spans), columns)  # type: ignore[arg-type]  # a kind
    assert max(map(width, told)) <= columns
    moving = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not any(category(character) in moving for line in told for character in line)


@pytest.mark.parametrize("columns", [80, 99, 100, 120])
def test_texts_stand_beside_each_other_where_there_is_room(columns: int) -> None:
    """From a hundred columns on; one below the other where there are fewer."""
    heads = [line for line in lines(answered(), columns) if "What the model wrote" in line]
    assert ["What was shown" in line for line in heads] == [columns >= 100]


def ruler(record: Record) -> str:
    """Of the record without its texts."""
    own = replace(record, store="digest", raw=Kept(1000), released=None)
    (line,) = (line for line in lines(own) if line.startswith("├"))
    return line


def test_a_ruler_shows_where_things_were_found() -> None:
    """Of a text that was not kept each part stands where it would; the ruler has one width, however much was found."""
    every_other = [(place, place + 1, "X", "block") for place in range(0, 1000, 2)]
    whole = ruler(record_of("a" * 1000, every_other))  # type: ignore[arg-type]  # a kind
    cells = len(whole) - 2
    assert cells <= 60
    assert whole == f"├{'█' * cells}┤"
    assert ruler(record_of("a" * 1000, [])) == f"├{'─' * cells}┤"
    half = ruler(record_of("a" * 1000, [(500, 1000, "X", "block")]))
    assert half == f"├{'─' * (cells // 2)}{'█' * (cells - cells // 2)}┤"
    assert ruler(record_of("a" * 1000, [(999, 1000, "X", "block")])) == f"├{'─' * (cells - 1)}█┤"


def test_long_texts_are_cut() -> None:
    """A terminal shows twenty thousand characters, and says what shows the rest."""
    told = lines(record_of("word " * 10_000, []), 120)
    assert "\n".join(told).count("… and 30,000 characters more: see --html or --json") == 2
