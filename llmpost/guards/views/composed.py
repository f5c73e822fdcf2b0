"""Composed: a view of what another view shows, with places in the text as it was given.

Of what the first one shows, the second reads piece by piece; whose places it still waits for are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

from llmpost.guards.view import Seen, View


class _Between(NamedTuple):
    """What the second view has been shown and has not read."""

    first: Any = None
    second: Any = None
    shown: int = 0
    """So much of what was shown to it, it has read."""
    starts: tuple[int, ...] = ()
    """Where each character of the rest stood."""
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Through(Sequence[int]):
    """Places in the given text of places in what was shown, each looked up when it is asked for."""

    asked: Sequence[int]
    begin: int
    kept: tuple[int, ...]
    new: Sequence[int]

    def __len__(self) -> int:
        return len(self.asked)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[int, ...]: ...
    def __getitem__(self, index: int | slice) -> int | tuple[int, ...]:
        if isinstance(index, slice):
            return tuple(map(self._place, self.asked[index]))
        return self._place(self.asked[index])

    def _place(self, shown: int) -> int:
        at = shown - self.begin
        return self.kept[at] if at < len(self.kept) else self.new[at - len(self.kept)]


@dataclass(frozen=True, slots=True)
class Composed:
    """A `View`: `second` of what `first` shows."""

    first: View
    second: View

    @property
    def name(self) -> str:
        return f"{self.first.name}, {self.second.name}"

    @property
    def reach(self) -> int:
        return self.first.reach + self.second.reach * self.first.stretch

    @property
    def stretch(self) -> int:
        return self.first.stretch * self.second.stretch

    def follow(self, memory: Any, piece: str, is_end: bool) -> Seen:
        between: _Between = memory or _Between()
        first = self.first.follow(between.first, piece, is_end)
        second = self.second.follow(between.second, first.text, is_end)
        is_same = isinstance(second.starts, range) and len(second.text) == len(first.text)
        if is_same and not between.starts:
            left = _Between(first.memory, second.memory, second.read)
            return Seen(left, second.text, first.starts, first.ends, first.read)
        rest = range(second.read, between.shown + len(between.starts) + len(first.text))
        starts = tuple(_Through(rest, between.shown, between.starts, first.starts)) if rest else ()
        ends = tuple(_Through(rest, between.shown, between.ends, first.ends)) if rest else ()
        left = _Between(first.memory, second.memory, second.read, starts, ends)
        return Seen(
            left,
            second.text,
            _places(second.starts, between.shown, between.starts, first.starts),
            _places(second.ends, between.shown + 1, between.ends, first.ends),
            starts[0] if starts else first.read,
        )


def _places(asked: Sequence[int], begin: int, kept: tuple[int, ...], new: Sequence[int]) -> Sequence[int]:
    if isinstance(asked, range) and isinstance(new, range) and not kept:
        return new[asked.start - begin : asked.stop - begin]
    return _Through(asked, begin, kept, new)
