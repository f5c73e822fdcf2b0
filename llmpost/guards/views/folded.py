"""Folded: a text as lists are compared with it: no case, no accents, and perhaps signs and digits for letters undone.

Each option is for a list to choose, and its entries are folded as the text is (`Folding.of`). ``leet`` reads ``0 1 3 4
5 7 8 @ $`` as letters, and ``!`` before a letter or a digit.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from llmpost.guards.views.rewriting import Reading, Rewriting, one_by_one

_LEET: Final = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
_STROKES: Final = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i"}
"""Letters with strokes, and one without its dot, that Unicode takes for letters of their own."""


@dataclass(frozen=True, slots=True)
class Folding:
    """Which differences do not count.

    >>> Folding(leet=True).of("Café H3LL0")
    'cafe hello'
    """

    case: bool = True
    accents: bool = True
    leet: bool = False

    def of(self, text: str) -> str:
        """A whole text, folded."""
        return folded(self).follow(None, text, True).text

    def character(self, one: str) -> str:
        """What a character is read as, whatever stands beside it."""
        if self.leet and one in _LEET:
            return _LEET[one]
        if self.accents:
            parts = unicodedata.normalize("NFD", _STROKES.get(one, one))
            one = "".join(part for part in parts if unicodedata.category(part) != "Mn")
            one = unicodedata.normalize("NFC", one)
        return one.casefold() if self.case else one


@lru_cache(maxsize=8)
def folded(folding: Folding) -> Rewriting:
    """The view of a folding."""
    shown = lru_cache(maxsize=1 << 14)(folding.character)
    changed = _changed(folding)

    def read(text: str, begin: int, is_end: bool) -> Reading:
        stop = len(text) - 1 if folding.leet and not is_end and text.endswith("!") and len(text) > begin else len(text)
        runs = changed.finditer(text, begin, stop)
        return Reading([rewrite for run in runs for rewrite in one_by_one(text, *run.span(), shown)], stop)

    return Rewriting("folded", reach=1 if folding.leet else 0, context=0, longest=1, reader=read)


def _changed(folding: Folding) -> re.Pattern[str]:
    """Every character that may be read otherwise."""
    signs = r"[013457-8@$]|!(?=[0-9A-Za-z@$])|" if folding.leet else ""
    capitals = "A-Z" if folding.case else ""
    return re.compile(f"{signs}[{capitals}\\u00aa-\\U0010ffff]+")
