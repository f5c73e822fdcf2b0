"""Words: a sentence as the classifier reads it, whatever was done to hide its words.

Case, accents, wide letters and invisible characters are folded as the views of other guards fold them; digits and signs
inside a word are read as letters, letters with spaces between them as a word. Knows no word from another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from llmpost.guards.views.characters import as_read
from llmpost.guards.views.folded import Folding

NUMBER: Final = "0"
SMALL_NUMBER: Final = "9"
"""Stands for every number that can be the age of a child."""
_OLDEST_CHILD: Final = 17

_FOLDING: Final = Folding()
_LEET: Final = Folding(leet=True)
_LINK: Final = re.compile(r"\b(?:https?://|www\.)\S{1,400}")
_NAMED: Final = re.compile(r"(?<!\w)@\w{1,64}")
_SPACED: Final = re.compile(r"(?<![^\W_])[a-z](?:[ .\-_*][a-z](?![^\W_])){2,40}")
_BETWEEN: Final = re.compile(r"[ .\-_*]")
_REPEATED: Final = re.compile(r"(.)\1{2,}")
_WORD: Final = re.compile(r"\$?\w{1,64}(?:[-*@$!']{1,4}\w{1,64}){0,8}|[!?]{1,8}|[\"#:@]")
_HIDDEN: Final = re.compile(r"(?=.*[a-z])(?=.*[0134578@$!])")


def words_of(sentence: str) -> list[str]:
    """In their order; marks that say something are words, too.

    >>> words_of("You are an 1d1ot, k i l l!")
    ['you', 'are', 'an', 'idiot', 'kill', '!']
    """
    text = _folded(sentence).replace("\u2019", "'")
    if "/" in text or "www." in text:
        text = _LINK.sub(" url ", text)
    if "@" in text:
        text = _NAMED.sub(" @ ", text)
    text = _SPACED.sub(lambda spaced: _BETWEEN.sub("", spaced[0]), text)
    return [_word(word) for word in _WORD.findall(text)]


def _folded(sentence: str) -> str:
    if sentence.isascii():
        return sentence.lower()
    return _FOLDING.of("".join(map(as_read, sentence)))


@lru_cache(maxsize=1 << 14)
def _word(word: str) -> str:
    if word.isdecimal():
        return SMALL_NUMBER if len(word) < 3 and int(word) <= _OLDEST_CHILD else NUMBER
    word = word.replace("'", "")
    if _HIDDEN.match(word):
        word = _LEET.of(word)
    return _REPEATED.sub(r"\1", word)
