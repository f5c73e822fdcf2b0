"""Dates, as people and machines write them, in some languages."""

from __future__ import annotations

from .draw import Draw, lines

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENDINGS = {1: "st", 21: "st", 2: "nd", 22: "nd", 3: "rd", 23: "rd"}
_FORMS = (
    "{year}-{month:02}-{day:02}", "{day:02}/{month:02}/{year}", "{month}/{day}/{year}", "{day}.{month}.{year}",
    "{day:02}.{month:02}.{year}", "{month:02}-{day:02}-{year}", "{day}/{month}/{short:02}", "{day} {name} {year}",
    "{name} {day}, {year}", "{nth} of {name} {year}", "{nth} {name} {year}", "{name} {nth}, {year}",
    "{day}. {name} {year}", "{day}-{name:.3}-{year}", "{year}/{month:02}/{day:02}",
)  # fmt: skip
_SPANISH = ("{day} de {name} de {year}", "{day} {name} {year}")


def month(draw: Draw) -> str:
    return draw.pick(lines("months")[0].split())


def weekday(draw: Draw) -> str:
    return draw.pick(_WEEKDAYS)


def year(draw: Draw) -> str:
    return str(draw.number(1800, 2029))


def date(draw: Draw, first: int = 1950, last: int = 2030) -> str:
    language = (0, 0, 0, 1, 1, 2, 3, 4)[draw.number(0, 7)]
    names = lines("months")[language].split()
    day, of_year, in_year = draw.number(1, 28), draw.number(1, 12), draw.number(first, last)
    return draw.pick(_SPANISH if language == 3 else _FORMS).format(
        day=day, month=of_year, year=in_year, short=in_year % 100, name=names[of_year - 1],
        nth=f"{day}{_ENDINGS.get(day, 'th')}",
    )  # fmt: skip


def date_of_birth(draw: Draw) -> str:
    return date(draw, 1930, 2012)


def date_or_time(draw: Draw) -> str:
    """A date, more or less of it."""
    dice, day, name = draw.dice.random(), draw.number(1, 28), month(draw)
    if dice < 0.15:
        between = " " if dice < 0.1 else "T"
        return f"{date(draw)}{between}{draw.number(0, 23):02}:{draw.number(0, 59):02}:{draw.number(0, 59):02}"
    if dice < 0.3:
        return f"{name} {day}" if dice < 0.25 else f"{day} {name}"
    if dice < 0.4:
        day_of_week = weekday(draw)
        return day_of_week if dice < 0.35 else f"{draw.pick([day_of_week, day_of_week[:3]])}, {date(draw)}"
    return f"{name} {draw.number(1950, 2030)}" if dice < 0.45 else date(draw)
