"""Dates, times and durations against Python's calendar, and against the rules of RFC 3339 one by one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from spelled_strings import STYLES, accepts, strings_of, takes


def is_taken(name: str, text: str) -> bool:
    strings = strings_of("minimal", "plain")
    return takes(strings, strings.of_format(name), text)


def is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@given(st.integers(1, 9999), st.integers(0, 14), st.integers(0, 33))
@example(1900, 2, 29)
@example(2000, 2, 29)
@example(2024, 2, 29)
@example(2023, 2, 29)
@example(9999, 12, 31)
def test_days_of_the_calendar(year: int, month: int, day: int) -> None:
    """A date is taken exactly when Python's calendar has it."""
    text = f"{year:04}-{month:02}-{day:02}"
    assert is_taken("date", text) is is_date(text)


@given(st.integers(0, 9999))
def test_leap_days(year: int) -> None:
    """The 29th of February is in leap years alone; the year 0 is one."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    assert is_taken("date", f"{year:04}-02-29") is is_leap


@given(
    st.integers(0, 25), st.integers(0, 61), st.integers(0, 61), st.sampled_from(["", ".0", ".123456789012", "."]),
    st.sampled_from("+-"), st.integers(0, 25), st.integers(0, 61),
)  # fmt: skip
@example(23, 59, 60, "", "+", 0, 0)
@example(0, 14, 60, ".5", "+", 0, 15)
@example(15, 59, 60, "", "-", 8, 0)
@example(16, 59, 60, "", "-", 8, 0)
def test_times(hour: int, minute: int, second: int, fraction: str, sign: str, hours: int, minutes: int) -> None:
    """All parts are in their bounds, and a 60th second is the last of a day in UTC."""
    text = f"{hour:02}:{minute:02}:{second:02}{fraction}{sign}{hours:02}:{minutes:02}"
    is_time = hour < 24 and minute < 60 and hours < 24 and minutes < 60 and fraction != "."
    if is_time and second == 60:
        offset = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)
        utc = datetime(2000, 6, 15, hour, minute) - offset
        is_time = (utc.hour, utc.minute) == (23, 59)
    assert is_taken("time", text) is (is_time and second <= 60)
    assert is_taken("date-time", f"2024-02-29T{text}") is is_taken("time", text)


@given(st.datetimes())
def test_what_python_prints(moment: datetime) -> None:
    """What `isoformat` prints is taken with an offset, and is no date-time without one."""
    text = moment.isoformat()
    assert not is_taken("date-time", text)
    assert is_taken("date-time", text + "Z")
    assert is_taken("date-time", text.replace("T", "t") + "+05:30")
    assert is_taken("time", moment.time().isoformat() + "-00:00")


DURATIONS = {
    "P1Y": True, "P1M": True, "P1D": True, "PT1H": True, "PT1M": True, "PT1S": True, "P3W": True, "P1Y2M3D": True,
    "P1Y2M3DT4H5M6S": True, "P1DT1S": True, "PT1H1M": True, "PT1M1S": True, "P00000Y": True, "P1M1DT1M": True,
    "P": False, "PT": False, "": False, "1D": False, "P1": False, "P1YT": False, "P1Y1D": False, "PT1H1S": False,
    "P1W1D": False, "P1DT1D": False, "P1S": False, "P1H": False, "PT1Y": False, "P1D1M": False, "p1d": False,
    "P-1D": False, "P+1D": False, "P1.5D": False, "P 1D": False, "P1D\n": False, "P1DT": False, "PT1S1M": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "is_valid"), DURATIONS.items())
def test_durations(text: str, is_valid: bool) -> None:
    """Appendix A of RFC 3339: each unit may be followed by the next smaller one alone."""
    assert is_taken("duration", text) is is_valid


@pytest.mark.parametrize(
    "text", ["2024-02-30T00:00:00Z", "2024-02-2900:00:00Z", "2024-02-29 00:00:00Z", "2024-02-29", "2024-02-29T00:00Z"]
)
def test_what_is_no_date_time(text: str) -> None:
    """A date-time is a date, a T, and a time with seconds and an offset."""
    assert not is_taken("date-time", text)


@pytest.mark.parametrize("style", STYLES)
def test_a_format_is_of_strings(style: str) -> None:
    """A format is asked of the string, so a digit may be escaped where the setting allows that."""
    strings = strings_of(style)
    assert accepts(strings, strings.of_format("date"), rb"2024-02-2\u0039") is (style == "any")


def test_lengths_of_a_format() -> None:
    """Lengths of a format leave of it what is as long: all, some or nothing."""
    strings = strings_of("minimal")
    assert strings.of_format("date", 3, 10) == strings.of_format("date")
    assert not takes(strings, strings.of_format("date", 11, None), "2024-02-29")
    longer = strings.of_format("time", 0, 10)
    assert takes(strings, longer, "00:00:00Z")
    assert not takes(strings, longer, "00:00:00.25Z")
    assert strings.of_format("colour") is None
