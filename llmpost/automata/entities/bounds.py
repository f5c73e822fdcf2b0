"""Bounds: what may not stand beside a match, so that a match is a whole run and no part of a longer one.

They look at two characters on either side and no further. Whether there is a match is not theirs to know.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.regex.ranges import RangeSet, union


@dataclass(frozen=True, slots=True)
class Bounds:
    """A match stands next to no character of `beside`, and next to no joiner with one of `beyond` on its other side.

    The ends of a text bound as well as anything. Of ``7.8.8.8.8`` no part is an address, and ``8.8.8.8.`` ends a
    sentence:

    >>> bounds = Bounds(beside=DIGITS, joiners=characters("."), beyond=DIGITS)
    """

    beside: RangeSet = ()
    joiners: RangeSet = ()
    beyond: RangeSet = ()
    leading: RangeSet = ()
    """Joiners before a match alone."""


def characters(text: str) -> RangeSet:
    """The characters of a text as a set."""
    return union((ord(one), ord(one)) for one in text)


DIGITS: RangeSet = ((0x30, 0x39),)
ALPHANUMERIC: RangeSet = (*DIGITS, (0x41, 0x5A), (0x61, 0x7A))
"""Of ASCII alone: where a script has no spaces between words, its letters bound a number."""

OPEN = Bounds()
"""Whatever stands beside."""
WORD = Bounds(ALPHANUMERIC)
"""No letter and no digit beside it."""
RUN = Bounds(ALPHANUMERIC, characters(".-"), DIGITS)
"""Nor is it joined to more digits, as in ``1.23`` and ``1-23``. A space bounds, and so does an underscore."""
GROUPS = Bounds(ALPHANUMERIC, characters(".-"), DIGITS, leading=characters(" "))
"""Of groups with spaces between them, those behind another group are its continuation; what comes behind them, a date
or a code, need not be."""
