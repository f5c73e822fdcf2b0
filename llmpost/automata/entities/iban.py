"""International bank account numbers (ISO 13616): the length and structure of each country of the registry, and mod 97.

Written in one run, or in groups of four with single spaces or hyphens between them; in either case of letters, since a
number in small letters says as much. The check digits 00, 01 and 99, which no bank computes, are let pass where the
remainder is right, as validators do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from llmpost.automata.entities.bounds import RUN
from llmpost.automata.entities.entity import Entity, Form
from llmpost.automata.entities.machine import State, language
from llmpost.automata.entities.written import term_of

STRUCTURES = {
    "AD": "8n12c", "AE": "19n", "AL": "8n16c", "AT": "16n", "AZ": "4a20c", "BA": "16n", "BE": "12n", "BG": "4a6n8c",
    "BH": "4a14c", "BI": "23n", "BR": "23n1a1c", "BY": "4c4n16c", "CH": "5n12c", "CR": "18n", "CY": "8n16c",
    "CZ": "20n", "DE": "18n", "DJ": "23n", "DK": "14n", "DO": "4c20n", "EE": "16n", "EG": "25n", "ES": "20n",
    "FI": "14n", "FK": "2a12n", "FO": "14n", "FR": "10n11c2n", "GB": "4a14n", "GE": "2a16n", "GI": "4a15c",
    "GL": "14n", "GR": "7n16c", "GT": "24c", "HN": "4a20n", "HR": "17n", "HU": "24n", "IE": "4a14n", "IL": "19n",
    "IQ": "4a15n", "IS": "22n", "IT": "1a10n12c", "JO": "4a4n18c", "KW": "4a22c", "KZ": "3n13c", "LB": "4n20c",
    "LC": "4a24c", "LI": "5n12c", "LT": "16n", "LU": "3n13c", "LV": "4a13c", "LY": "21n", "MC": "10n11c2n",
    "MD": "20c", "ME": "18n", "MK": "3n10c2n", "MN": "16n", "MR": "23n", "MT": "4a5n18c", "MU": "4a19n3a",
    "NI": "4a20n", "NL": "4a10n", "NO": "11n", "OM": "3n16c", "PK": "4a16c", "PL": "24n", "PS": "4a21c", "PT": "21n",
    "QA": "4a21c", "RO": "4a16c", "RS": "18n", "RU": "14n15c", "SA": "2n18c", "SC": "4a20n3a", "SD": "14n",
    "SE": "20n", "SI": "15n", "SK": "20n", "SM": "1a10n12c", "SO": "19n", "ST": "21n", "SV": "4a20n", "TL": "19n",
    "TN": "20n", "TR": "6n16c", "UA": "6n19c", "VA": "18n", "VG": "4a16n", "XK": "16n", "YE": "4a4n18c",
}  # fmt: skip
"""Behind the country and the two check digits, as the registry writes it: n digits, a letters, c either."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KINDS = {"n": "0123456789", "a": _LETTERS, "c": f"0123456789{_LETTERS}", " ": " -"}


def _slots(country: str, structure: str) -> str:
    """One character a place: the country's letters as they are, and the kinds of what may stand in the others."""
    return f"{country}nn" + "".join(kind * int(times) for times, kind in re.findall(r"(\d+)([nac])", structure))


def _in_fours(slots: str) -> str:
    return " ".join(slots[start : start + 4] for start in range(0, len(slots), 4))


_COMPACT = tuple(_slots(country, structure) for country, structure in STRUCTURES.items())
_LAYOUTS = _COMPACT + tuple(map(_in_fours, _COMPACT))
_TWO_DIGITS = re.compile("[nc] ?[nc]")


@dataclass(frozen=True, slots=True)
class _Iban:
    """A `Machine`: which layout, how far, and two remainders: of the first four characters and of those behind.

    The first four count as if they stood at the end; a letter counts as two digits, so how much the others are worth
    shows only there.
    """

    start: ClassVar[State] = (-1, 0, 0, 0)

    def steps(self, state: State) -> Iterator[tuple[str, State]]:
        layout, place, head, rest = state
        if layout < 0:
            for one in range(len(_LAYOUTS)):
                yield from self.steps((one, place, head, rest))
        elif place < len(_LAYOUTS[layout]):
            slot = _LAYOUTS[layout][place]
            for character in _KINDS.get(slot, slot):
                yield character, _after(state, character)

    def can_end(self, state: State) -> bool:
        layout, place, head, rest = state
        return layout >= 0 and place == len(_LAYOUTS[layout]) and (rest * 1_000_000 + head) % 97 == 1

    def is_surely_live(self, state: State) -> bool:
        """Two digits side by side make up for any remainder: there are a hundred of them."""
        layout, place, _, _ = state
        return layout < 0 or _TWO_DIGITS.search(_LAYOUTS[layout], place) is not None


def _after(state: State, character: str) -> State:
    layout, place, head, rest = state
    if character in " -":
        return layout, place + 1, head, rest
    value = int(character, 36)
    shift = 10 if value < 10 else 100
    if place < 4:
        return layout, place + 1, (head * shift + value) % 97, rest
    return layout, place + 1, head, (rest * shift + value) % 97


def _adds_up(text: str) -> bool:
    """Of a text that has one of the layouts."""
    number = text.replace(" ", "").replace("-", "")
    return int("".join(str(int(one, 36)) for one in number[4:] + number[:4])) % 97 == 1


def _as_pattern(layout: str) -> str:
    """Runs of one kind are counted."""
    runs = re.findall(r"((.)\2*)", layout)
    return "".join(f"{_CLASSES.get(kind, kind)}{{{len(run)}}}" for run, kind in runs)


_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[0-9A-Z]", " ": "[ -]"}
_SHAPE = "|".join(map(_as_pattern, _LAYOUTS))

IBAN_CODE = Entity(
    "IBAN_CODE",
    "an international bank account number of a country of the registry (ISO 13616)",
    (Form(partial(language, _Iban()), RUN, partial(term_of, _SHAPE, ignore_case=True), _adds_up),),
    examples=(
        "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "fr14 2004 1010 0505 0001 3m02 606",
        "NO9386011117947", "MT84MALT011000012345MTLCAST001S", "BR15-0000-0000-0000-1093-2840-814P-2",
    ),
    near_misses=("GB82 WEST 1234 5698 7654 33", "DE8937040044053201300", "DE893704 00440532013000",
                 "XDE89370400440532013000"),
)  # fmt: skip
