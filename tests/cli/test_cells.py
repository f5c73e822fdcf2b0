"""Cells of a terminal: how wide a text is, and that what is cut, wrapped and set in a table stays within its room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmpost.cli.cells import beside, cut, width, wrapped
from llmpost.cli.grid import Heading, grid
from llmpost.cli.ink import Ink, Line, Run
from llmpost.pages.unseen import in_line, seen

TEXTS = st.text(st.sampled_from("ab 語👍é\u0301ﬁ—\n"), max_size=40) | st.text(max_size=20).map(seen)
RUNS = st.lists(st.builds(Run, TEXTS, st.sampled_from(["", "changed", "soft"])), max_size=5)


def text_of(line: Line) -> str:
    return "".join(run.text for run in line)


@pytest.mark.parametrize(
    ("text", "cells"),
    [("", 0), ("abc", 3), ("語", 2), ("e\u0301", 1), ("ＡＢ", 4), ("👍", 2), ("ﾊ", 1), ("שלום", 4), ("한", 2)],
)
def test_width_is_what_a_terminal_takes(text: str, cells: int) -> None:
    """Wide characters take two cells, marks none."""
    assert width(text) == cells


@given(TEXTS, st.integers(1, 20))
def test_what_is_cut_fits(text: str, cells: int) -> None:
    """A text that fits stays as it is; one that does not is its own beginning, and says so."""
    short = cut(text, cells)
    assert width(short) <= cells
    assert short == text if width(text) <= cells else text.startswith(short.removesuffix("…"))


@given(RUNS, st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing(runs: list[Run], cells: int) -> None:
    """No line is too wide, and all but the spaces at breaks is there, in order, each character in its look."""
    lines = list(wrapped(runs, cells))
    assert all(width(text_of(line)) <= cells for line in lines)
    before = [(character, run.look) for run in runs for character in run.text if not character.isspace()]
    after = [
        (character, run.look) for line in lines for run in line for character in run.text if not character.isspace()
    ]
    assert after == before
    assert len(lines) >= 1 + sum(run.text.count("\n") for run in runs)


@given(RUNS)
def test_what_fits_is_not_wrapped(runs: list[Run]) -> None:
    """With room enough the lines are those of the text."""
    whole = "".join(run.text for run in runs)
    assert [text_of(line) for line in wrapped(runs, 10_000)] == whole.split("\n")


@given(RUNS, RUNS)
def test_beside_is_both(first: list[Run], second: list[Run]) -> None:
    """Each line is one of the first, filled up, and one of the second."""
    ones, others = list(wrapped(first, 12)), list(wrapped(second, 12))
    lines = [text_of(line) for line in beside(ones, others, 14)]
    assert len(lines) == max(len(ones), len(others))
    for place, line in enumerate(lines):
        one, other = (text_of(own[place]) if place < len(own) else "" for own in (ones, others))
        assert line == one + " " * (14 - width(one)) + other


@given(st.lists(st.tuples(*[st.text(max_size=30).map(in_line)] * 3), max_size=6))
def test_columns_of_a_grid_stand_below_each_other(rows: list[tuple[str, str, str]]) -> None:
    """Every cell begins or ends where its heading does, and no line is wider than it may be."""
    headings = [Heading("name", most=12), Heading("number", is_right=True, most=12), Heading("why")]
    lines = [text_of(line) for line in grid(headings, [[Run(cell) for cell in row] for row in rows], 60)]
    assert len(lines) == len(rows) + 1
    assert all(width(line) <= 60 for line in lines)
    at = [lines[0].index("number") + len("number"), lines[0].index("why")]
    for row, line in zip(rows, lines[1:], strict=True):
        number = cut(row[1], 12)
        place = next(n for n in range(len(line) + 1) if width(line[:n]) >= at[0])
        assert line[:place].endswith(number)


def test_ink_is_for_colours_alone() -> None:
    """Without colours runs are their texts; with them neighbours in one look are written at once."""
    runs = [Run("a", "changed"), Run("b", "changed"), Run("c"), Run("", "stopped")]
    assert Ink(False).written(runs) == "abc"
    assert Ink(True).written(runs) == "\x1b[33;4mab\x1b[0mc"
