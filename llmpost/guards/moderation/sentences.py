"""Sentences: where one ends and the next begins, told with as little of what comes as can be.

A sentence goes on to the first mark of an end, or line's end, that has something behind it, and no further than
`LONGEST` characters. Short ones are joined with the next. Knows nothing of what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 400
"""Characters; what is longer is cut, at a space if there is one."""
LEAST: Final = 24
"""Characters before a mark counts as an end: less says too little alone."""

_END: Final = re.compile(r"(?:[.!?\u2026\u3002][\"')\]\u201d\u2019]{0,3}\s|\n)(?=.)", re.DOTALL)


def sentences(text: str, start: int, is_end: bool) -> Iterator[tuple[int, int]]:
    """Those that are complete, one after the other, from `start` on: what comes later changes none of them, and there
    always is a last one that waits for the end."""
    while start < len(text):
        end = _end(text, start)
        if end is None:
            if is_end:
                yield start, len(text)
            return
        yield start, end
        start = end


def _end(text: str, start: int) -> int | None:
    limit = start + LONGEST
    found = _END.search(text, start + LEAST, limit + 1)
    if found is not None:
        return found.end()
    if len(text) <= limit:
        return None
    space = max(text.rfind(" ", start + LEAST, limit), text.rfind("\n", start + LEAST, limit))
    return limit if space < 0 else space + 1
