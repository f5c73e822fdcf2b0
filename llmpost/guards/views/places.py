"""Places: where the characters of a view stood, in memory that grows with what was rewritten and not with the text.

A view adds plain runs and rewritten units in their order; what comes out is a `Seen`. Knows nothing of what is
rewritten, or why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from llmpost.guards.view import Seen


@dataclass(frozen=True, slots=True)
class Places(Sequence[int]):
    """Ascending numbers in runs, each one more than the one before.

    >>> list(Places((0, 2), (5, 9), 4))
    [5, 6, 9, 10]
    """

    firsts: tuple[int, ...]
    """At which index each run begins; 0 is the first of them."""
    values: tuple[int, ...]
    """The number at that index."""
    length: int

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[int, ...]: ...
    def __getitem__(self, index: int | slice) -> int | tuple[int, ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(self.length)))
        at = index + self.length if index < 0 else index
        if not 0 <= at < self.length:
            raise IndexError(index)
        run = bisect_right(self.firsts, at) - 1
        return self.values[run] + at - self.firsts[run]


@dataclass(slots=True)
class Writing:
    """What a view shows of one piece, while it is being put together."""

    _texts: list[str] = field(default_factory=list)
    _firsts: list[int] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)
    _length: int = 0

    def plain(self, text: str, start: int) -> None:
        """Characters that are shown as they are."""
        if text:
            self._add(text, start, start + 1)

    def unit(self, shown: str, start: int, end: int) -> None:
        """Characters from `start` to `end` that stand for others: each for one where they are as many, or all of them
        together for one, for several or for none."""
        if len(shown) == end - start:
            self.plain(shown, start)
        else:
            for one in shown:
                self._add(one, start, end)

    def _add(self, text: str, start: int, end: int) -> None:
        if not (self._firsts and self._goes_on(start, end)):
            self._firsts.append(self._length)
            self._starts.append(start)
            self._ends.append(end)
        self._texts.append(text)
        self._length += len(text)

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether these are the next numbers of the last run."""
        ahead = self._length - self._firsts[-1]
        return self._starts[-1] + ahead == start and self._ends[-1] + ahead == end

    def seen(self, memory: Any, read: int) -> Seen:
        return Seen(memory, "".join(self._texts), self._places(self._starts), self._places(self._ends), read)

    def _places(self, values: list[int]) -> Sequence[int]:
        if len(values) < 2:
            first = values[0] if values else 0
            return range(first, first + self._length)
        return Places(tuple(self._firsts), tuple(values), self._length)
