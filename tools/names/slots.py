"""Slots: the capitals in a template, what may stand there, and what that is labelled; things and codes are nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import dates, organisations, people, places
from .codes import code
from .draw import Draw
from .example import Example, assembled, joined

SLOTS: dict[str, tuple[str | None, Callable[[Draw], str]]] = {
    "P": ("PERSON", people.person),
    "F": ("PERSON", people.given),
    "L": ("PERSON", people.surname),
    "I": ("PERSON", people.initial),
    "A": ("STREET_ADDRESS", places.address),
    "M": ("STREET_ADDRESS", places.address_lines),
    "S": ("STREET_ADDRESS", places.street_of_text),
    "C": ("LOCATION", places.city),
    "K": ("LOCATION", places.country),
    "O": ("ORGANIZATION", organisations.organisation),
    "D": ("DATE_TIME", dates.date_or_time),
    "W": ("DATE_TIME", dates.weekday),
    "V": ("DATE_TIME", dates.month),
    "Y": ("DATE_TIME", dates.year),
    "B": ("DATE_OF_BIRTH", dates.date_of_birth),
    "G": ("AGE", lambda draw: str(draw.number(1, 99))),
    "N": ("NRP", lambda draw: draw.entry("nationalities")),
    "T": ("TITLE", lambda draw: draw.entry("titles")),
    "Z": ("ZIP_CODE", places.zip_code),
    "Q": (None, code),
    "X": (None, lambda draw: draw.pick([word := draw.word("things"), word.capitalize(), word.capitalize()])),
}
_SLOT = re.compile(r"\{([A-Z])\}")


def surface(slot: str, draw: Draw) -> str:
    return SLOTS[slot][1](draw)


def filled(template: str, draw: Draw) -> list[tuple[str, str | None]]:
    """The pieces of a template, each with its label or none."""
    pieces = list[tuple[str, str | None]]()
    for i, piece in enumerate(_SLOT.split(template)):
        pieces.append((surface(piece, draw), SLOTS[piece][0]) if i % 2 else (piece, None))
    return pieces


def whole(pieces: list[tuple[str, str | None]]) -> Example:
    """What stands side by side of a person, or of a date, is one."""
    return joined(assembled(pieces), frozenset({"PERSON", "DATE_TIME"}))
