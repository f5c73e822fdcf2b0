"""The shortest example: a text with which something is wrong, made smaller for as long as it stays wrong.

Slices are left out, half of the text first, then a quarter, down to single characters. Knows nothing of what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable

_MAX_TRIALS = 400


def shortest(text: str, is_wrong: Callable[[str], bool]) -> str:
    """A part of the text that is wrong and from which, trials permitting, nothing can be left out.

    >>> shortest("many words, a tree, and more", lambda text: "a" in text and "ee" in text)
    'aee'
    """
    size, trials = max(len(text) // 2, 1), _MAX_TRIALS
    while trials > 0:
        at, before = 0, text
        while at < len(text) and trials > 0:
            less = text[:at] + text[at + size :]
            trials -= 1
            if is_wrong(less):
                text = less
            else:
                at += size
        if size == 1 and text == before:
            break
        size = max(size // 2, 1)
    return text
