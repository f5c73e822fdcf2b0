"""Texts of a record as they can be shown: with their marks where they were kept, and in words where they were not.

Spans count in the text as guards saw it. A text that was kept with labels in the place of what was found is marked
where those labels stand; where that cannot be told, nothing is marked in it, and a ruler shows the spans alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llmpost.contracts.guard import Span
from llmpost.contracts.keeping import Kept, Store
from llmpost.pages.looks import Row
from llmpost.pages.marks import Mark
from llmpost.pages.quantities import counted


@dataclass(frozen=True, slots=True)
class ShownText:
    """What there is to show of one text."""

    title: str
    characters: int
    """As it was, before any of it was left out."""
    text: str | None
    marks: tuple[Mark, ...] = ()
    """Over `text`, or over its length where there is none, or where the marks are `apart`."""
    note: str = ""
    apart: bool = False
    """Whether the marks count in a text that is not the one shown."""


def shown_text(title: str, kept: Kept | None, store: Store, marks: Sequence[Mark]) -> ShownText | None:
    """None where nothing ran."""
    if kept is None:
        return None
    whole = ShownText(title, kept.characters, kept.text, tuple(marks), _note(kept, store))
    if kept.text is None or store == "raw":
        return whole
    moved = _moved(kept.text, marks)
    return replace(whole, apart=True) if moved is None else replace(whole, marks=moved)


def before(rows: Sequence[Row]) -> list[Mark]:
    """The rows over the text as it was looked at."""
    return [row.mark(row.before) for row in rows]


def after(rows: Sequence[Row]) -> list[Mark]:
    """The rows over what came out, one for each place."""
    places = {row.after: row for row in reversed(rows) if row.after is not None}
    return [row.mark(span) for span, row in sorted(places.items(), key=lambda each: each[1].number)]


def _note(kept: Kept, store: Store) -> str:
    size = counted(kept.characters, "character")
    if kept.text is not None:
        return f"{size}, kept with a label in the place of what was found." if store == "redacted" else f"{size}."
    digest = f" Its keyed digest is {kept.digest}." if kept.digest else ""
    if kept.sealed:
        return f"{size}, sealed: --seal-key-file opens it.{digest}"
    return f"The text was not kept: {size}.{digest}"


def _moved(text: str, marks: Sequence[Mark]) -> tuple[Mark, ...] | None:
    """The marks where their labels stand in a text that has those instead; None where they do not stand there."""
    moved, shift = [], 0
    for span, own in _hulls(marks):
        start = span.start + shift
        labels = (f"[{mark.label.split(' ')[0]}]" for mark in own)
        label = next((label for label in labels if text.startswith(label, start)), None)
        if label is None:
            return None
        moved += [replace(mark, span=Span(start, start + len(label))) for mark in own]
        shift += len(label) - (span.end - span.start)
    return tuple(moved)


def _hulls(marks: Sequence[Mark]) -> Iterator[tuple[Span, list[Mark]]]:
    """Marks that overlap, together."""
    together: list[Mark] = []
    end = 0
    for mark in sorted((mark for mark in marks if mark.span.end > mark.span.start), key=lambda mark: mark.span):
        if together and mark.span.start >= end:
            yield Span(together[0].span.start, end), together
            together = []
        end = max(end, mark.span.end) if together else mark.span.end
        together.append(mark)
    if together:
        yield Span(together[0].span.start, end), together
