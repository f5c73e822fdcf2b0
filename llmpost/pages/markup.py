"""Markup: HTML that was put together, and cannot be mixed up with text.

A plain string is text, and is escaped wherever it is put; only what was made here goes as it is. So nothing that a
model wrote is ever read as a tag, and none of its characters is unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from llmpost.pages.unseen import code_points, runs, seen, told

_VOID = frozenset({"meta", "rect", "line"})
"""Elements without an inside."""


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML, whole."""

    html: str


Content: TypeAlias = str | Markup


def element(name: str, /, *inside: Content, **attributes: str | None) -> Markup:
    """Attributes that are None are left out; ``class_`` and ``aria_label`` are written ``class`` and ``aria-label``.

    >>> element("p", "a < b", class_="note").html
    '<p class="note">a &lt; b</p>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{plainly(value).html}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}/>" if name in _VOID else f"<{name}{given}>{joined(*inside).html}</{name}>")


def joined(*parts: Content) -> Markup:
    """One after the other."""
    return Markup("".join(part.html if isinstance(part, Markup) else _of_text(part) for part in parts))


def plainly(text: str) -> Markup:
    """Text where no element can stand: in a title, in the value of an attribute."""
    return Markup(escape(seen(text)))


def _of_text(text: str) -> str:
    return "".join(_of_unseen(piece) if is_unseen else escape(piece) for piece, is_unseen in runs(text))


def _of_unseen(row: str) -> str:
    return f'<span class="unseen" title="{told(row)}">{code_points(row)}</span>'
