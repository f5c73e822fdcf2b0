"""Values that records carry: names, cities, codes, dates, amounts, spelled as people spell them.

It knows no sentences. Half of the names are composed from syllables, so that a reader cannot learn them by heart;
every text value passes the value split of the draw. A `Value` has the spelling in the text and the JSON literal
expected for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from .draw import Draw
from .inventories import (
    ADD_ONS,
    CITIES,
    CITY_BACKS,
    CITY_ENDS,
    CITY_FRONTS,
    CODAS,
    CODE_FRONTS,
    COLOURS,
    COMPANY_ENDS,
    COUNTRIES,
    DOMAIN_ENDS,
    FIRST_NAMES,
    JOB_PREFIXES,
    JOBS,
    LAST_NAMES,
    MATERIALS,
    MONTHS,
    NUMBER_WORDS,
    ONSETS,
    SAFE_DOMAINS,
    SIZES,
    STREET_PREFIXES,
    STREET_WORDS,
    THINGS,
    TRADES,
    TREES,
    VOWELS,
    WEEKDAYS,
)


@dataclass(frozen=True, slots=True)
class Value:
    """One value: as the text spells it, and as JSON has it.

    >>> Value.of("Lisbon").literal
    '"Lisbon"'
    """

    text: str
    literal: str

    @classmethod
    def of(cls, text: str) -> Value:
        """A value that is copied as it stands, as a JSON string."""
        return cls(text, json.dumps(text, ensure_ascii=False))


def syllables(draw: Draw, count: int) -> str:
    """A lower-case word that is most likely in no list."""
    return "".join(draw.any(ONSETS) + draw.any(VOWELS) for _ in range(count)) + draw.any(CODAS)


def coined(draw: Draw, low: int = 1, high: int = 3) -> str:
    """A capitalised coined word."""
    return syllables(draw, draw.between(low, high)).capitalize()


def first_name(draw: Draw) -> str:
    return draw.any(FIRST_NAMES) if draw.chance(0.45) else coined(draw, 1, 2)


def last_name(draw: Draw) -> str:
    if draw.chance(0.4):
        return draw.any(LAST_NAMES)
    if draw.chance(0.12):
        return draw.any(("Mc", "O'", "Van ", "de ", "von ", "Al-", "St. ", "Ben ")) + coined(draw, 1, 2)
    return coined(draw, 1, 3)


def full_name(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        first, last = first_name(inner), last_name(inner)
        match inner.between(0, 19):
            case 0:
                return f"{first} {inner.any('ABCDEFGHJKLMNPRSTW')}. {last}"
            case 1:
                return f"{first}-{first_name(inner)} {last}"
            case 2:
                return f"{first} {last}-{last_name(inner)}"
            case 3:
                return f"{first} {first_name(inner)} {last}"
            case 4:
                return f"{inner.any(('Dr', 'Dr.', 'Prof.', 'Mrs', 'Mr', 'Ms'))} {last}"
            case _:
                return f"{first} {last}"

    return draw.value(make)


def city(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        match inner.between(0, 9):
            case 0 | 1 | 2 | 3:
                return inner.any(CITIES)
            case 4:
                return f"{inner.any(CITY_FRONTS)} {coined(inner, 1, 2)}"
            case 5:
                return f"{coined(inner, 1, 2)} {inner.any(CITY_BACKS)}"
            case 6 | 7:
                return coined(inner, 1, 2) + inner.any(CITY_ENDS)
            case _:
                return coined(inner, 1, 3)

    return draw.value(make)


def country(draw: Draw) -> str:
    return draw.value(
        lambda inner: (
            inner.any(COUNTRIES) if inner.chance(0.8) else coined(inner, 1, 2) + inner.any(("ia", "land", "stan"))
        )
    )


def company(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        stem = coined(inner, 1, 3)
        match inner.between(0, 4):
            case 0:
                return stem
            case 1:
                return f"{stem} {inner.any(TRADES)}"
            case 2:
                return f"{inner.any(LAST_NAMES)} & {last_name(inner)}"
            case _:
                return f"{stem} {inner.any(COMPANY_ENDS)}"

    return draw.value(make)


def job(draw: Draw) -> str:
    return draw.value(
        lambda inner: f"{inner.any(JOB_PREFIXES)} {inner.any(JOBS)}" if inner.chance(0.45) else inner.any(JOBS)
    )


def product(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        thing = inner.any(THINGS)
        match inner.between(0, 8):
            case 0:
                return f"{coined(inner, 1, 3)} {inner.between(2, 990)}"
            case 1:
                return f"{coined(inner, 1, 2)} {thing}"
            case 2:
                return f"{coined(inner, 1, 2)} {inner.any('XSTZVGR')}{inner.between(1, 99)} {thing}"
            case 3:
                return f"{inner.any(SIZES)} {inner.any(MATERIALS)} {thing}"
            case 4:
                return f"{inner.any(COLOURS)} {thing}"
            case 5:
                return f"{inner.any(THINGS)} {inner.any(ADD_ONS)}"
            case 6:
                return f"{inner.any(MATERIALS)} {thing}".capitalize()
            case 7:
                return f"{inner.any(SIZES)} {thing}".title()
            case _:
                return f"{inner.any(COLOURS)} {inner.any(MATERIALS)} {thing}"

    return draw.value(make)


def _digits(draw: Draw, count: int) -> str:
    return "".join(str(draw.between(0, 9)) for _ in range(count))


def _letters(draw: Draw, count: int) -> str:
    return "".join(draw.any("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(count))


def code(draw: Draw) -> str:
    """The number of an order, ticket or invoice, without a leading mark."""

    def make(inner: Draw) -> str:
        digits = str(inner.between(1, 9)) + _digits(inner, inner.between(2, 7))
        match inner.between(0, 7):
            case 0 | 1 | 2:
                return digits
            case 3:
                return f"{_letters(inner, inner.between(1, 3))}-{digits}"
            case 4:
                return f"{_letters(inner, inner.between(1, 3))}{digits}"
            case 5:
                return f"{inner.any(CODE_FRONTS)}-20{inner.between(15, 29)}-{_digits(inner, 4)}"
            case 6:
                return f"{digits}-{_letters(inner, inner.between(1, 2))}"
            case _:
                return f"{_digits(inner, 3)}-{_digits(inner, 4)}"

    return draw.value(make)


def email(draw: Draw, owner: str | None = None) -> str:
    """An address; of its owner's name where one is given, but not always."""

    def make(inner: Draw) -> str:
        words = [
            w.lower() for w in (owner or "").replace("'", "").replace(".", "").split() if w.isascii() and w.isalpha()
        ]
        first = words[0] if words and inner.chance(0.75) else syllables(inner, inner.between(1, 3))
        last = words[-1] if len(words) > 1 and inner.chance(0.75) else syllables(inner, inner.between(1, 2))
        user = inner.any(
            (
                f"{first}.{last}",
                f"{first}{inner.between(1, 99)}",
                f"{first}_{last}",
                f"{first[0]}.{last}",
                first,
                f"{first}{last}",
                f"{last}-{first}",
                "info",
                f"{first[0]}{last}",
            )
        )
        domain = (
            inner.any(SAFE_DOMAINS)
            if inner.chance(0.35)
            else f"{syllables(inner, inner.between(1, 3))}.{inner.any(DOMAIN_ENDS)}"
        )
        return f"{user}@{domain}"

    return draw.value(make)


def phone(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        match inner.between(0, 5):
            case 0:
                return f"+{inner.between(1, 99)} {_digits(inner, 3)} {_digits(inner, 3)} {_digits(inner, 3)}"
            case 1:
                return f"0{_digits(inner, 3)} {_digits(inner, 6)}"
            case 2:
                return f"{_digits(inner, 3)}-{_digits(inner, 4)}"
            case 3:
                return f"({_digits(inner, 3)}) {_digits(inner, 3)}-{_digits(inner, 4)}"
            case 4:
                return f"+{inner.between(1, 99)}{_digits(inner, 9)}"
            case _:
                return f"0{_digits(inner, 2)}/{_digits(inner, 7)}"

    return draw.value(make)


def street(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        number = str(inner.between(1, 299)) + (inner.any("abcABC") if inner.chance(0.1) else "")
        name = inner.any(TREES) if inner.chance(0.4) else coined(inner, 1, 3)
        match inner.between(0, 6):
            case 0:
                return f"{inner.any(STREET_PREFIXES)} {name} {number}"
            case 1:
                return f"{number} {inner.any(STREET_PREFIXES)} {name}"
            case 2:
                return f"{name}{inner.any(('strasse', 'straße', 'gatan', 'weg', 'straat', 'gasse', 'allee'))} {number}"
            case 3:
                return f"{name} {inner.any(STREET_WORDS)} {number}"
            case _:
                return f"{number} {name} {inner.any(STREET_WORDS)}"

    return draw.value(make)


def postcode(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        match inner.between(0, 5):
            case 0:
                return f"{_digits(inner, 4)}-{_digits(inner, 3)}"
            case 1:
                area = f"{_letters(inner, inner.between(1, 2))}{inner.between(1, 29)}"
                return f"{area} {inner.between(1, 9)}{_letters(inner, 2)}"
            case 2:
                return _digits(inner, 4)
            case 3:
                return f"{_digits(inner, 3)} {_digits(inner, 2)}"
            case _:
                return _digits(inner, 5)

    return draw.value(make)


def date(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        year, month, day = inner.between(2015, 2029), inner.between(1, 12), inner.between(1, 28)
        name = MONTHS[month - 1] if inner.chance(0.7) else MONTHS[month - 1][:3]
        suffix = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        match inner.between(0, 10):
            case 0 | 1 | 2:
                return f"{year}-{month:02}-{day:02}"
            case 3:
                return f"{day} {name} {year}"
            case 4:
                return f"{name} {day}, {year}"
            case 5:
                return f"{day:02}/{month:02}/{year}"
            case 6:
                return f"{day}.{month}.{year}"
            case 7:
                return f"{day} {name}"
            case 8:
                return f"{name} {day}{suffix}"
            case 9:
                return f"{inner.any(WEEKDAYS)}, {day} {name}"
            case _:
                return f"{inner.any(WEEKDAYS)} {day}{suffix} {name}"

    return draw.value(make)


def time(draw: Draw) -> str:
    """A time of day; too few exist for the value split."""
    hour, minute = draw.between(7, 22), draw.between(0, 11) * 5
    match draw.between(0, 5):
        case 0:
            return f"{(hour - 1) % 12 + 1} {'am' if hour < 12 else 'pm'}"
        case 1:
            return f"{(hour - 1) % 12 + 1}{'am' if hour < 12 else 'pm'}"
        case 2:
            return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
        case 3:
            return f"{hour}.{minute:02}"
        case _:
            return f"{hour:02}:{minute:02}"


def whole_number(draw: Draw, low: int, high: int, spelled_rate: float = 0.0) -> Value:
    """A whole number, sometimes spelled out where that is a short word."""
    number = draw.between(low, high)
    spelled = number <= len(NUMBER_WORDS) and draw.chance(spelled_rate)
    return Value(NUMBER_WORDS[number - 1] if spelled and number > 0 else str(number), str(number))


def amount(draw: Draw, high: int = 900) -> Value:
    """An amount of money: the currency belongs to the spelling, the literal keeps the digits as written."""
    units = draw.between(1, high) if draw.chance(0.85) else draw.between(1000, 20000)
    cents = draw.chance(0.75)
    fraction = f".{draw.any(('00', '50', '99', '95', '25'))}" if draw.chance(0.4) else f".{draw.between(0, 99):02}"
    literal = f"{units}{fraction if cents else ''}"
    spelled = f"{units:,}{fraction if cents else ''}" if units >= 1000 and draw.chance(0.5) else literal
    match draw.between(0, 8):
        case 0 | 1:
            text = f"${spelled}"
        case 2:
            text = f"€{spelled}"
        case 3:
            text = f"{spelled} EUR"
        case 4:
            text = f"EUR {spelled}"
        case 5:
            text = f"£{spelled}"
        case 6:
            text = f"{spelled} €"
        case 7:
            text = f"{spelled} {draw.any(('dollars', 'euros', 'USD', 'GBP', 'CHF', 'pounds'))}"
        case _:
            text = spelled
    return Value(text, literal)
