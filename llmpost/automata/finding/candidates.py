"""Candidates: what was read whole so far, but for what lies in a longer one of its tag. No text is known here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

NOTHING: Final = -1


class Candidate(NamedTuple):
    """What is a match, unless it lies in a longer one of its tag."""

    tag: int
    start: int
    end: int
    is_undecided: bool
    to_check: int = NOTHING
    """The language whose arithmetic it has still to pass, or NOTHING."""


class Candidates:
    """Those of one tag ascend by their starts and by their ends: a new one takes the place of those that lie in it.

    What has something to pass takes nobody's place, and gives its own to nobody.
    """

    def __init__(self, found: Sequence[Candidate]) -> None:
        self._found: list[Candidate | None] = []
        self._places: dict[int, list[int]] = {}
        for candidate in found:
            self._append(candidate)

    def add(self, fresh: Candidate) -> None:
        """None that was added ends behind it, unless it lies in that one."""
        places = [] if fresh.to_check != NOTHING else self._places.get(fresh.tag, [])
        while places and (last := self._found[places[-1]]) and last.start >= fresh.start and last.end <= fresh.end:
            self._found[places.pop()] = None
        if not (places and (last := self._found[places[-1]]) and last.end >= fresh.end):
            self._append(fresh)

    def left(self) -> tuple[Candidate, ...]:
        return tuple(one for one in self._found if one is not None)

    def _append(self, candidate: Candidate) -> None:
        if candidate.to_check == NOTHING:
            self._places.setdefault(candidate.tag, []).append(len(self._found))
        self._found.append(candidate)
