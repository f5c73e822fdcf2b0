"""Example: a text with its entities, and the part of it that is taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

LABELS = (
    "O", "PERSON", "LOCATION", "STREET_ADDRESS", "ORGANIZATION", "DATE_TIME", "DATE_OF_BIRTH", "AGE", "NRP", "TITLE",
    "ZIP_CODE",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Example:
    """Entities are sorted and do not overlap."""

    text: str
    entities: tuple[Entity, ...]
    key: str = ""
    """Examples with one key are of one template, and are held out together; empty where nobody knows."""
    untaught: tuple[tuple[int, int], ...] = ()
    """Pieces of the text about which nobody knows."""


def assembled(pieces: Sequence[tuple[str, str | None]], key: str = "") -> Example:
    """Of texts, each with its label or none."""
    text, entities = "", list[Entity]()
    for piece, label in pieces:
        if label is not None and piece:
            entities.append(Entity(len(text), len(text) + len(piece), label))
        text += piece
    return Example(text, tuple(entities), key)


def pieces_of(example: Example) -> list[tuple[str, str | None]]:
    """What :func:`assembled` puts together again."""
    pieces, at = list[tuple[str, str | None]](), 0
    for entity in example.entities:
        pieces += [(example.text[at : entity.start], None), (example.text[entity.start : entity.end], entity.label)]
        at = entity.end
    return [*pieces, (example.text[at:], None)]


def joined(example: Example, labels: frozenset[str], between: str = " ") -> Example:
    """Neighbours of one of these labels, with nothing but the characters of `between` amid them, are one entity."""
    entities = list[Entity]()
    for entity in example.entities:
        if entities and entities[-1].label == entity.label and entity.label in labels:
            gap = example.text[entities[-1].end : entity.start]
            if gap.strip(between) == "" and gap:
                entities[-1] = replace(entities[-1], end=entity.end)
                continue
        entities.append(entity)
    return replace(example, entities=tuple(entities))
