"""The report: what is guaranteed for each keyword that the root reaches, by JSON pointer.

It is made when somebody asks, from what the survey found. It says what the document can tell; whoever enforces a
keyword less than exactly lowers its entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from llmpost.constraints.json_schema.document.dialect import METADATA
from llmpost.constraints.json_schema.document.place import Place
from llmpost.constraints.json_schema.document.pointers import pointer_of
from llmpost.constraints.json_schema.settings import Settings
from llmpost.constraints.json_schema.strings.formats.table import BEYOND, FORMATS
from llmpost.contracts.constraint import Guarantee

MAX_UNKNOWN = 1_000
MAX_CHARACTERS = 10_000_000  # pointers of a schema that is nested deeply are long

_IN_PART = frozenset(("idn-hostname", "idn-email"))
"""Formats of which something is not asked for, so that no guarantee is given."""
_FREE_ITEMS = frozenset(("string", "number", "integer"))


@dataclass(slots=True)
class _Parts:
    """Entries, and how many of each kind there is no room for."""

    entries: dict[str, Guarantee] = field(default_factory=dict)
    num_characters: int = 0
    num_unknown: int = 0
    num_left_out: int = 0

    @property
    def is_full(self) -> bool:
        return self.num_characters > MAX_CHARACTERS

    def add(self, pointer: str, guarantee: Guarantee, *, is_unknown: bool) -> None:
        self.num_unknown += is_unknown
        if is_unknown and self.num_unknown > MAX_UNKNOWN:
            self.num_left_out += 1
        else:
            self.entries.setdefault(pointer, guarantee)
            self.num_characters += len(pointer)

    @property
    def notes(self) -> list[str]:
        if not self.num_left_out:
            return []
        return [f"{self.num_left_out:,} more keywords have no entry; most are unknown or stand very deep"]


def parts_of(
    places: Iterable[Place], settings: Settings, refused: Iterable[str]
) -> tuple[dict[str, Guarantee], list[str]]:
    """The entries, and a note where there are more keywords than entries; what is refused always has one."""
    parts = _Parts(dict.fromkeys(refused, "refused"))
    notes: dict[str, str] = {}
    for place in places:
        if parts.is_full:
            parts.num_left_out += len(place.raw)
            continue
        pointer = place.pointer
        for name, value in place.raw.items():
            is_unknown = name not in place.resource.dialect.words
            guarantee = "annotation" if is_unknown else _guarantee(place, name, value, settings)
            parts.add(pointer + pointer_of((name,)), guarantee, is_unknown=is_unknown)
            if name == "format" and isinstance(value, str) and value in BEYOND and settings.formats == "assert":
                notes[value] = f"{value}: {BEYOND[value]}"
    return parts.entries, [*notes.values(), *parts.notes]


def _guarantee(place: Place, name: str, value: object, settings: Settings) -> Guarantee:
    if name in METADATA or (name != "$ref" and place.is_hiding):
        return "annotation"
    if name == "format":
        is_asserted = settings.formats == "assert" and value in FORMATS and value not in _IN_PART
        return "exact" if is_asserted else "annotation"
    return "sound" if name == "uniqueItems" and value is True and not _has_enough_items(place) else "exact"


def _has_enough_items(place: Place) -> bool:
    """Whether an array of different items can always be completed, as far as can be seen here."""
    if place.raw.get("minContains", 1) > 1:
        return False
    if place.raw.get("minItems", 0) <= 1:
        return True
    items = place.raw.get("items")
    return isinstance(items, dict) and items.get("type") in _FREE_ITEMS and items.keys() <= METADATA | {"type"}
