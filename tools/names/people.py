"""People: what they are called."""

from __future__ import annotations

from .draw import Draw

_PARTICLES = ("van", "von", "de", "de la", "da", "dos", "al", "bin", "van der", "del", "Mac", "St.")
_SUFFIXES = ("Jr.", "Sr.", "III", "Jr", "II", "PhD")


def given(draw: Draw) -> str:
    if draw.chance(0.12):
        return draw.made_up(2, draw.pick(["", "a", "o", "e", "n", "us", "ie"]))
    name = draw.word("given_names")
    return f"{name}-{draw.word('given_names')}" if draw.chance(0.02) else name


def surname(draw: Draw) -> str:
    dice = draw.dice.random()
    if dice < 0.12:
        return draw.made_up(draw.number(1, 2), draw.word("surname_endings"))
    name = draw.word("surnames")
    if dice < 0.15:
        return f"{name}-{draw.word('surnames')}"
    return f"{draw.pick(_PARTICLES)} {name}" if dice < 0.19 else name


def initial(draw: Draw) -> str:
    return draw.pick("ABCDEFGHIJKLMNOPRSTVWYZ") + ("." if draw.chance(0.8) else "")


def person(draw: Draw) -> str:
    known = draw.known("PERSON", 0.3)
    if known is not None:
        return known
    first, last, dice = given(draw), surname(draw), draw.dice.random()
    if dice < 0.08:
        return f"{first} {initial(draw)} {last}"
    if dice < 0.16:
        return f"{first} {given(draw)} {last}"
    if dice < 0.21:
        return f"{first} {last} {surname(draw)}"
    if dice < 0.23:
        return f"{first} {last} {draw.pick(_SUFFIXES)}"
    return f"{first} {last}" if dice < 0.93 else first
