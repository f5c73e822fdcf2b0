"""Places: cities, countries, streets, and addresses on one line or several, as several countries write them."""

from __future__ import annotations

import re

from .draw import Draw, lines
from .people import given, surname

_CITY_ENDINGS = ("burg", "ville", "ton", "stad", "holm", "ino", "ów", "ice", "heim", "dorf", "by", "ham")
_CITY_BEGINNINGS = (
    "North", "South", "New", "East", "West", "San", "Saint", "El", "La", "Port", "Fort", "Bad", "Upper", "Lake",
)  # fmt: skip
_CITY_NOUNS = ("Beach", "Falls", "Springs", "Heights", "Park", "Valley", "Forest", "Bay", "City", "Village", "Island")
_FLATS = ("Apt.", "Apt", "Suite", "Unit", "Flat", "Floor", "#", "Room", "Top")
_ZIP_CODES = (
    "ddddd", "dddd", "ddddd-dddd", "ddd dd", "dd-ddd", "dddd AA", "AAd dAA", "AAdd dAA", "AdA dAd", "ddddd-ddd",
)  # fmt: skip
_LINE_ENDS = ("\n", "\n ", "\n    ", ",\n")


def city(draw: Draw) -> str:
    known = draw.known("LOCATION", 0.35)
    if known is not None:
        return known
    dice = draw.dice.random()
    if dice < 0.08:
        return draw.made_up(2, draw.pick(_CITY_ENDINGS))
    name = draw.entry("cities")
    if dice < 0.13:
        return f"{draw.pick([draw.made_up(2), surname(draw)])} {draw.pick(_CITY_NOUNS)}"
    return f"{draw.pick(_CITY_BEGINNINGS)} {draw.pick([name, surname(draw)])}" if dice < 0.2 else name


def country(draw: Draw) -> str:
    return draw.entry("countries")


def house_number(draw: Draw) -> str:
    most = (99, 999, 99_999)[draw.number(0, 2)]
    return str(draw.number(1, most)) + ("" if draw.chance(0.95) else draw.pick("abcAB"))


_PARTS = {
    "n": house_number, "s": lambda draw: draw.word("streets"), "l": surname, "f": given, "c": city,
}  # fmt: skip


def street(draw: Draw) -> str:
    """A form, filled: `n` a number, `s` what streets are called, `l`, `f` and `c` somebody's names and a city."""
    form = draw.pick(lines("street_forms"))
    return re.sub(r"\{([nslfc])\}", lambda slot: _PARTS[slot[1]](draw), form)


def street_of_text(draw: Draw) -> str:
    """With or without a number."""
    whole = street(draw)
    bare = whole.strip("0123456789 ,")
    return bare if draw.chance(0.3) and " " in bare else whole


def zip_code(draw: Draw) -> str:
    form = draw.pick(_ZIP_CODES)
    return re.sub("[dA]", lambda slot: draw.pick("0123456789" if slot[0] == "d" else "ABCDEGHJLMNPRSTW"), form)


def address(draw: Draw, separator: str = ", ") -> str:
    known = draw.known("STREET_ADDRESS", 0.2)
    if known is not None and separator == ", ":
        return known
    parts = [street(draw)]
    parts += [f"{draw.pick(_FLATS)} {draw.number(1, 999)}"] if draw.chance(0.25) else []
    dice = draw.dice.random()
    if dice < 0.35:
        parts.append(f"{city(draw)}, {draw.word('states')} {zip_code(draw)}")
    elif dice < 0.6:
        parts.append(f"{zip_code(draw)} {city(draw)}")
    elif dice < 0.75:
        parts.append(f"{city(draw)} {zip_code(draw)}")
    elif dice < 0.9:
        parts.append(city(draw))
    parts += [country(draw)] if dice < 0.9 and draw.chance(0.25) else []
    return separator.join(parts)


def address_lines(draw: Draw) -> str:
    return address(draw, draw.pick(_LINE_ENDS))
