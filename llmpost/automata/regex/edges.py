"""Anchors and word borders, written as look-arounds at one character.

An edge of the text is a place where no character is before, or behind; so ``^ $ \\A \\Z \\b \\B`` need no node of their
own, and what is exact for look-arounds is exact for them.
"""

from __future__ import annotations

import re

from llmpost.automata.regex.dialect import Dialect, Flags
from llmpost.automata.regex.properties import shorthand_ranges
from llmpost.automata.regex.ranges import ALL, RangeSet, inverse
from llmpost.automata.regex.syntax import Alternation, Characters, Literal, Look, Node, Repeat, sequence

_ENDS_OF_LINE: dict[Dialect, RangeSet] = {
    Dialect.PYTHON: ((10, 10),),
    Dialect.ECMA: ((10, 10), (13, 13), (0x2028, 0x2029)),
}
_NO_BORDER_IN_NO_TEXT = re.search(r"\B", "") is None
"""Up to Python 3.13 the empty text has no place that is no word border."""


def any_character(dialect: Dialect, flags: Flags) -> Characters:
    """What ``.`` stands for."""
    return Characters(ALL if flags.dot_all else inverse(_ENDS_OF_LINE[dialect]))


def start(dialect: Dialect, flags: Flags, place: int) -> Node:
    """What ``^`` stands for."""
    before = inverse(_ENDS_OF_LINE[dialect]) if flags.multiline else ALL
    return Look(Characters(before), is_behind=True, is_negative=True, place=place)


def end(dialect: Dialect, flags: Flags, place: int) -> Node:
    """What ``$`` stands for: in Python without `multiline`, also before a line feed that ends the text."""
    if flags.multiline:
        return Look(Characters(inverse(_ENDS_OF_LINE[dialect])), is_behind=False, is_negative=True, place=place)
    if dialect is Dialect.ECMA:
        return end_of_text(place)
    ending = sequence([Repeat(Literal("\n"), 0, 1), end_of_text(place)])
    return Look(ending, is_behind=False, is_negative=False, place=place)


def start_of_text(place: int) -> Node:
    return Look(Characters(ALL), is_behind=True, is_negative=True, place=place)


def end_of_text(place: int) -> Node:
    return Look(Characters(ALL), is_behind=False, is_negative=True, place=place)


def word_border(dialect: Dialect, flags: Flags, place: int) -> Node:
    """What ``\\b`` stands for."""
    return _sides(dialect, flags, place, are_alike=False)


def no_word_border(dialect: Dialect, flags: Flags, place: int) -> Node:
    """What ``\\B`` stands for."""
    inside = _sides(dialect, flags, place, are_alike=True)
    if dialect is Dialect.ECMA or not _NO_BORDER_IN_NO_TEXT:
        return inside
    some_text = Alternation(tuple(Look(Characters(ALL), behind, False, place) for behind in (True, False)))
    return sequence([inside, some_text])


def _sides(dialect: Dialect, flags: Flags, place: int, are_alike: bool) -> Node:
    """A word character on one side of the place alone, or on both or neither."""
    word = Characters(shorthand_ranges("w", dialect, flags.ascii_only))
    return Alternation(
        tuple(
            sequence([Look(word, True, no_word, place), Look(word, False, no_word is are_alike, place)])
            for no_word in (False, True)
        )
    )
