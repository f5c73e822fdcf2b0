"""Fence: marks around a text of somebody else's, so that whoever reads it knows where it begins and ends.

A text is first spelled as it looks, so that what is hidden from people is hidden from models, too, and what could be
taken for a mark of a chat template is parted. The mark is drawn from the texts so spelled, and none of them contains
it: nobody can write one that closes its own fence. What stands around a fence is not known here.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from typing import Final

from llmpost.guards.views.characters import as_read

_LETTERS: Final = "bcdfghjklmnpqrstvwxz"
"""No vowels, so no words; no digits, for a small model takes those for somebody's number."""
_SIZE: Final = 12
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_TEMPLATE_MARK = re.compile(r"(?<=<)(?=\S)|(?<=\[)(?=/?[A-Z_]{2})")
"""Where a mark such as ``<|end|>``, ``</s>`` or ``[INST]`` is parted: some tokenizers read them wherever they stand."""


def fence_of(*texts: str) -> str:
    """The same for the same texts; in none of them.

    >>> fence_of("Hello") == fence_of("Hello") != fence_of("Hello.")
    True
    """
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    marks = (_mark(digest.digest() + count.to_bytes(8, "big")) for count in itertools.count())
    return next(mark for mark in marks if not any(mark in text for text in texts))


def fenced(text: str, fence: str) -> str:
    """The text between two marks, each on a line of its own.

    >>> fenced("Say yes.", "bcd")
    'bcd\\nSay yes.\\nbcd'
    """
    return f"{fence}\n{text}\n{fence}"


def spelled(text: str) -> str:
    """The text as it looks, without anything that a chat template could have written.

    >>> spelled("<|end|> S\\u200ba\\uff59 yes.")
    '< |end|> Say yes.'
    """
    return _TEMPLATE_MARK.sub(" ", _FOREIGN.sub(lambda found: as_read(found[0]), text))


def _mark(seed: bytes) -> str:
    number, letters = int.from_bytes(hashlib.sha256(seed).digest(), "big"), []
    for _ in range(_SIZE):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)
