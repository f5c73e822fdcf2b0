"""Labelled: the sets that somebody else labelled, read, and varied by putting other names in them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .draw import Draw
from .example import LABELS, Entity, Example, assembled, joined, pieces_of
from .slots import surface

PRESIDIO, PATTERNS = "pii_presidio_synth", "pii_patterns_synth"
_BIRTH = re.compile(r"date of birth|was born on", re.IGNORECASE)
_SLOT_OF = {"PERSON": "P", "ORGANIZATION": "O", "NRP": "N", "DATE_TIME": "D", "DATE_OF_BIRTH": "B", "ZIP_CODE": "Z"}


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def labelled(folder: Path, name: str) -> list[Example]:
    """The examples of a labelled set, in its order; the key is the template, where the set tells it."""
    return [_example(row) for row in rows(folder, name)]


def _example(row: dict[str, Any]) -> Example:
    text, template = row["text"], row.get("meta", {}).get("template", "")
    entities = (
        Entity(span["start"], span["end"], _label(span["label"], text, span["start"]))
        for span in row["spans"]
        if span["label"] in LABELS
    )
    key = re.sub(r"\{\{\w+\}\}|[\W_]", "", template).casefold()
    return joined(Example(text, tuple(sorted(entities)), key), frozenset({"STREET_ADDRESS"}), " ,\n\t>?")


def _label(label: str, text: str, start: int) -> str:
    """A date is one of birth where the words right before say so; not every set makes the difference."""
    is_birth = label == "DATE_TIME" and _BIRTH.search(text[max(0, start - 40) : start])
    return "DATE_OF_BIRTH" if is_birth else label


def varied(example: Example, draw: Draw) -> Example:
    """The same with other names in it."""
    return assembled([(_varied(piece, label, draw), label) for piece, label in pieces_of(example)], example.key)


def _varied(piece: str, label: str | None, draw: Draw) -> str:
    if label is None or draw.chance(0.3):
        return piece
    num_words = len(piece.split())
    if label == "LOCATION":  # not in the place of what stands for a state
        return surface(draw.pick("CCK"), draw) if len(piece) > 3 else piece
    if label == "PERSON" and num_words == 1:
        return surface(draw.pick("FL"), draw)
    if label == "STREET_ADDRESS":  # not in the place of a part
        return surface("M" if "\n" in piece else draw.pick("AAS"), draw) if num_words > 2 else piece
    return surface(_SLOT_OF[label], draw) if label in _SLOT_OF else piece
