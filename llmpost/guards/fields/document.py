"""A JSON document as a medium: its characters, what they say inside its strings, and where findings can be changed.

A place is a character of the document. It changes nothing itself; what `apply` puts in a string is spelled as strings
are, and everything else stays as it was written.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from llmpost.contracts.guard import Span
from llmpost.guards.fields.reader import Field, read_fields
from llmpost.guards.fields.strings import json_said, json_written


@dataclass(frozen=True)
class Document:
    """A text that is JSON, and its fields in order."""

    text: str
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, text: str) -> Self | None:
        """None of a text that is no JSON."""
        fields = read_fields(text)
        return None if fields is None else cls(text, fields)

    @property
    def span(self) -> Span:
        return Span(0, len(self.text))

    def raw(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def read(self, span: Span) -> str:
        return json_said(self.raw(span))

    def written(self, text: str) -> str:
        return json_written(text)

    def is_in_string(self, span: Span) -> bool:
        """Whether all of it is in one string or key, so that something else can be said there."""
        place = bisect_right(self._starts, span.start) - 1
        return place >= 0 and self.fields[place].kind != "number" and span.end <= self.fields[place].end

    @cached_property
    def _starts(self) -> list[int]:
        return [field.start for field in self.fields]
