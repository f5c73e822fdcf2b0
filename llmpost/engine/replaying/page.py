"""A report on a replay as a page of its own, for those who decide. It says what the terminal says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from llmpost.engine.replaying.report import Rate, Report, SideReport
from llmpost.engine.replaying.tally import Example, Side
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
from llmpost.pages.marks import Mark
from llmpost.pages.markup import Content, Markup, element, joined
from llmpost.pages.page import Column, Page, Section, badge, bar, facts, note, table
from llmpost.pages.spans import spans
from llmpost.pages.tones import tone_of_action

_MOST_ROWS = 100


def page_of_report(report: Report) -> Page:
    """Self-contained, as all pages are."""
    sides = [side for side in (report.answers, report.prompts) if side.count]
    return Page(
        title=f"Replay: {policy_words(report.before)} → {policy_words(report.after)}",
        lead=verdict_words(report),
        sections=(
            _what_there_was(report),
            *(each for side in sides for each in _sections(side)),
            *_drawing(report),
            _cost(report),
        ),
        footer=report.methods,
    )


def _what_there_was(report: Report) -> Section:
    made = [[name, f"{count:,}"] for name, count in report.totals.policies.items()]
    own = table([Column("recorded under"), Column("records", is_number=True)], made, "Policies of the records")
    policies = facts({"Before": policy_words(report.before), "After": policy_words(report.after)})
    return Section("What was replayed", (policies, *(note(each) for each in lead(report)), own))


def _sections(side: SideReport) -> Iterator[Section]:
    title = f"{SIDES[side.side]} ({side.count:,})"
    yield Section(title, (_kinds(side),))
    yield Section(f"{title}: what was shown", (_rates("texts", list(outcome_rows(side)), "Texts"),))
    for name, rates in (("label", side.labels), ("guard", side.guards)):
        if rates:
            yield Section(f"{title}: found, by {name}", tuple(_named(name, rates)))
    for kind, examples in side.examples.items():
        yield Section(f"{title}: {TITLES[kind][0]}, for example", tuple(_examples(f"{side.side}-{kind}", examples)))


def _kinds(side: SideReport) -> Markup:
    rows: list[list[Content]] = []
    for kind, (title, count, share) in kind_rows(side):
        tone = TITLES[kind][1]
        own = side.kinds[kind] / side.count
        rows.append([badge(title, tone), count, share, bar(own, f"{title}: {share}", tone)])
    numbers = [Column(head, is_number=True) for head in KIND_HEADS[1:]]
    return table([Column(KIND_HEADS[0]), *numbers, Column("", is_wide=True)], rows, "What would change")


def _named(name: str, rates: Mapping[str, Rate]) -> Iterator[Content]:
    yield _rates(name, by_weight(rates)[:_MOST_ROWS], f"Texts in which something was found, by {name}")
    if len(rates) > _MOST_ROWS:
        yield note(f"And {len(rates) - _MOST_ROWS} more, which changed less.")


def _rates(name: str, rates: Sequence[tuple[str, Rate]], caption: str) -> Markup:
    columns = [Column(name), *(Column(head, is_number=True) for head in RATE_HEADS)]
    return table(columns, [[own, *rate_cells(rate)] for own, rate in rates], caption)


def _examples(name: str, examples: Sequence[Example]) -> Iterator[Content]:
    """Each in a row, to which the marks in its text lead."""
    rows: list[list[Content]] = [
        [f"{number}", element("code", own), *words]
        for number, (own, *words) in enumerate(map(example_words, examples), 1)
    ]
    columns = [Column(title) for title in ("", "record", "before", "after")]
    ids = [f"{name}-{number}" for number in range(1, len(rows) + 1)]
    yield table(columns, rows, "By the hashes of their ids", ids)
    for number, example in enumerate(examples, 1):
        if example.text is not None:
            yield _texts(example, name, number)


def _texts(example: Example, name: str, number: int) -> Markup:
    """The beginning of the text twice, with what was done before and after."""
    text = example.text or ""
    pair = (
        joined(element("h3", f"{number}, {title}"), spans(text, _marks(own, number), name))
        for title, own in (("before", example.before), ("after", example.after))
    )
    return element("div", *(element("div", each) for each in pair), class_="side-by-side")


def _marks(side: Side, number: int) -> list[Mark]:
    return [
        Mark(change.before, f"{change.label}: {change.action}", tone_of_action(change.action), number)
        for change in side.changes
    ]


def _drawing(report: Report) -> Iterator[Section]:
    lead = drawing_lead(report.drawing)
    if lead:
        columns = [Column(DRAWING_HEADS[0]), *(Column(head, is_number=True) for head in DRAWING_HEADS[1:])]
        own = table(columns, list(drawing_rows(report.drawing)), "Answers")
        told = [
            note(f"{DRAWN[kind]}: {drawn_words(example)}")
            for kind, examples in report.drawing.examples.items()
            for example in examples
        ]
        yield Section("Tokens", (*map(note, lead), own, *told))


def _cost(report: Report) -> Section:
    columns = [Column("what it takes"), Column("before", is_number=True), Column("after", is_number=True)]
    own = table(columns, list(cost_rows(report)), "Time")
    said = "Measured while it was replayed; where the old side is what was recorded, as it was recorded."
    return Section("Cost", (own, note(said)))
