"""Prose: what people and machines wrote, in which pronouns gave way to names, and names were said at ends of sentences.

What else in it is a name nobody has labelled: capitals are taught only where they begin a common word, and no word is
that stands in a list of names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .draw import Draw, lines
from .example import Example
from .labelled import rows
from .slots import filled, whole

SETS = ("hh_dialog_prompts", "cyber_benign", "openai_moderation", "prompt_injection")
_MOST = 250
"""Characters of a text that are taught."""

_STANDINS = {
    "he": "{F}", "she": "{P}", "him": "{F}", "they": "{F}", "someone": "{P}", "somebody": "{P}", "everyone": "{P}",
    "the company": "{O}", "the city": "{C}", "the country": "{K}", "the government": "{O}", "today": "on {D}",
    "yesterday": "on {D}", "tomorrow": "on {W}", "there": "in {C}", "here": "in {C}", "people": "{P}",
    "the police": "{O}", "this place": "{C}", "my friend": "{F}", "my mom": "{F}", "my boss": "{P}",
    "my brother": "{F}", "my sister": "{F}", "my wife": "{F}", "my neighbor": "{P}", "my ex": "{F}",
}  # fmt: skip
_ASIDES = (
    " in {C}", " in {C}, {K}", " from {K}", " on {D}", " since {Y}", ", said {P}", ", {F}", " with {F}, {F} and {F}",
    ": {F}, {F}, {F}, {F} and {F}", ": {L}, {L}, {L} and {L}", " at {O}", " for {O}", ", according to {O}", " at {A}",
    " on {S}", " ({P})", " ({Y})", " as {P} told {P}", " by {T} {L}", " - {P}", " at {F}'s", " with my {N} friends",
)  # fmt: skip
"""What may be said before a sentence ends."""
_OPENINGS = ("{F}, ", "{P}: ", "{F}: ", "Dear {F}, ", "{C}, {D}: ", "Hi {F}! ", "{O}: ", "As {P} said: ", "{N} ")
_STANDIN = re.compile(rf"\b(?:{'|'.join(_STANDINS)})\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[a-z])(?=[.!?](?:\s|$))")
_UNSURE = re.compile(r"\b\w*[A-Z]\w*(?:[ '’&.-]+\w*[A-Z]\w*)*|\b\d[\w:/.,-]*")
"""What may be a name, or a date."""


def prose(folder: Path) -> list[str]:
    return [
        text[:_MOST]
        for name in SETS
        for row in rows(folder, name)
        for text in (row["text"], row.get("meta", {}).get("final_reply", ""))
        if text
    ]


@dataclass(frozen=True, slots=True)
class Usage:
    """How words are used."""

    common: frozenset[str]
    """What prose writes small more than twice."""
    names: frozenset[str]
    """What is in a list of names, and not common."""

    @classmethod
    def of(cls, texts: Sequence[str]) -> Usage:
        counts = Counter(word for text in texts for word in re.findall(r"\b[a-z]+\b", text))
        common = frozenset(word for word, count in counts.items() if count > 2)
        lists = ("given_names", "surnames", "cities", "countries", "nationalities", "organisations")
        names = frozenset(re.findall(r"\w+", " ".join(line for name in lists for line in lines(name)).lower()))
        return cls(common, names - common)


def carried(text: str, draw: Draw, usage: Usage) -> Example:
    """A text with names in it that it did not have."""
    pieces = filled(draw.pick(_OPENINGS), draw) if draw.chance(0.1) else []
    at = 0
    for start, end, template in sorted(_places(text, draw)):
        if start >= at:
            pieces += [(text[at:start], None), *filled(template, draw)]
            at = end
    example = whole([*pieces, (text[at:], None)])
    return replace(example, untaught=tuple(_unsure(example, usage)))


def _places(text: str, draw: Draw) -> Iterator[tuple[int, int, str]]:
    """Pieces of a text, some of them empty, and what to put there."""
    for found in _STANDIN.finditer(text):
        if draw.chance(0.3):
            yield *found.span(), _STANDINS[found[0].lower()]
    for found in _SENTENCE_END.finditer(text):
        if draw.chance(0.25):
            yield *found.span(), draw.pick(_ASIDES)


def _unsure(example: Example, usage: Usage) -> Iterator[tuple[int, int]]:
    found = [match.span() for match in _UNSURE.finditer(example.text) if match[0].lower() not in usage.common]
    found += [match.span() for match in re.finditer(r"\w+", example.text) if match[0].lower() in usage.names]
    for start, end in sorted(found):
        if not any(entity.start < end and start < entity.end for entity in example.entities):
            yield start, end
