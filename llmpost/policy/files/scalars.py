"""What an unquoted word of YAML means: as in YAML 1.2, where no person would read it otherwise.

``true`` and ``false`` are the only truths: yes, no, on and off are texts, and so are dates, 1:30, 1_000 and whatever
begins with a zero it does not need.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from llmpost.errors import PolicyError
from llmpost.policy.files.place import Place

_WORDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_BEGIN_NUMBERS = frozenset("0123456789+-.")
_MOST_DIGITS: Final = 100
"""More of them make no number that anything here could be told."""
_QUOTE: Final = "Put it in quotes where it is a text."


def scalar(text: str, place: Place) -> Any:
    """The value of an unquoted word; PolicyError where it is a number that is none.

    >>> [scalar(text, Place()) for text in ("0.5", "on", "true", "1:30", "007", "~")]
    [0.5, 'on', True, '1:30', '007', None]
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGIN_NUMBERS:
        return text
    if _WHOLE.fullmatch(text):
        return whole(text, place)
    if _OTHER_BASE.fullmatch(text):
        return whole(text, place, 8 if text[1] == "o" else 16)
    if _NO_NUMBER.fullmatch(text):
        raise PolicyError(str(place), text, "a finite number", _QUOTE)
    return number(text, place) if _NUMBER.fullmatch(text) else text


def whole(text: str, place: Place, base: int = 10) -> int:
    """PolicyError where it is too long: reading it would take a time that grows with its square."""
    if len(text) > _MOST_DIGITS:
        raise PolicyError(str(place), f"a number of {len(text)} digits", f"one of at most {_MOST_DIGITS}", _QUOTE)
    return int(text, base)


def number(text: str, place: Place) -> float:
    """PolicyError where it is not finite."""
    value = float(text)
    if not math.isfinite(value):
        raise PolicyError(str(place), f"{text:.60}", "a finite number", _QUOTE)
    return value
