"""Finder: names in a text that comes in pieces, the same for every way to cut it.

Of what was read it keeps the words that those still to come must see, and reads them again with each piece. Knows
nothing of policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from llmpost.guards.names.likelihood import Likelihood
from llmpost.guards.names.runs import LONGEST_RUN, Run, runs
from llmpost.guards.names.tagger import FIELD, Tagger
from llmpost.guards.names.words import LONGEST, Words, words_of

REACH = (LONGEST_RUN + FIELD + 3) * 2 * LONGEST
"""Characters to either side that can matter to one: a run too long by a word, what its last word sees, the gaps."""
_BLOCK = 1 << 12
"""Characters that are read at once."""


@dataclass(frozen=True, slots=True)
class Name:
    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept of a text: the words that wait, and those that they must see."""

    kept: str = ""
    offset: int = 0
    """Where it stands in the text."""
    settled: int = 0
    """Where in the text the names begin that were not told yet."""
    seen: int = 0
    """How far the words go that have seen all they will see."""


class Finder:
    """Looks for the labels that have a threshold. Shared; nothing in it changes."""

    def __init__(self, tagger: Tagger, thresholds: Mapping[str, float]) -> None:
        self.tagger = tagger
        self.labels = tuple(thresholds)
        self._thresholds = np.array(list(thresholds.values()))
        self._likelihood = Likelihood.of([tagger.labels.index(label) for label in thresholds], tagger.scale)

    def follow(self, memory: Memory, piece: str, is_end: bool) -> tuple[Memory, tuple[Name, ...]]:
        """The names that the next piece settles. All that is found later begins at `settled` or behind it."""
        found = list[Name]()
        for start in range(0, max(1, len(piece)), _BLOCK):
            is_last = is_end and start + _BLOCK >= len(piece)
            memory, names = self._follow(memory, piece[start : start + _BLOCK], is_last)
            found += names
        return memory, tuple(found)

    def _follow(self, memory: Memory, piece: str, is_end: bool) -> tuple[Memory, Iterable[Name]]:
        text = memory.kept + piece
        words = words_of(text, is_end)
        num_seen = _num_seen(words)
        seen = memory.offset + (int(words.starts[num_seen]) if num_seen < len(words) else words.tail)
        if seen == memory.seen and not is_end:  # nothing new: the network need not be asked
            return replace(memory, kept=text), ()
        found = self._runs(words, num_seen)
        settled = _settled(words, found, num_seen)
        told = [
            run for run in found if memory.settled <= memory.offset + words.starts[run.first] < memory.offset + settled
        ]
        at = _kept_from(words, settled)
        kept = Memory(text[at:], memory.offset + at, memory.offset + settled, seen)
        return kept, self._names(words, told, memory.offset)

    def _runs(self, words: Words, num_seen: int) -> list[Run]:
        """A word that is half as likely as it must be belongs to a name that another of its words makes likely."""
        logits = self.tagger.logits(words)[:num_seen]
        joins = (logits[:, -1] > 0) & ~words.is_first[:num_seen]
        return list(runs(self._likelihood.of_words(logits[:, :-1]), self._thresholds / 2, joins))

    def _names(self, words: Words, found: list[Run], offset: int) -> Iterator[Name]:
        for run in found:
            if run.score >= self._thresholds[run.choice]:
                start, end = int(words.starts[run.first]), int(words.ends[run.end - 1])
                yield Name(offset + start, offset + end, self.labels[run.choice], run.score)


def _num_seen(words: Words) -> int:
    """How many of the words have seen all that they will see."""
    if words.is_closed:
        return len(words)
    firsts = np.flatnonzero(words.is_first)
    return max(len(words) - FIELD, int(firsts[-1]) if len(firsts) else 0)


def _settled(words: Words, found: list[Run], num_seen: int) -> int:
    """Where the first run may begin that can still change."""
    is_cut = bool(words.is_first[num_seen]) if num_seen < len(words) else words.is_closed
    if found and found[-1].end == num_seen and not is_cut and not found[-1].is_part:
        return int(words.starts[found[-1].first])
    return int(words.starts[num_seen]) if num_seen < len(words) else words.tail


def _kept_from(words: Words, settled: int) -> int:
    """Where the text begins that what is not settled must see: a run too long by a word, what its first one sees."""
    first = int(np.searchsorted(words.starts, settled)) - (LONGEST_RUN + 1) - (FIELD + 1)
    at = int(words.starts[first]) if first > 0 else 0
    return max(at, words.after_break - LONGEST - 1)
