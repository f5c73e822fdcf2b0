"""Rewriting: a view that shows something else for some parts of a text, and everything else as it stands.

It keeps what waits for the next piece, and a few characters before; which parts are rewritten, and what has to wait,
its `Reader` says. Knows no encoding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeAlias

from llmpost.guards.view import Seen
from llmpost.guards.views.places import Writing

EDGE: Final = "\n"
"""Stands before the first character of a text, and behind the last one."""

MOST_LEFT_OUT: Final = 384
"""Characters in a row for which nothing is shown; more than these are shown as they are, so that there is a bound on
how much of the given text may be seen as one character."""


class Rewrite(NamedTuple):
    """From `start` to `end` something else is shown, perhaps nothing; of one length, each character for another."""

    start: int
    end: int
    shown: str


def one_by_one(text: str, start: int, end: int, shown: Callable[[str], str]) -> Iterator[Rewrite]:
    """What is shown for each character from `start` to `end`; in one rewrite where several are one each, or none."""
    parts = [shown(one) for one in text[start:end]]
    for length, group in groupby(range(len(parts)), lambda at: len(parts[at])):
        places = list(group)
        runs = [places] if length < 2 else [[place] for place in places]
        yield from (Rewrite(start + one[0], start + one[-1] + 1, "".join(parts[at] for at in one)) for one in runs)


class Reading(NamedTuple):
    """What a reader makes of a text: the rewrites, apart and ascending, and from where on it has to wait."""

    rewrites: Sequence[Rewrite]
    stop: int


Reader: TypeAlias = Callable[[str, int, bool], Reading]
"""Of a text, from a place on, which is its end or not. What it says of a place depends on `context` characters before
it, and on the next `reach` characters or the end."""


class _Waiting(NamedTuple):
    start: int
    """Where the text that waits begins in the given one."""
    text: str
    """That, behind as much as there is to be seen before it."""
    left_out: int = 0
    """Characters for which nothing was shown, directly before it."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A `View`."""

    name: str
    reach: int
    context: int
    longest: int
    """Characters of the longest part that is rewritten."""
    reader: Reader
    most_left_out: int = MOST_LEFT_OUT

    @property
    def stretch(self) -> int:
        return self.longest + self.most_left_out

    def follow(self, memory: Any, piece: str, is_end: bool) -> Seen:
        waiting: _Waiting = memory or _Waiting(0, EDGE * self.context)
        text, begin, start = waiting.text + piece, self.context, waiting.start
        rewrites, stop = self.reader(text, begin, is_end)
        read = start + stop - begin
        if rewrites:
            return self._rewritten(waiting, text, rewrites, stop)
        left = _Waiting(read, text[stop - begin :], 0 if stop > begin else waiting.left_out)
        return Seen(left, text[begin:stop], range(start, read), range(start + 1, read + 1), read)

    def _rewritten(self, waiting: _Waiting, text: str, rewrites: Sequence[Rewrite], stop: int) -> Seen:
        at, left_out = self.context, waiting.left_out
        writing, shift = Writing(), waiting.start - at
        for start, end, shown in rewrites:
            writing.plain(text[at:start], at + shift)
            left_out = 0 if start > at else left_out
            if shown:
                writing.unit(shown, start + shift, end + shift)
                left_out = 0
            else:
                hidden = min(end - start, max(self.most_left_out - left_out, 0))
                writing.plain(text[start + hidden : end], start + hidden + shift)
                left_out += end - start
            at = end
        writing.plain(text[at:stop], at + shift)
        left = _Waiting(stop + shift, text[stop - self.context :], left_out if at == stop else 0)
        return writing.seen(left, stop + shift)
