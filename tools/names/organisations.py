"""Organisations: firms, known and made up, and what else has a name and a letterhead."""

from __future__ import annotations

from .draw import Draw
from .people import surname
from .places import city

_TAILS = ("soft", "tech", "ware", "data", "bank", "cloud")
_OF_CITIES = ("University", "Bank", "Institute", "Museum", "City", "Port", "Government")


def organisation(draw: Draw) -> str:
    known = draw.known("ORGANIZATION", 0.25)
    if known is not None:
        return known
    dice = draw.dice.random()
    if dice < 0.07:
        return _partners(draw)
    if dice < 0.17:
        return _of_city(draw)
    name = _name(draw)
    if dice < 0.42:
        return f"{name.removeprefix('the ')} {draw.entry('firm_forms')}"
    if dice < 0.62:
        form = f" {draw.entry('firm_forms')}" if draw.chance(0.3) else ""
        return f"{name.removeprefix('the ')} {draw.entry('firm_kinds')}{form}"
    return name


def _name(draw: Draw) -> str:
    if draw.chance(0.5):
        return draw.entry("organisations")
    return (
        draw.made_up(2),
        draw.made_up(3),
        surname(draw),
        draw.made_up(2) + draw.pick(_TAILS),
    )[draw.number(0, 3)]


def _partners(draw: Draw) -> str:
    first, second = surname(draw), surname(draw)
    return draw.pick([f"{first} & {second}", f"{first}-{second}", f"{first}, {second} and {surname(draw)}"])


def _of_city(draw: Draw) -> str:
    return draw.pick([f"{city(draw)} {draw.entry('firm_kinds')}", f"{draw.pick(_OF_CITIES)} of {city(draw)}"])
