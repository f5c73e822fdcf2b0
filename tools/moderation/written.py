"""Written: sentences made of templates and slots that were written for this, of both kinds.

They say what the labelled sets lack: that a group may be named in kindness, that hatred is quoted by those who fight
it, that processes are killed. What is to be flagged, and the words of the slots, are kept as rot13.
"""

from __future__ import annotations

import codecs
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from .example import CATEGORIES, Example

_FOLDER: Final = Path(__file__).with_name("templates")
_SLOT: Final = re.compile(r"\{(\w+)\}")
_ARTICLE: Final = re.compile(r"\x02 (?=[aeiouAEIOU])")
OPINIONS: Final = tuple(f"written_{name}" for name in CATEGORIES if name != "sexual_minors")


def written(times: int, seed: int = 0) -> Iterator[Example]:
    """So many fillings of each template, no two of them the same."""
    dice = random.Random(seed)
    slots = _slots()
    for number, (labels, template) in enumerate(_templates()):
        for text in dict.fromkeys(_filled(template, slots, dice) for _ in range(times)):
            yield _example(_spelled(text, dice), labels, number)


def _example(text: str, labels: Sequence[str], number: int) -> Example:
    told = {name: float(name in labels) for name in CATEGORIES}
    told["flagged"] = float(bool(labels))
    if told["sexual"]:
        del told["sexual_minors"]  # none was written about them
    opinions = {f"written_{name}": value for name, value in told.items() if name != "sexual_minors"}
    return Example(text, "written", told, opinions, f"written {number}")


def _templates() -> Iterator[tuple[Sequence[str], str]]:
    for line in _lines(codecs.decode((_FOLDER / "flagged.rot13").read_text("utf-8"), "rot13")):
        labels, _, template = line.partition(" | ")
        yield ["toxicity" if name == "toxic" else name for name in labels.split()], template
    for line in _lines((_FOLDER / "unflagged.txt").read_text("utf-8")):
        yield (), line


def _slots() -> Mapping[str, Sequence[str]]:
    lines = _lines(codecs.decode((_FOLDER / "slots.rot13").read_text("utf-8"), "rot13"))
    pairs = (line.partition(":") for line in lines)
    return {name: [one.strip() for one in values.split(",")] for name, _, values in pairs}


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _filled(template: str, slots: Mapping[str, Sequence[str]], dice: random.Random) -> str:
    """`{a}` is the article that the next word needs."""
    text = _SLOT.sub(lambda slot: "\x02" if slot[1] == "a" else dice.choice(slots[slot[1]]), template)
    text = _ARTICLE.sub("an ", text).replace("\x02", "a")
    return text[:1].upper() + text[1:]


def _spelled(text: str, dice: random.Random) -> str:
    """As people write: at times all small, at times in capitals or without a full stop."""
    drawn = dice.random()
    if drawn < 0.12:
        return text.lower()
    if drawn < 0.16:
        return text.upper()
    return text.rstrip(".") if drawn < 0.22 else text
