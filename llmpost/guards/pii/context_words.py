"""Context words: whether one of a kind's words stands near a span, in a bounded stretch of text before and behind it.

A word counts in any case, in a plural, and as a part of a name (``phoneNumber``, ``user_phone``), not inside another
word. Knows no entity.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

BEFORE: Final = 40
"""Characters before a span in which a word may stand."""
BEHIND: Final = 16
"""And behind it: there it stands directly behind the span, but for a bracket, a hyphen or a space."""

EDGE: Final = "\n"


def is_near(words: tuple[str, ...], before: str) -> bool:
    """Whether one of the words stands in the last `BEFORE` characters; one more shows where a word begins."""
    window = (EDGE + before)[-BEFORE - 1 :]
    return bool(words) and _anywhere(words).search(window, 1) is not None


def is_behind(words: tuple[str, ...], behind: str) -> bool:
    """Whether one of the words follows in the next `BEHIND` characters."""
    return bool(words) and _next(words).match(behind[:BEHIND]) is not None


@lru_cache(maxsize=256)
def _anywhere(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_]){_any(words)}|(?<=[a-z])(?-i:{_any(tuple(map(str.capitalize, words)))})", re.I)


@lru_cache(maxsize=256)
def _next(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"[ \t(\[,/-]{{0,3}}{_any(words)}", re.I)


def _any(words: tuple[str, ...]) -> str:
    """Not followed by a small letter: a capital begins another word."""
    return rf"(?:{'|'.join(map(re.escape, words))})(?-i:(?:e?s)?(?![a-z]))"
