"""Times, moments, shares and places as people write them. A number that makes no sense is told, not computed with."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from llmpost.contracts.guard import Span

_SCALES = ((1.0, 1.0, "s"), (1e-3, 1e3, "ms"), (0.0, 1e6, "µs"))
"""From how many seconds on, times how much, of which unit."""


def duration(seconds: float | None) -> str:
    """Three digits that count.

    >>> duration(0.01234), duration(75.0), duration(None)
    ('12.3 ms', '75.0 s', '–')
    """
    if seconds is None or not math.isfinite(seconds):
        return "–"
    factor, unit = next(((factor, unit) for least, factor, unit in _SCALES if abs(seconds) >= least), (1e6, "µs"))
    amount = seconds * factor
    return f"{amount:.{0 if abs(amount) >= 100 else 1}f} {unit}"


def moment(seconds: float) -> str:
    """Since 1970, to the millisecond.

    >>> moment(1.5)
    '1970-01-01 00:00:01.500 UTC'
    """
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return f"no moment ({seconds!r})"
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} UTC"


def share(part: float) -> str:
    """
    >>> share(0.1234), share(0.00001), share(1.0)
    ('12.3 %', '0.001 %', '100 %')
    """
    percent = 100 * part
    return f"{percent:.{1 if 1 <= percent < 100 else 0 if percent >= 100 or percent == 0 else 3}f} %"


def place(span: Span) -> str:
    """
    >>> place(Span(3, 8)), place(Span(3, 3))
    ('3–8', '3')
    """
    return str(span.start) if span.end == span.start else f"{span.start}–{span.end}"


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "finding"), counted(2000, "character")
    ('1 finding', '2,000 characters')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
