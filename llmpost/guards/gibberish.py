"""Gibberish: runs of letters that no language writes, as keyboards make them that are struck at random.

A word is weighed by its successions of three letters, which the languages of the Latin script mostly share. Only what
could be a word is weighed: small letters with blanks or a full stop around them. Code, addresses, encodings, names,
abbreviations and other scripts are let be, and so is anything said over and over: that is `repetition`'s to find.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from math import log
from types import MappingProxyType
from typing import Final

from llmpost.guards.language.profiles import samples
from llmpost.guards.options import Options
from llmpost.guards.passages import Opinion, PassageGuard

GIBBERISH: Final = "gibberish"
THRESHOLDS = MappingProxyType({GIBBERISH: 0.5})
SIZE, STEP = 256, 128
_WORD = re.compile(r"(?<!\S)[\"'(]?([A-Za-zÀ-ÖØ-öø-ɏ]?[a-zß-öø-ɏ]{3,40})[.,;:!?\"')]{0,3}(?!\S)")
_TOKEN = re.compile(r"\S+")
_LEAST_LETTERS = 16
"""Of all words of a passage together: a single odd word is a name or a slip."""
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýăąęěıůű")
_SMOOTH, _POSSIBLE = 0.05, 6_000
_ODD = -10.3
"""A word whose successions are less likely on the mean, as logarithms, is odd."""
_REASON = "letters in an order that no language writes"


def gibberish() -> PassageGuard:
    """A `FollowingGuard`.

    >>> from llmpost.contracts.guard import GuardContext
    >>> [found] = gibberish().inspect("sdkfj wqeoiu xcvmnb lkjhgs", GuardContext())
    >>> found.score > 0.5
    True
    """
    return PassageGuard(GIBBERISH, weigh, MappingProxyType({GIBBERISH: (0.0, 1.0)}), SIZE, STEP)


def weigh(passage: str) -> dict[str, Opinion]:
    """The score is the share of odd words among all tokens of the passage that have a letter or digit."""
    words = [match[1].lower() for match in _WORD.finditer(passage)]
    odd = [word for word in words if is_odd(word)]
    if sum(map(len, odd)) < _LEAST_LETTERS:
        return {GIBBERISH: Opinion(0.0, _REASON)}
    num_tokens = sum(any(map(str.isalnum, token)) for token in _TOKEN.findall(passage))
    return {GIBBERISH: Opinion(round(len(odd) / num_tokens, 4), _REASON)}


def is_odd(word: str) -> bool:
    """Whether a word of small letters is like none.

    >>> is_odd("strength"), is_odd("wqxzrtkj")
    (False, True)
    """
    if not _VOWELS.intersection(word):
        return True
    likely = _likely()
    padded = f" {word} "
    successions = [padded[at : at + 3] for at in range(len(word))]
    return sum(likely.get(each, _unknown()) for each in successions) / len(successions) < _ODD


@cache
def _likely() -> dict[str, float]:
    """Of each succession that is known, as a logarithm, in the mean of all languages."""
    counts = Counter(
        padded[at : at + 3]
        for text in samples().values()
        for word in re.findall(r"[^\W\d_]+", text.lower())
        for padded in (f" {word} ",)
        for at in range(len(word))
    )
    total = sum(counts.values()) + _SMOOTH * _POSSIBLE
    return {each: log((times + _SMOOTH) / total) for each, times in counts.items()}


@cache
def _unknown() -> float:
    return min(_likely().values()) + log(_SMOOTH / (1 + _SMOOTH))


def build(options: Options) -> PassageGuard:
    options.finish()
    return gibberish()
