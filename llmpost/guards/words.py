"""Words: the words of a text, folded, and where they stand, read piece by piece.

A word is a run of letters and digits of at most 64 characters; of a script without spaces between words each character
is one. Case, width and invisible characters are folded away. Knows nothing of what is looked for in them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 64

UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters of scripts that put no spaces between words, as a pattern has them in brackets."""
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_ATTACHED = f"\u0300-\u036f{_INVISIBLE}"
"""What belongs to the letter before it, and does not end a word."""
_LETTER = rf"[^\W_{UNSPACED}]"
_WORD = re.compile(rf"[{UNSPACED}]|{_LETTER}(?:{_LETTER}|[{_ATTACHED}]){{0,{LONGEST - 1}}}")
_DROPPED = re.compile(f"[{_INVISIBLE}]+")


class Word(NamedTuple):
    """A word as it is compared, and its place."""

    text: str
    start: int
    end: int
    is_part: bool
    """Whether it is a part of a run too long for a word, cut where the run's beginning has it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a text has been read: the beginning of a word that may go on, and where."""

    held: str = ""
    start: int = 0
    """Of the held characters, or of what comes next."""
    part_end: int = -1
    """Where the last part of a run too long for a word ended."""

    def words(self, piece: str, is_end: bool) -> tuple[list[Word], Reading]:
        """The words that are whole now, and what to go on with. However a text is cut, its words are the same."""
        text = self.held + piece
        words = list(self._whole(text, is_end))
        read = words[-1].end - self.start if words else 0
        part_end = words[-1].end if words and words[-1].is_part else self.part_end
        begun = None if is_end else _WORD.search(text, read)
        kept = len(text) if begun is None else begun.start()
        return words, Reading(text[kept:], self.start + kept, part_end)

    def _whole(self, text: str, is_end: bool) -> Iterator[Word]:
        part_end = self.part_end
        for match in _WORD.finditer(text):
            start, end = self.start + match.start(), self.start + match.end()
            is_full = match.end() - match.start() == LONGEST
            if match.end() == len(text) and not is_end and not is_full and not _stands_alone(match[0]):
                return
            is_part = is_full or (start == part_end and not _stands_alone(match[0]))
            part_end = end if is_part else part_end
            yield Word(_folded(match[0]), start, end, is_part)


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", _DROPPED.sub("", word)).casefold()


def _stands_alone(word: str) -> bool:
    return len(word) == 1 and re.match(f"[{UNSPACED}]", word) is not None
