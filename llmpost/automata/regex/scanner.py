"""A place in a pattern that moves on, and the error that shows it with a caret.

The reader asks it for the next character and says what it expected; knows nothing of what the characters mean.
"""

from __future__ import annotations

from collections.abc import Callable

from llmpost.errors import ConstraintError

_WINDOW = 60
"""How many characters of a pattern an error shows."""


def refusal(pattern: str, place: int, given: str, allowed: str, hint: str) -> ConstraintError:
    """The error whose last two lines are the pattern, or a window of it, and a caret under the place."""
    start = max(0, min(place - _WINDOW // 2, len(pattern) - _WINDOW))
    window = "".join(c if c.isprintable() else "�" for c in pattern[start : start + _WINDOW])
    before, after = "…" * (start > 0), "…" * (start + _WINDOW < len(pattern))
    caret = " " * (len(before) + place - start) + "^"
    where = f"regex, character {place + 1}"
    return ConstraintError(where, given, allowed, f"{hint}\n    {before}{window}{after}\n    {caret}")


class Scanner:
    """Where the reader stands.

    >>> scanner = Scanner("ab")
    >>> scanner.take("a"), scanner.take("x"), scanner.peek()
    (True, False, 'b')
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def peek(self) -> str:
        """The next character; empty at the end."""
        return self.pattern[self.place : self.place + 1]

    def next(self) -> str:
        """The next character, and move behind it; empty at the end."""
        character = self.peek()
        self.place += len(character)
        return character

    def take(self, text: str) -> bool:
        """Move behind `text`, if that comes next."""
        is_next = self.pattern.startswith(text, self.place)
        self.place += len(text) * is_next
        return is_next

    def take_while(self, is_wanted: Callable[[str], bool], at_most: int) -> str:
        """The characters from here on that are wanted."""
        start = self.place
        while self.place - start < at_most and (here := self.peek()) and is_wanted(here):
            self.place += 1
        return self.pattern[start : self.place]

    def take_until(self, end: str, what: str, opened_at: int) -> str:
        """What stands before `end`, and move behind that; refused where it does not come."""
        stop = self.pattern.find(end, self.place)
        if stop < 0:
            raise self.refuse(opened_at, f"{what} without an end", f"closed by {end!r}", f"Write the missing {end!r}.")
        text = self.pattern[self.place : stop]
        self.place = stop + len(end)
        return text

    def refuse(self, place: int, given: str, allowed: str, hint: str) -> ConstraintError:
        return refusal(self.pattern, place, given, allowed, hint)
