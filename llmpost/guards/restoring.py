"""Restoring: pseudonyms in a text that comes in pieces turned back into what they stand for.

What may be the beginning of a pseudonym waits, and nothing else; how the text was cut makes no difference. It knows the
vault's table as it was, and writes nothing into it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


class Restoring:
    """One text, read once. Of pseudonyms that begin at one place the longest counts.

    >>> restoring = Restoring({"[PERSON_1]": "Ann"})
    >>> restoring.push("Dear [PERS"), restoring.push("ON_1], d"), restoring.finish()
    ('Dear ', 'Ann, d', '')
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        names = sorted(filter(None, values), key=lambda name: (-len(name), name))
        self._values = values
        self._pattern = re.compile("|".join(map(_bounded, names))) if names else None
        self._longest = len(names[0]) if names else 0
        self._beginnings = frozenset(name[:end] for name in names for end in range(1, len(name) + _waits(name)))
        self._held = ""
        self._before = ""
        """The last character that was let go, by which a word may be bound."""

    def push(self, piece: str) -> str:
        """What is certain now."""
        return self._let_go(piece, is_end=False)

    def finish(self) -> str:
        return self._let_go("", is_end=True)

    def _let_go(self, piece: str, is_end: bool) -> str:
        text = self._before + self._held + piece
        at = len(self._before)
        uncertain = () if is_end else self._uncertain(text, at)
        parts: list[str] = []
        while True:
            end = next((place for place in uncertain if place >= at), len(text))
            found = self._pattern.search(text, at) if self._pattern else None
            if found is None or found.start() >= end:
                break
            parts += text[at : found.start()], self._values[found[0]]
            at = found.end()
        parts.append(text[at:end])
        self._before, self._held = text[max(end - 1, 0) : end], text[end:]
        return "".join(parts)

    def _uncertain(self, text: str, begin: int) -> tuple[int, ...]:
        """The places from which all that is there may be the beginning of a pseudonym."""
        first = max(begin, len(text) - self._longest)
        return tuple(at for at in range(first, len(text)) if text[at:] in self._beginnings)


def _bounded(name: str) -> str:
    """Ann is not in Annabel; brackets bound by themselves."""
    return re.escape(name) if _is_marked(name) else rf"(?<!\w){re.escape(name)}(?!\w)"


def _waits(name: str) -> int:
    """A whole name waits for what follows it, a mark does not."""
    return 0 if _is_marked(name) else 1


def _is_marked(name: str) -> bool:
    return name.startswith("[") and name.endswith("]")
