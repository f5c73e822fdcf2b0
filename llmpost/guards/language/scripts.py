"""Scripts: which writing system each letter of a text belongs to, by its place in Unicode.

Some scripts write one language of those that are told apart, and need no more. What is written in the others is for
`identify`. No letter of ours is looked up by its name: ranges are enough, and quick.
"""

from __future__ import annotations

import re
from typing import Final

LATIN, CYRILLIC, ARABIC = "latin", "cyrillic", "arabic"

_RANGES: Final = {
    LATIN: "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    CYRILLIC: "\u0400-\u052f",
    ARABIC: "\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f",
    "el": "\u0370-\u0373\u0376\u0377\u037b-\u037d\u0386\u0388-\u03ff\u1f00-\u1fff",
    "he": "\u05d0-\u05ea",
    "hi": "\u0900-\u0963\u0971-\u097f",
    "bn": "\u0980-\u09e3",
    "ta": "\u0b80-\u0be5",
    "th": "\u0e01-\u0e4e",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
    "kana": "\u3041-\u309f\u30a1-\u30ff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
}
_LETTERS: Final = {script: re.compile(f"[{letters}]+") for script, letters in _RANGES.items()}
_UNSPACED = 3
"""Letters of an alphabet that a character of Chinese or Japanese says as much as."""


def letters_by_script(text: str) -> dict[str, int]:
    """How many letters a text has of each script that it has any of; kana tell Japanese from Chinese.

    >>> letters_by_script("Was ist 東京?")
    {'latin': 6, 'zh': 6}
    """
    counts = {script: sum(map(len, letters.findall(text))) for script, letters in _LETTERS.items()}
    kana, han = counts.pop("kana"), counts.pop("han")
    counts["ja" if kana * 10 > han else "zh"] = (kana + han) * _UNSPACED
    return {script: count for script, count in counts.items() if count}


BY_SCRIPT: Final = tuple(script for script in _RANGES if len(script) == 2)
"""Languages that are told by their script alone, but for Chinese and Japanese."""
