"""A text with its marks, as HTML; a ruler with the marks of a text that was not kept; and what the colours say.

Each mark bears a number, which leads to the row of a table that has the same; its words show where a pointer rests.
"""

from __future__ import annotations

from collections.abc import Sequence

from llmpost.pages.marks import Mark, Piece, begun, pieces
from llmpost.pages.markup import Content, Markup, element, joined
from llmpost.pages.page import note
from llmpost.pages.tones import SIGNS, Tone

MOST_CHARACTERS = 200_000
"""Of a text are shown: a page must open."""


def spans(text: str, marks: Sequence[Mark], rows: str) -> Markup:
    """All of a text up to the limit; links lead to `rows` and a number."""
    if not text:
        return element("div", element("span", "(empty)", class_="empty"), class_="text")
    shown = text[:MOST_CHARACTERS]
    inside = [_piece(shown, piece, rows) for piece in pieces(len(shown), begun(marks, len(text), len(shown)))]
    whole = element("div", *inside, class_="text", dir="auto")
    rest = len(text) - len(shown)
    return joined(whole, note(f"… and {rest:,} more characters, which are not shown here.")) if rest else whole


def ruler(length: int, marks: Sequence[Mark]) -> Markup:
    """Where the marks lie in so many characters."""
    told = "; ".join(f"{mark.number}: {mark.label} at {mark.span.start} to {mark.span.end}" for mark in marks)
    scale = max(length, 1) / 100
    own = [
        element("rect", class_=f"tone-{piece.over.tone}", x=f"{piece.start / scale:.3f}%", y="15%",
                width=f"{max((piece.end - piece.start) / scale, 0.3):.3f}%", height="70%")
        for piece in pieces(length, marks) if piece.over
    ]  # fmt: skip
    track = element("rect", class_="track", y="35%", width="100%", height="30%")
    return element("svg", track, *own, class_="ruler", role="img", aria_label=told or f"{length} characters, no marks")


def legend(kinds: Sequence[tuple[str, Tone]]) -> Markup:
    """What each look of a mark says."""
    items = (element("li", element("mark", f"{SIGNS[tone]} {word}", class_=f"tone-{tone}")) for word, tone in kinds)
    return element("ul", *items, class_="legend", aria_label="What the marks say")


def _piece(text: str, piece: Piece, rows: str) -> Content:
    inside = text[piece.start : piece.end]
    numbers = [_number(mark, rows) for mark in piece.begins]
    if piece.over is None:
        return joined(*numbers, inside)
    title = f"{piece.over.number}: {piece.over.label}"
    return element("mark", *numbers, inside, class_=f"tone-{piece.over.tone}", title=title)


def _number(mark: Mark, rows: str) -> Markup:
    link = element("a", str(mark.number), href=f"#{rows}-{mark.number}", aria_label=f"{mark.label}, row {mark.number}")
    return element("sup", link)
