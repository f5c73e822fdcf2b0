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


def as_it_was(title: str, kept: Kept | None, store: Store, rows: Sequence[Row]) -> ShownText | None:
    """A text that guards looked at, with everything that was found in it; None where nothing ran."""
    if kept is None:
        return None
    marks = tuple(row.mark(row.before) for row in rows)
    whole = ShownText(title, kept.characters, kept.text, marks, _note(kept, store))
    if kept.text is None or store == "raw":
        return whole
    moved = _moved(kept.text, [row for row in rows if row.score is not None])
    return replace(whole, apart=bool(marks)) if moved is None else replace(whole, marks=moved)


def as_it_came_out(title: str, kept: Kept | None, store: Store, rows: Sequence[Row]) -> ShownText | None:
    """A text that guards let through, with what they made of its parts; None where nothing ran."""
    if kept is None:
        return None
    places = {row.after: row for row in reversed(rows) if row.after is not None}
    marks = tuple(row.mark(span) for span, row in sorted(places.items(), key=lambda each: each[1].number))
    is_other = kept.text is not None and len(kept.text) != kept.characters  # more was taken out to keep it
    return ShownText(title, kept.characters, kept.text, () if is_other else marks, _note(kept, store))


def _note(kept: Kept, store: Store) -> str:
    size = counted(kept.characters, "character")
    if kept.text is not None:
        return f"{size}, kept with a label in the place of what was found." if store == "redacted" else f"{size}."
    digest = f" Its keyed digest is {kept.digest}." if kept.digest else ""
    if kept.sealed:
        return f"{size}, sealed: --seal-key-file opens it.{digest}"
    return f"The text was not kept: {size}.{digest}"


def _moved(text: str, found: Sequence[Row]) -> tuple[Mark, ...] | None:
    """What was found, where its labels stand in a text that has those instead; None where they do not stand there."""
    moved, shift = [], 0
    for span, rows in _hulls(found):
        labels = f"[{'|'.join(dict.fromkeys(row.label for row in rows))}]"
        start = span.start + shift
        if not text.startswith(labels, start):
            return None
        moved += [row.mark(Span(start, start + len(labels))) for row in rows]
        shift += len(labels) - (span.end - span.start)
    return tuple(moved)


def _hulls(rows: Sequence[Row]) -> Iterator[tuple[Span, list[Row]]]:
    """Rows that overlap, together, as they are taken out of a text that is redacted."""
    together: list[Row] = []
    end = 0
    own = (row for row in rows if row.before.end > row.before.start)
    for row in sorted(own, key=lambda row: (row.before, row.label)):
        if together and row.before.start >= end:
            yield Span(together[0].before.start, end), together
            together = []
        end = max(end, row.before.end) if together else row.before.end
        together.append(row)
    if together:
        yield Span(together[0].before.start, end), together
