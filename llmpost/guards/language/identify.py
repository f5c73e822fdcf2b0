"""Identify: the language of a stretch of text, and how sure that is; ``und`` where nobody could say.

A stretch has one language: the one that most of its letters speak for. Text without enough letters, and text that no
profile knows (code, keyboard mash, a language that is not among them), has none.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np

from llmpost.guards.language.profiles import Profiles, samples
from llmpost.guards.language.scripts import ARABIC, BY_SCRIPT, CYRILLIC, LATIN, letters_by_script

UNDETERMINED: Final = "und"
CONFIDENCE: Final = 0.7
_LEAST_LETTERS = 8
_LEAST_KNOWN = 0.2
"""Of the successions of a text, so many must be somebody's."""
_DAMPED = 0.65
"""Successions overlap: each says something for the others, too."""
_SHARED = (LATIN, CYRILLIC, ARABIC)


class Identified(NamedTuple):
    language: str
    score: float
    """How sure it is. Of ``und``, how sure it would have had to be and was not."""


def identify(text: str, confidence: float = CONFIDENCE) -> Identified:
    """The language of most of a text.

    >>> identify("Wo ist denn der Bahnhof?").language, identify("3.14 == x").language
    ('de', 'und')
    """
    counts = letters_by_script(text)
    num_letters = sum(counts.values())
    if num_letters < _LEAST_LETTERS:
        return Identified(UNDETERMINED, 1.0)
    script, count = max(counts.items(), key=lambda pair: pair[1])
    share = count / num_letters
    language, sure = _among(script, text) if script in _SHARED else (script, 1.0)
    score = round(share * sure, 4)
    return Identified(language, score) if score >= confidence else Identified(UNDETERMINED, 1 - score)


def known_languages() -> tuple[str, ...]:
    """All that are told apart."""
    return tuple(sorted({*samples(), *BY_SCRIPT, "ja", "zh"}))


def _among(script: str, text: str) -> tuple[str, float]:
    profiles = _profiles()[script]
    likelihoods, num_all = profiles.likelihoods(text)
    if len(likelihoods) < _LEAST_KNOWN * num_all:
        return UNDETERMINED, 0.0
    total = likelihoods.sum(axis=0) * _DAMPED
    odds = np.exp(total - total.max())
    best = int(odds.argmax())
    return profiles.languages[best], float(odds[best] / odds.sum())


@cache
def _profiles() -> dict[str, Profiles]:
    grouped: dict[str, dict[str, str]] = {script: {} for script in _SHARED}
    for language, text in samples().items():
        counts = letters_by_script(text)
        grouped[max(counts, key=lambda script: counts[script])][language] = text
    return {script: Profiles.of(group) for script, group in grouped.items()}
