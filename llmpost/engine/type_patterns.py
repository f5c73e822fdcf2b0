"""Patterns of texts that Python's types can be made of, where no format of JSON Schema says the same.

Each is in ECMA's dialect and matches a whole text. They are for `type_schema`, and know nothing of pydantic.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

_YEAR = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"  # Python's calendar begins in the year 1
_SPACE = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # what pydantic strips

_LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_DAY_OF_MONTH = (
    f"({_YEAR}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP_YEAR}-02-29)"
)
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"

NAIVE_DATETIME = f"^{_DAY_OF_MONTH}T{_CLOCK}$"
"""A point in time without an offset, which `date-time` always has."""
NAIVE_TIME = f"^{_CLOCK}$"
DATE = f"^{_YEAR}"
DATETIME = f"^{_YEAR}[-:0-9Tt]{{13}}[0-5]"
"""Beside the format: a year that Python has, and no leap second."""
TIME = "^[:0-9]{6}[0-5]"
BOUNDED_DURATION = "^(?!.*[0-9]{7})"
"""With at most six digits a number, whatever they count is less than the 999,999,999 days of a `timedelta`."""

INTEGER_KEY = "^(0|-?[1-9][0-9]{0,17})$"
NUMBER_KEY = r"^(0|-?[1-9][0-9]{0,17})(\.[0-9]{1,17})?$"
DECIMAL = r"^-?(0|[1-9][0-9]{0,27})(\.[0-9]{1,27})?$"
STRIPPED = f"^([^{_SPACE}]([^]*[^{_SPACE}])?)?$"
BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
BASE64_OF_URLS = "^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$"
COMPLEX = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?([+-][0-9]{1,15}(\.[0-9]{1,15})?j)?$"

_LABEL = "[a-z][a-z0-9]{0,30}(-[a-z0-9]{1,15})?"
_HOST = rf"{_LABEL}(\.{_LABEL})*"
_REST = r"(:[1-9][0-9]{0,3})?(/[A-Za-z0-9._~+-]*)*(\?[A-Za-z0-9._~=&+-]*)?(#[A-Za-z0-9._~-]*)?"


def url(schemes: tuple[str, ...]) -> str:
    """A URL with a host, in characters that need no escapes, so that nobody reads it differently."""
    scheme = "|".join(schemes) if schemes else "[a-z][a-z0-9]{1,11}"
    return f"^({scheme})://{_HOST}{_REST}$"


def uuid(version: int) -> str:
    """The digits that tell the version and the variant."""
    return f"^.{{14}}{version}.{{4}}[89abAB]"


def not_before(day: datetime.date) -> str:
    """
    >>> import re
    >>> [bool(re.search(not_before(datetime.date(2020, 3, 9)), text)) for text in ("2020-03-08", "2020-03-09")]
    [False, True]
    """
    return _beyond(day.isoformat(), lambda digit: range(digit + 1, 10))


def not_after(day: datetime.date) -> str:
    return _beyond(day.isoformat(), lambda digit: range(digit))


def _beyond(text: str, others: Callable[[int], range]) -> str:
    """Texts of digits as long as this one that are it, or have another digit of those first where they differ."""
    ways = [text]
    for place, character in enumerate(text):
        digits = "".join(map(str, others(int(character)))) if character.isdecimal() else ""
        ways += [f"{text[:place]}[{digits}]"] if digits else []
    return f"^({'|'.join(ways)})"
