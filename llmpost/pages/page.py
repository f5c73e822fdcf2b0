"""The shell of every page, and the few things that pages are put together from.

A page is one file: its style is in it, it has no script, it asks no network for anything, and says so to the browser
in a policy of its own, which names the style by its digest. What pages are about is the business of whoever makes them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from llmpost.pages.markup import Content, Markup, element, joined, plainly
from llmpost.pages.style import STYLE
from llmpost.pages.tones import SIGNS, Tone

MOST_ROWS = 1000
"""Of a table are shown: a page must open."""
_LEAST_SHOWN = 0.4
"""Percent of a bar: what is there is seen, however little it is."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, under a heading of its own."""

    title: str
    content: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """
    >>> Page("A & B", "two letters").html().count("A &amp; B")
    2
    """

    title: str
    lead: Content = ""
    sections: tuple[Section, ...] = ()
    footer: Content = ""

    def html(self) -> str:
        """All of it; every character can be written as UTF-8."""
        head = element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=_content_policy()),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            element("meta", name="referrer", content="no-referrer"),
            element("title", plainly(self.title)),
            element("style", Markup(STYLE)),
        )
        header = element("header", element("h1", self.title), element("div", self.lead, class_="lead"))
        main = element("main", *(_section(each, number) for number, each in enumerate(self.sections, 1)))
        body = element("body", header, main, element("footer", self.footer))
        return f"<!doctype html>\n{element('html', head, body, lang='en').html}\n"


@dataclass(frozen=True, slots=True)
class Column:
    """Of a table: what stands over it, and how what is in it is set."""

    title: str
    is_number: bool = False
    is_wide: bool = False

    @property
    def set_as(self) -> str | None:
        return " ".join(("number",) * self.is_number + ("wide",) * self.is_wide) or None


def table(
    columns: Sequence[Column], rows: Sequence[Sequence[Content]], caption: str, ids: Sequence[str | None] = ()
) -> Markup:
    """Each row has a cell for each column; `ids` are what links lead to. It is scrolled alone where it is too wide."""
    heads = (element("th", each.title, scope="col", class_=each.set_as) for each in columns)
    lines = (
        element("tr", *_cells(columns, row), id=ids[number] if ids else None)
        for number, row in enumerate(rows[:MOST_ROWS])
    )
    inside = (element("caption", caption), element("thead", element("tr", *heads)), element("tbody", *lines))
    whole = element("div", element("table", *inside), class_="scroll", role="region", tabindex="0", aria_label=caption)
    rest = len(rows) - MOST_ROWS
    return joined(whole, note(f"… and {rest:,} more, which are not shown here.")) if rest > 0 else whole


def bar(length: float, label: str, tone: Tone = "noted", start: float = 0.0) -> Markup:
    """A part of a whole: from `start`, `length` long, both shares of one. `label` says it in words."""
    width = min(max(100 * length, _LEAST_SHOWN if length > 0 else 0.0), 100.0)
    left = min(max(100 * start, 0.0), 100.0 - width)
    track = element("rect", class_="track", width="100%", height="100%", rx="3")
    own = element("rect", class_=f"tone-{tone}", x=f"{left:.2f}%", width=f"{width:.2f}%", height="100%", rx="3")
    return element("svg", track, own, class_="bar", role="img", aria_label=label)


def badge(word: str, tone: Tone) -> Markup:
    """A word that stands out, with a sign beside its colour."""
    return element("span", f"{SIGNS[tone]} {word}", class_=f"badge tone-{tone}")


def facts(given: Mapping[str, Content]) -> Markup:
    """Names and what they are."""
    return element("dl", *(element("div", element("dt", name), element("dd", own)) for name, own in given.items()))


def note(text: Content) -> Markup:
    """What must be said, and need not be read first."""
    return element("p", text, class_="note")


def _cells(columns: Sequence[Column], row: Sequence[Content]) -> Iterator[Markup]:
    return (element("td", cell, class_=column.set_as) for cell, column in zip(row, columns, strict=True))


def _section(section: Section, number: int) -> Markup:
    name = f"section-{number}"
    return element("section", element("h2", section.title, id=name), *section.content, aria_labelledby=name)


def _content_policy() -> str:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
