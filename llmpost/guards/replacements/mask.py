"""The mask: a character for each character, but for the last few.

A text that is not at least twice as long as what would be kept is hidden whole: four digits of five are no mask. Of the
last few only letters and digits are kept, and brackets stand around: else ``8::7`` would be left of an address, and
four digits of a number might make a new one with those that follow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from llmpost.errors import PolicyError, suggestion

_KEYS = ("keep", "character")


@dataclass(frozen=True, slots=True)
class Mask:
    """
    >>> Mask(keep=4).write("4111 1111 1111 1111"), Mask(keep=4).write("12345")
    ('[***************1111]', '*****')
    """

    keep: int = 0
    """So many characters at the end stay."""
    character: str = "*"

    @classmethod
    def of(cls, argument: Any, where: str = "mask") -> Self:
        """PolicyError where a policy says something else than ``{keep: 4, character: "*"}`` or nothing."""
        given = {} if argument is None else argument
        if not isinstance(given, Mapping):
            raise PolicyError(where, f"{given!r:.60}", "a mapping", "Write {keep: 4}, or nothing to hide everything.")
        for name in given:
            if name not in _KEYS:
                raise PolicyError(where, f"'{name}'", "an option of mask", suggestion(str(name), _KEYS))
        return cls(_keep(given.get("keep", 0), where), _character(given.get("character", "*"), where))

    def write(self, text: str) -> str:
        if self.keep == 0 or len(text) < 2 * self.keep:
            return self.character * len(text)
        kept = "".join(one if one.isalnum() else self.character for one in text[-self.keep :])
        return f"[{self.character * (len(text) - self.keep)}{kept}]"


def _keep(keep: Any, where: str) -> int:
    if isinstance(keep, bool) or not isinstance(keep, int) or keep < 0:
        raise PolicyError(f"{where}.keep", f"{keep!r:.60}", "a whole number from 0 up", "Most keep 4.")
    return keep


def _character(character: Any, where: str) -> str:
    """A letter or a digit would join what stands beside it."""
    is_one = isinstance(character, str) and len(character) == 1 and character.isprintable()
    if not is_one or character.isalnum() or character.isspace():
        allowed = "one visible character, no letter and no digit"
        raise PolicyError(f"{where}.character", f"{character!r:.60}", allowed, "Leave it out for an asterisk.")
    return str(character)
