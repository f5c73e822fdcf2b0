"""View: a text as a detector reads it, and where each of its characters stood in the text as it was given.

``j\\u006fhn`` is read as ``john``, full-width digits as digits; what is invisible is left out. A view is a value that
reads piece by piece, so that a stream is never read twice; finding in it is somebody else's task.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol


class Seen(NamedTuple):
    """What a view makes of one more piece."""

    memory: Any
    """A value, handed to the next call."""
    text: str
    """Characters of the view that are settled now."""
    starts: Sequence[int]
    """Where each of them begins in the given text, ascending; a `range` where each is seen for one."""
    ends: Sequence[int]
    """Where each of them ends there."""
    read: int
    """So many characters of the given text are in what was seen so far; the others wait for what follows."""


class View(Protocol):
    """For every way to cut a text into pieces, all that is seen is the same."""

    @property
    def name(self) -> str: ...

    @property
    def reach(self) -> int:
        """No more characters of the given text than these wait for what follows them."""

    @property
    def stretch(self) -> int:
        """No more characters of the given text than these are seen as one: itself, and what is left out before it."""

    def follow(self, memory: Any, piece: str, is_end: bool) -> Seen:
        """`memory` is None at first. With `is_end` nothing waits any more."""
