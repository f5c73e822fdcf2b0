"""Randomness: whether a text looks drawn at random, or at least chosen to be a secret, and no name or placeholder.

Measured in bits a character, by how often each character of the text itself occurs (Shannon); so a short text cannot
have much of it. Knows no shapes and no neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from math import log2
from typing import Final

from llmpost.guards.replacements.mark import is_mark

LEAST_BITS: Final = 2.0
"""Of what has the shape of a token: less is a row of x or zeros that stands for one."""
CHOSEN_BITS: Final = 3.0
"""Of what stands where a password stands; of a short one, four fifths of what so many characters can have."""

_STANDS_FOR_ONE = re.compile(
    r"[<{%].*[>}%]|\$[A-Z_({].*|(?:your|my|some|the|example|sample|test|dummy|fake|change|insert|enter|replace)[_ -].*"
    r"|.*(?:example|placeholder|redacted|changeme|x{4}|\*{3}|\.{3}).*"
    r"|(?:pass(?:word|wd|phrase)?|pwd|secret|token|user(?:name)?|key|none|null|undefined|true|false)",
    re.IGNORECASE | re.DOTALL,
)
_WRITTEN_AS_CODE = re.compile(r"[\w.]+[(\[].*|[a-z_]+\.[a-z_.]+|(?:~|\.{1,2})?/.*|\w+://.*", re.IGNORECASE | re.DOTALL)
_RUN = re.compile("[A-Za-z0-9]{10}")
_LETTER, _DIGIT, _SIGN = re.compile("[A-Za-z]"), re.compile("[0-9]"), re.compile(r"[!#$%&*?@^~+]")


def bits(text: str) -> float:
    """A character of the text.

    >>> bits("aaaa"), bits("abcd")
    (0.0, 2.0)
    """
    num_times = Counter(text).values()
    return sum(times * log2(len(text) / times) for times in num_times) / len(text) if text else 0.0


def is_token(text: str) -> bool:
    """Whether a text that has the shape of one is no mere example of the shape."""
    return bits(text) >= LEAST_BITS and "example" not in text.lower()


def is_no_placeholder(text: str) -> bool:
    """Whether it does not say that a secret goes here, or was taken away."""
    return _STANDS_FOR_ONE.fullmatch(text) is None and not is_mark(text)


def is_chosen(text: str) -> bool:
    """Whether a value beside the word password is likely to be one: letters with digits or signs among them, varied,
    and neither a placeholder nor code."""
    is_mixed = bool(_LETTER.search(text) and (_DIGIT.search(text) or _SIGN.search(text)))
    return is_mixed and is_varied(text) and not _WRITTEN_AS_CODE.fullmatch(text)


def is_drawn(text: str) -> bool:
    """Whether a value beside the word key or token is likely to be one: chosen, and no words with signs between."""
    return is_chosen(text) and _RUN.search(text) is not None


def is_varied(text: str) -> bool:
    least = min(CHOSEN_BITS, 0.8 * log2(len(text) or 1))
    return bits(text) >= least and is_no_placeholder(text)
