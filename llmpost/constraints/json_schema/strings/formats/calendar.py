"""Dates, times and durations of RFC 3339: days that are in the calendar, and leap seconds where UTC can have one.

A leap second is the last of a day in UTC, so its local hour and minute say its offset: 1,440 cases, read hour by hour
when a text comes there. On which days there was one is no matter of syntax, and none is refused for it.
"""

from __future__ import annotations

from functools import partial

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.strings.formats.format import Format, term_of, written
from llmpost.constraints.json_schema.strings.patterns import Lengths

_DAYS = (
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8])"
)
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DATE = f"[0-9]{{4}}-(?:{_DAYS})|{_LEAP_YEAR}-02-29"

_FRACTION = r"(?:\.[0-9]+)?"
_HOUR, _MINUTE = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_OFFSET = f"(?:[Zz]|[+-]{_HOUR}:{_MINUTE})"
_ORDINARY_TIME = f"{_HOUR}:{_MINUTE}:{_MINUTE}{_FRACTION}{_OFFSET}"

_SECONDS = "[0-9]+S"
_MINUTES = f"[0-9]+M(?:{_SECONDS})?"
_HOURS = f"[0-9]+H(?:{_MINUTES})?"
_CLOCK = f"T(?:{_HOURS}|{_MINUTES}|{_SECONDS})"
_MONTHS = "[0-9]+M(?:[0-9]+D)?"
_YEARS = f"[0-9]+Y(?:{_MONTHS})?"
_DURATION = f"P(?:(?:[0-9]+D|{_MONTHS}|{_YEARS})(?:{_CLOCK})?|{_CLOCK}|[0-9]+W)"


def _time(algebra: Algebra) -> Term:
    return algebra.alternate([term_of(_ORDINARY_TIME, algebra), *(_leap_hour(algebra, hour) for hour in range(24))])


def _leap_hour(algebra: Algebra, hour: int) -> Term:
    """The leap seconds with this local hour."""
    return algebra.concat([algebra.choice([b"%02d:" % hour]), algebra.deferred(partial(_leap_minutes, algebra, hour))])


def _leap_minutes(algebra: Algebra, hour: int) -> Term:
    fraction = term_of(_FRACTION, algebra)
    return algebra.alternate(
        algebra.concat([algebra.choice([b"%02d:60" % minute]), fraction, algebra.choice(_offsets(hour, minute))])
        for minute in range(60)
    )


def _offsets(hour: int, minute: int) -> list[bytes]:
    """Where it is so late when it is 23:59 in UTC."""
    ahead, behind = (60 * hour + minute + 1) % 1440, 1439 - 60 * hour - minute
    signed = [b"%c%02d:%02d" % (sign, *divmod(offset, 60)) for sign, offset in ((b"+", ahead), (b"-", behind))]
    return signed if ahead else [*signed, b"Z", b"z"]


def _date_time(algebra: Algebra) -> Term:
    return algebra.concat([term_of(_DATE, algebra), term_of("[Tt]", algebra), _time(algebra)])


DATE = written(_DATE, Lengths(10, 10))
TIME = Format(_time, Lengths(9, None))
DATE_TIME = Format(_date_time, Lengths(20, None))
DURATION = written(_DURATION, Lengths(3, None))
