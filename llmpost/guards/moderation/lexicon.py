"""Lexicon: classes of words and phrases, and a sentence as the sequence of its classes.

What names a group of people is one class, whichever group it is, and stands as one mark in the words that are handed
on: no group is known to who weighs them. Kept as rot13, so that nobody reads it by accident.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final, Self

from llmpost.guards.moderation.words import words_of

IDENTITY: Final = "IDENT"
GROUP_MARK: Final = "\x01"
"""Stands in a sentence for the name of a group of people."""
_LONGEST: Final = 5
"""Words of the longest phrase."""
_PEOPLE: Final = frozenset(
    {"people", "person", "persons", "folk", "folks", "man", "men", "guy", "guys"}
    | {"community", "communities", "worker", "workers", "citizen", "citizens"}
)
_KEPT: Final = ("are", "is", "am", "be", "was", "will", "should", "must", "want", "going", "if", "like", "just", "so")
"""Words that are classes of their own: they say who does what."""
_ENDINGS: Final = ("s", "es", "ed", "d", "ing", "er", "ers", "in", "ly", "y")


@dataclass(frozen=True, slots=True)
class Sorted:
    """A sentence with its classes."""

    words: tuple[str, ...]
    """With marks for groups."""
    classes: tuple[int, ...]
    """In their order; of words that are in no class, nothing."""
    present: tuple[int, ...]
    """All classes that one of its words is in, with repetitions."""


@dataclass(frozen=True)
class Lexicon:
    """The classes of words and phrases. Shared; nothing in it changes."""

    names: tuple[str, ...]
    entries: Mapping[str, tuple[int, ...]]
    """By words joined with spaces: the numbers of their classes, the first of which counts most."""

    @classmethod
    def read(cls, text: str) -> Self:
        """One class a line: `NAME: entry, entry`."""
        entries: dict[str, tuple[int, ...]] = {}
        names: list[str] = []
        for line in text.splitlines():
            name, _, listed = line.partition(":")
            if listed and not line.startswith("#"):
                for entry in listed.split(","):
                    key = " ".join(words_of(entry))
                    entries[key] = (*(n for n in entries.get(key, ()) if n != len(names)), len(names))
                names.append(name)
        for word in _KEPT:
            entries[word] = (*entries.get(word, ()), len(names))
            names.append(word)
        return cls(tuple(names), entries)

    @cached_property
    def _longest_by_first(self) -> Mapping[str, int]:
        """How many words the longest phrase has that begins with a word."""
        longest: dict[str, int] = {}
        for entry in self.entries:
            first, *others = entry.split(" ")
            longest[first] = min(_LONGEST, max(longest.get(first, 0), 1 + len(others)))
        return longest

    @cached_property
    def _identity(self) -> int:
        return self.names.index(IDENTITY)

    def sort(self, words: Sequence[str]) -> Sorted:
        marked: list[str] = []
        sequence: list[int] = []
        present: list[int] = []
        at, size = 0, len(words)
        while at < size:
            taken, classes = self._classes_at(words, at)
            if classes and classes[0] == self._identity:
                if at + taken < size and words[at + taken] in _PEOPLE:
                    taken += 1
                marked.append(GROUP_MARK)
            else:
                marked += words[at : at + taken]
            if classes:
                sequence.append(classes[0])
                present += classes
            at += taken
        return Sorted(tuple(marked), tuple(sequence), tuple(present))

    def _classes_at(self, words: Sequence[str], at: int) -> tuple[int, tuple[int, ...]]:
        """How many words belong together here, and their classes."""
        word = words[at]
        longest = self._longest_by_first.get(word, 1)
        if longest > 1:
            for count in range(min(longest, len(words) - at), 1, -1):
                found = self.entries.get(" ".join(words[at : at + count]))
                if found is not None:
                    return count, found
        return 1, self._classes_of(word)

    @cached_property
    def _classes_of(self) -> Callable[[str], tuple[int, ...]]:
        return lru_cache(maxsize=1 << 14)(self._looked_up)

    def _looked_up(self, word: str) -> tuple[int, ...]:
        """The classes of a word, or of what it is a form of."""
        found = self.entries.get(word)
        if found is not None or len(word) < 4:
            return found or ()
        for ending in _ENDINGS:
            if word.endswith(ending):
                base = word[: -len(ending)]
                found = self.entries.get(base) or self.entries.get(base + "e")
                if found:
                    return found
        return ()


@cache
def lexicon() -> Lexicon:
    """What is bundled; read once."""
    return Lexicon.read(codecs.decode(Path(__file__).with_name("lexicon.rot13").read_text("utf-8"), "rot13"))
