"""The page of one request: its account as HTML. What it says is the account's; here it is set out."""

from __future__ import annotations

from collections.abc import Sequence

from llmpost.contracts.result import MaskedToken
from llmpost.pages.account import Account, Answer
from llmpost.pages.looks import Look, Row
from llmpost.pages.markup import Content, Markup, element, joined
from llmpost.pages.page import Column, Page, Section, badge, bar, facts, note, table
from llmpost.pages.quantities import duration, place, share
from llmpost.pages.spans import legend, ruler, spans
from llmpost.pages.stages import Stage
from llmpost.pages.texts import ShownText
from llmpost.pages.tones import MEANINGS

_ROWS = "row"
"""Rows of findings are row-1, row-2 and so on: marks lead there."""
_FOUND = (
    Column("No.", is_number=True), Column("Label"), Column("Guard"), Column("Done"), Column("From–to", is_number=True),
    Column("Now at", is_number=True), Column("Score", is_number=True), Column("Why"),
)  # fmt: skip
_STAGES = (
    Column("Part"), Column("Stage"), Column("Share of the time", is_wide=True), Column("Took", is_number=True),
    Column("How it went"),
)  # fmt: skip
_MASKED = (
    Column("Step", is_number=True), Column("Token"), Column("Probability", is_number=True), Column("Why not allowed"),
)  # fmt: skip
_FOOTER = (
    "Positions count characters from 0, ends exclusive. "
    "This page is one file: it has no script and asks no network for anything."
)


def page_of_request(account: Account) -> Page:
    """Every word of the account."""
    lead = [_headline(answer) for answer in account.answers]
    sections = [Section("What ran", (facts(account.facts),))]
    for answer in account.answers:
        sections += _sections(answer, f"{answer.title}: " if len(account.answers) > 1 else "")
    if account.settings:
        sections.append(Section("Settings of decoding", (facts(account.settings),)))
    return Page(f"{account.title} · {account.id}", joined(*lead), tuple(sections), _FOOTER)


def _headline(answer: Answer) -> Markup:
    return element("p", badge(answer.words.word, answer.words.tone), f" {answer.title}: {answer.words.sentence}")


def _sections(answer: Answer, before: str) -> list[Section]:
    """Those that there is something to say in."""
    found = [part for look in answer.looks for part in _look(look)]
    contents: dict[str, Sequence[Content]] = {
        "Texts": [_texts(answer.texts), *_legend(answer)] if answer.texts else (),
        "Before the model": [_texts(answer.inputs)] if answer.inputs else (),
        "What guards found, and what was done": found,
        "Where the time went": [_stages(answer.stages)] if answer.stages else (),
        "How it ended": [facts(answer.facts)] if answer.facts else (),
        "What the model wanted and was not allowed": _masked(answer.masked),
        "Notes": [element("ul", *(element("li", each) for each in answer.notes))] if answer.notes else (),
    }
    return [Section(f"{before}{title}", tuple(content)) for title, content in contents.items() if content]


def _texts(texts: Sequence[ShownText]) -> Markup:
    return element("div", *map(_text, texts), class_="side-by-side")


def _text(text: ShownText) -> Markup:
    parts = [element("h3", text.title)]
    if text.text is not None:
        parts.append(spans(text.text, () if text.apart else text.marks, _ROWS))
    if text.text is None or text.apart:
        parts.append(ruler(text.characters, text.marks))
    return element("div", *parts, note(text.note))


def _legend(answer: Answer) -> list[Markup]:
    """Of the looks that marks have here."""
    tones = dict.fromkeys(mark.tone for text in (*answer.inputs, *answer.texts) for mark in text.marks)
    return [legend([(MEANINGS[tone], tone) for tone in tones])] if tones else []


def _look(look: Look) -> list[Content]:
    word = badge(look.words.word, look.words.tone)
    told = element("p", element("strong", look.title), " ", word, " ", look.words.sentence)
    if not look.rows:
        return [told]
    ids = [f"{_ROWS}-{row.number}" for row in look.rows]
    caption = f"{look.title}: {look.found}"
    return [told, table(_FOUND, list(map(_found, look.rows)), caption, ids)]


def _found(row: Row) -> Sequence[Content]:
    return (
        str(row.number), row.label, row.guard, badge(row.done, row.tone), place(row.before),
        "" if row.after is None else place(row.after), "" if row.score is None else f"{row.score:.3g}", row.reason,
    )  # fmt: skip


def _stages(stages: Sequence[Stage]) -> Markup:
    caption = "In the order of the way, each as long as it took; decoding is that of the whole batch"
    return table(_STAGES, list(map(_stage, stages)), caption)


def _stage(stage: Stage) -> Sequence[Content]:
    length = bar(stage.length, share(stage.length), stage.tone, stage.start)
    return stage.part, stage.name, length, duration(stage.seconds), stage.told


def _masked(masked: Sequence[MaskedToken]) -> list[Content]:
    rows = [(str(each.step), element("code", each.name), share(each.probability), each.why) for each in masked]
    return [table(_MASKED, rows, "Tokens that the model held likelier than what was written")] if rows else []
