"""A report on a replay as lines of a terminal. It says what the page says, and nothing in colour alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from llmpost.cli.cells import wrapped
from llmpost.cli.grid import Heading, grid
from llmpost.cli.ink import Line, Run
from llmpost.cli.printing import visible
from llmpost.engine.replaying.report import DrawingReport, Rate, Report, SideReport
from llmpost.engine.replaying.words import (
    DRAWING_HEADS,
    DRAWN,
    KIND_HEADS,
    RATE_HEADS,
    SIDES,
    TITLES,
    by_weight,
    cost_rows,
    drawing_lead,
    drawing_rows,
    drawn_words,
    example_words,
    kind_rows,
    lead,
    outcome_rows,
    policy_words,
    rate_cells,
    verdict_words,
)
from llmpost.pages.tones import SIGNS

_MOST_ROWS = 20
_COST_HEADS = ("cost", "before", "after")


def lines_of_report(report: Report, columns: int) -> Iterator[Line]:
    """All of it, no wider than so many columns where that can be."""
    title = f"{policy_words(report.before)} → {policy_words(report.after)}"
    yield (Run(visible(title), "strong"),)
    for sentence in (verdict_words(report), *lead(report)):
        yield from wrapped([Run(visible(sentence))], columns)
    for side in (report.answers, report.prompts):
        if side.count:
            yield from _side(side, columns)
    yield from _drawing(report.drawing, columns)
    yield ()
    yield from grid(_headings(_COST_HEADS), [[*map(Run, row)] for row in cost_rows(report)], columns)
    yield ()
    yield from wrapped([Run(report.methods, "soft")], columns)


def _side(side: SideReport, columns: int) -> Iterator[Line]:
    yield ()
    yield (Run(f"{SIDES[side.side]} ({side.count:,})", "strong"),)
    rows = [
        [Run(f"{SIGNS[TITLES[kind][1]]} {title}", TITLES[kind][1]), Run(count), Run(share)]
        for kind, (title, count, share) in kind_rows(side)
    ]
    yield from grid(_headings(KIND_HEADS, 40), rows, columns)
    yield ()
    yield from _rates("texts", list(outcome_rows(side)), columns)
    for name, rates in (("found, by label", side.labels), ("found, by guard", side.guards)):
        yield from _named(name, rates, columns)
    yield from _examples(side, columns)


def _drawing(drawing: DrawingReport, columns: int) -> Iterator[Line]:
    lead = drawing_lead(drawing)
    if not lead:
        return
    yield ()
    yield (Run("Tokens", "strong"),)
    for sentence in lead:
        yield from wrapped([Run(visible(sentence))], columns)
    yield from grid(_headings(DRAWING_HEADS), [[*map(Run, row)] for row in drawing_rows(drawing)], columns)
    for kind, examples in drawing.examples.items():
        yield (Run(f"{DRAWN[kind]}, for example", "soft"),)
        for example in examples:
            yield (Run(f"  {visible(drawn_words(example))}"),)


def _named(name: str, rates: Mapping[str, Rate], columns: int) -> Iterator[Line]:
    if rates:
        yield ()
        yield from _rates(name, by_weight(rates)[:_MOST_ROWS], columns)
        if len(rates) > _MOST_ROWS:
            yield (Run(f"and {len(rates) - _MOST_ROWS} more, which changed less", "soft"),)


def _rates(name: str, rates: Sequence[tuple[str, Rate]], columns: int) -> Iterator[Line]:
    rows = [[Run(visible(own)), *map(Run, rate_cells(rate))] for own, rate in rates]
    yield from grid(_headings((name, *RATE_HEADS)), rows, columns)


def _examples(side: SideReport, columns: int) -> Iterator[Line]:
    for kind, examples in side.examples.items():
        title, tone = TITLES[kind]
        yield ()
        yield (Run(f"{SIGNS[tone]} {title}, for example", tone),)
        for example in examples:
            name, before, after = map(visible, example_words(example))
            yield (Run(f"  {name}"),)
            yield from _indented(f"before: {before}", columns)
            yield from _indented(f"after:  {after}", columns)
            if example.text is not None:
                yield from _indented(visible(example.text), columns)


def _indented(text: str, columns: int) -> Iterator[Line]:
    for line in wrapped([Run(text)], columns - 4):
        yield (Run("    "), *line)


def _headings(titles: Sequence[str], most: int = 44) -> list[Heading]:
    return [Heading(title, is_right=bool(place), most=most) for place, title in enumerate(titles)]
