"""Apply: decisions carried out on a text, or on the stretch of it that a stream has settled.

Pure but for the tools it is given (a key, a vault). Each decision's hull gives way to one replacement; the first that
ends the text ends it at its beginning, and what is said then is the caller's. What is between stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from llmpost.contracts.guard import Span
from llmpost.contracts.inspection import Change
from llmpost.guards.decide import Decision
from llmpost.guards.replacements.table import replacement
from llmpost.guards.tools import Tools


class Medium(Protocol):
    """What a text is written in: plainly, or inside the strings of a JSON document."""

    @property
    def span(self) -> Span:
        """The characters that are here, of a text that is longer perhaps."""

    def raw(self, span: Span) -> str:
        """The characters as they stand."""

    def read(self, span: Span) -> str:
        """What they mean."""

    def written(self, text: str) -> str:
        """A text spelled so that it means itself."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Text that means what it says; `start` of it went before.

    >>> Plain("plain", start=10).raw(Span(11, 13))
    'la'
    """

    text: str
    start: int = 0

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))

    def raw(self, span: Span) -> str:
        return self.text[span.start - self.start : span.end - self.start]

    def read(self, span: Span) -> str:
        return self.raw(span)

    def written(self, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True)
class Applied:
    """What came out."""

    text: str
    changes: tuple[Change, ...]
    ended_by: Decision | None
    """The decision that ended the text; everything behind `text` is withheld."""


def apply(medium: Medium, decisions: Iterable[Decision], tools: Tools, written: int = 0) -> Applied:
    """Decisions in the order of the text, all within the medium; so many characters were `written` before it."""
    parts: list[str] = []
    changes: list[Change] = []
    at, ended_by = medium.span.start, None
    for decision in decisions:
        parts.append(medium.raw(Span(at, decision.span.start)))
        written += len(parts[-1])
        new = ""
        if decision.ends_text:
            ended_by = decision
        else:
            new = medium.written(replacement(decision, medium.read(decision.span), tools))
        changes.append(_change(decision, Span(written, written + len(new)), medium.span.end))
        if ended_by is not None:
            break
        parts.append(new)
        written += len(new)
        at = decision.span.end
    else:
        parts.append(medium.raw(Span(at, medium.span.end)))
    return Applied("".join(parts), tuple(changes), ended_by)


def _change(decision: Decision, after: Span, end: int) -> Change:
    """Who ends a text takes everything behind, so far as it is there."""
    before = Span(decision.span.start, end) if decision.ends_text else decision.span
    return Change(before, after, decision.best.finding.label, decision.action.kind, decision.best.finding.guard)
