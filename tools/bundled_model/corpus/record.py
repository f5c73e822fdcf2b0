"""What a kind of record is: its fields, how each is asked for, and the clauses that say it.

It holds tables, no grammar: `prose` builds sentences from them, `layouts` builds lines and tables, `asks` builds
questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from .draw import Draw
from .values import Value

FieldType = Literal["string", "integer", "number"]
Record = dict[str, Value]  # field name → value, in the natural order of the kind

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field and everything that can be said about it.

    `verb` follows a subject ("lives in {city}"), `tail` is set beside it ("from {city}"), `said` and `apart` are
    whole sentences without the stop: by the person concerned, and by anybody.
    """

    name: str
    make: Callable[[Draw, Record], Value]
    type: FieldType = "string"
    keys: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    verb: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    natural: float = 0.5  # how often a text has it


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record, such as a person, and how texts about it begin."""

    name: str
    nouns: tuple[str, ...]
    head: str  # the field that can be the subject of a sentence
    subject: tuple[str, ...]  # how the subject is named, `{head}` or without it
    again: tuple[str, ...]  # how it is named later
    fields: tuple[Field, ...]
    openings: tuple[str, ...]  # sentences with several fields
    said_openings: tuple[str, ...]
    distractors: tuple[str, ...]
    tight: tuple[str, ...]  # whole short texts without a verb

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)

    def make(self, draw: Draw) -> Record:
        """A record with some of the fields, never fewer than two."""
        while True:
            chosen = [one for one in self.fields if draw.chance(one.natural)]
            if len(chosen) >= 2:
                break
        record: Record = {}
        for one in chosen:
            record[one.name] = one.make(draw, record)
        return record


def slots_of(template: str) -> set[str]:
    """The names of a template's slots."""
    return set(_SLOT.findall(template))


def spellings(record: Mapping[str, Value]) -> dict[str, str]:
    """The record as slots of a template."""
    return {name: value.text for name, value in record.items()}


def plain(make: Callable[[Draw], str]) -> Callable[[Draw, Record], Value]:
    """A field whose text is copied as it stands and does not look at the other fields."""
    return lambda draw, _record: Value.of(make(draw))
