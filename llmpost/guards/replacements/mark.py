"""The mark: a label in square brackets, ``[EMAIL_ADDRESS]``.

Brackets bound: what stands beside a mark cannot grow together across it, and unlike ``<…>`` it is seen in HTML. Labels
are anybody's, so only letters, digits and underscores of them are written, and not many.
"""

from __future__ import annotations

import re

_MOST_CHARACTERS = 40
_OTHER = re.compile(r"[^A-Z0-9]+")
_MARK = re.compile(r"\[[A-Z][A-Z0-9_]*(?:_[a-z]{12})?\]")


def mark(label: str, detail: str = "") -> str:
    """
    >>> mark("EMAIL_ADDRESS"), mark("hate/threatening"), mark("PERSON", "2")
    ('[EMAIL_ADDRESS]', '[HATE_THREATENING]', '[PERSON_2]')
    """
    name = mark_name(label)
    return f"[{name}_{detail}]" if detail else f"[{name}]"


def is_mark(text: str) -> bool:
    """Whether a text is nothing but a mark: it stands for what was there, whatever stands beside it. Detectors that
    know a value by its neighbours alone (``password = …``) ask this.

    >>> is_mark("[PASSWORD_1]"), is_mark("[PASSWORD_bcdfghjkmnpq]"), is_mark("password")
    (True, True, False)
    """
    return _MARK.fullmatch(text) is not None


def mark_name(label: str) -> str:
    """A label as marks spell it; one that begins with no letter says nothing, and might be a number that was found."""
    name = _OTHER.sub("_", label[:_MOST_CHARACTERS].upper()).strip("_")
    return name if name[:1].isalpha() else "REDACTED"
