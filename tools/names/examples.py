"""Examples: labelled sets, templates of our own, and prose in which pronouns gave way to names.

A labelled example is taught many times, each time with other names in it. What prose says of names nobody has labelled:
there, only words that are written small and stand in no list are taught.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from .example import LABELS, Entity, Example, assembled, joined, pieces_of
from .surfaces import Surfaces

PRESIDIO, PATTERNS = "pii_presidio_synth", "pii_patterns_synth"
PROSE = ("hh_dialog_prompts", "cyber_benign", "openai_moderation", "prompt_injection")
_SLOT = re.compile(r"\{([A-Z])\}")
_BIRTH = re.compile(r"date of birth|was born on", re.IGNORECASE)


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def labelled(folder: Path, name: str) -> list[Example]:
    """The examples of a labelled set, in its order; the key is the template, where the set tells it."""
    return [_example(row) for row in rows(folder, name)]


def _example(row: dict[str, Any]) -> Example:
    text, template = row["text"], row.get("meta", {}).get("template", "")
    entities = tuple(
        sorted(
            Entity(span["start"], span["end"], _label(span["label"], text, span["start"]))
            for span in row["spans"]
            if span["label"] in LABELS
        )
    )
    key = re.sub(r"\{\{\w+\}\}|[\W_]", "", template).casefold()
    example = Example(text, entities, key)
    return joined(example, frozenset({"STREET_ADDRESS"}), " ,\n\t>?")


def _label(label: str, text: str, start: int) -> str:
    """A date is one of birth where the words right before say so; not every set makes the difference."""
    is_birth = label == "DATE_TIME" and _BIRTH.search(text[max(0, start - 40) : start])
    return "DATE_OF_BIRTH" if is_birth else label


@cache
def _templates() -> tuple[str, ...]:
    lines = Path(__file__).with_name("templates.txt").read_text("utf-8").split("\n")
    return tuple(line.replace("\\n", "\n").replace("\\t", "\t") for line in lines if line)


def drawn(surfaces: Surfaces) -> Example:
    """A template, filled."""
    return joined(assembled(_filled(surfaces.pick(_templates()), surfaces)), frozenset({"PERSON", "DATE_TIME"}))


def varied(example: Example, surfaces: Surfaces) -> Example:
    """The same with other names in it."""
    return assembled([_varied(piece, label, surfaces) for piece, label in pieces_of(example)], example.key)


_OTHERS = {"PERSON": "P", "ORGANIZATION": "O", "NRP": "N", "DATE_TIME": "D", "DATE_OF_BIRTH": "B", "ZIP_CODE": "Z"}


def _varied(piece: str, label: str | None, surfaces: Surfaces) -> tuple[str, str | None]:
    if label is None or surfaces.chance(0.3):
        return piece, label
    num_words = len(piece.split())
    if label == "LOCATION" and len(piece) > 3:
        return surfaces.draw(surfaces.pick("CCK"))[0], label
    if label == "PERSON" and num_words == 1:
        return surfaces.draw(surfaces.pick("FL"))[0], label
    if label == "STREET_ADDRESS" and num_words > 2:
        return (surfaces.lines() if "\n" in piece else surfaces.draw(surfaces.pick("AAS"))[0]), label
    slot = _OTHERS.get(label)
    return (piece, label) if slot is None else (surfaces.draw(slot)[0], label)


_STANDINS = {
    "he": "{F}", "she": "{P}", "him": "{F}", "they": "{F}", "someone": "{P}", "somebody": "{P}", "everyone": "{P}",
    "the company": "{O}", "the city": "{C}", "the country": "{K}", "the government": "{O}", "today": "on {D}",
    "yesterday": "on {D}", "tomorrow": "on {W}", "there": "in {C}", "here": "in {C}", "people": "{P}",
    "the police": "{O}", "this place": "{C}", "my friend": "{F}", "my mom": "{F}", "my boss": "{P}",
    "my brother": "{F}", "my sister": "{F}", "my wife": "{F}", "my neighbor": "{P}", "my ex": "{F}",
}  # fmt: skip
_STANDIN = re.compile(rf"\b(?:{'|'.join(_STANDINS)})\b", re.IGNORECASE)
_ASIDES = (
    " in {C}", " in {C}, {K}", " from {K}", " on {D}", " since {Y}", ", said {P}", ", {F}", " with {F}, {F} and {F}",
    ": {F}, {F}, {F}, {F} and {F}", ": {L}, {L}, {L} and {L}", " at {O}", " for {O}", ", according to {O}", " at {A}",
    " on {S}", " ({P})", " ({Y})", " as {P} told {P}", " by {T} {L}", " - {P}", " at {F}'s", " with my {N} friends",
)  # fmt: skip
"""What may be said before a sentence ends."""
_SENTENCE_END = re.compile(r"(?<=[a-z])(?=[.!?](?:\s|$))")
_OPENINGS = ("{F}, ", "{P}: ", "{F}: ", "Dear {F}, ", "{C}, {D}: ", "Hi {F}! ", "{O}: ", "As {P} said: ", "{N} ")
_CAPITAL = re.compile(r"\b\w*[A-Z]\w*(?:[ '’&.-]+\w*[A-Z]\w*)*|\b\d[\w:/.,-]*")


def prose(folder: Path, names: Sequence[str] = PROSE) -> list[str]:
    """Texts, each of at most some sentences."""
    texts = list[str]()
    for name in names:
        for row in rows(folder, name):
            texts += [row["text"], row.get("meta", {}).get("final_reply", "")]
    return [text[:600] for text in texts if text]


def carried(text: str, surfaces: Surfaces, common: frozenset[str], named: frozenset[str]) -> Example:
    """Prose, with names in the place of some pronouns, before its ends of sentences and at its beginning.

    What else is in it may be names as well: capitals are taught only where they are those of a common word."""
    pieces = _filled(surfaces.pick(_OPENINGS), surfaces) if surfaces.chance(0.1) else []
    at = 0
    for place, end, slots in sorted(_places(text, surfaces)):
        if place >= at:
            pieces += [(text[at:place], None), *_filled(slots, surfaces)]
            at = end
    example = joined(assembled([*pieces, (text[at:], None)]), frozenset({"PERSON", "DATE_TIME"}))
    unknown = [match.span() for match in _CAPITAL.finditer(example.text) if match[0].lower() not in common]
    unknown += [match.span() for match in re.finditer(r"\w+", example.text) if match[0].lower() in named]
    taught = example.entities
    return replace(
        example,
        untaught=tuple(sorted((a, b) for a, b in unknown if not any(e.start < b and a < e.end for e in taught))),
    )


def _places(text: str, surfaces: Surfaces) -> Iterator[tuple[int, int, str]]:
    """Pieces of a text, some of them empty, and what to put there."""
    for found in _STANDIN.finditer(text):
        if surfaces.chance(0.3):
            yield found.start(), found.end(), _STANDINS[found[0].lower()]
    for found in _SENTENCE_END.finditer(text):
        if surfaces.chance(0.25):
            yield found.start(), found.end(), surfaces.pick(_ASIDES)


def _filled(template: str, surfaces: Surfaces) -> list[tuple[str, str | None]]:
    return [surfaces.draw(piece) if i % 2 else (piece, None) for i, piece in enumerate(_SLOT.split(template))]


def cased(example: Example, dice: random.Random) -> Example:
    """As people and machines write: at times all small, all capitals, or with other quotes and spaces."""
    draw, text = dice.random(), example.text
    changed = text.lower() if draw < 0.15 else text.upper() if draw < 0.2 else text
    return replace(example, text=changed) if len(changed) == len(text) else example
