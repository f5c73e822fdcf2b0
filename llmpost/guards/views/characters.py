"""Characters that are read as others: digits of all scripts, wide and styled letters, dashes, spaces, and what is
invisible.

One character at a time, and no word: that some letters of two scripts look alike is not known here.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_DOTS = "\u3002\uff61"
"""Full stops that networks read as dots, too (RFC 3490)."""
_AS = dict.fromkeys(_DASHES, "-") | dict.fromkeys(_DOTS, ".")

_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # joiners and fillers, which are no format characters to Unicode
    "\u180b\u180c\u180d\u180f"
)


@lru_cache(maxsize=1 << 14)
def as_read(character: str) -> str:
    """Nothing where it is invisible; the character of ASCII that it is a form of; itself where it is neither.

    >>> as_read("\\N{FULLWIDTH DIGIT SEVEN}"), as_read("\\N{ZERO WIDTH SPACE}"), as_read("\\u00e9")
    ('7', '', '\\u00e9')
    """
    if character < "\x80":
        return character
    if _is_invisible(character):
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    plain = _AS.get(character) or unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and plain < "\x80" else character


def _is_invisible(character: str) -> bool:
    """Format characters (zero-width, soft hyphen, marks of direction, tags), fillers, and selectors of variants."""
    return (
        unicodedata.category(character) == "Cf"
        or character in _INVISIBLE
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )
