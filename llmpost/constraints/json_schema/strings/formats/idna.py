"""The alphabet of internationalised names: what RFC 5892 derives from the properties of each character.

Found once in a process, all characters of a property at a time. It knows no labels.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from llmpost.automata.regex.properties import property_ranges
from llmpost.automata.regex.ranges import RangeSet, intersection, inverse, union

ARABIC_DIGITS: RangeSet = ((0x660, 0x669),)
EXTENDED_DIGITS: RangeSet = ((0x6F0, 0x6F9),)
KATAKANA_DOT: RangeSet = ((0x30FB, 0x30FB),)

_LDH: RangeSet = ((0x2D, 0x2D), (0x30, 0x39), (0x61, 0x7A))
_ALWAYS: RangeSet = ((0xDF, 0xDF), (0x3C2, 0x3C2), (0x6FD, 0x6FE), (0xF0B, 0xF0B), (0x3007, 0x3007))
_NEVER: RangeSet = (
    (0x640, 0x640), (0x7FA, 0x7FA), (0x302E, 0x302F), (0x3031, 0x3035), (0x303B, 0x303B),
)  # fmt: skip
_IN_CONTEXT: RangeSet = ((0xB7, 0xB7), (0x375, 0x375), (0x5F3, 0x5F4), (0x200C, 0x200D))
_IGNORED_BLOCKS: RangeSet = ((0x20D0, 0x20FF), (0x1D100, 0x1D24F))


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Sets of characters that a label may have."""

    free: RangeSet
    """Those that may stand anywhere, but for what is said of whole labels."""
    marks: RangeSet
    virama: RangeSet
    greek: RangeSet
    hebrew: RangeSet
    japanese: RangeSet
    transparent: RangeSet
    joins_left: RangeSet
    """Joins what comes after it."""
    joins_right: RangeSet
    joins_both: RangeSet

    def bidi(self, *classes: str) -> RangeSet:
        """The characters of these bidirectional classes."""
        return _of_classes(classes)

    @property
    def leftward(self) -> RangeSet:
        return self.bidi("R", "AL", "AN")


@lru_cache(maxsize=1)
def alphabet() -> Alphabet:
    """The one that this version of Unicode gives."""
    free = _free()

    def among(*properties: str) -> RangeSet:
        return intersection(free, union([pair for name in properties for pair in _property(name)]))

    return Alphabet(
        free=free,
        marks=_property("M"),
        virama=among("Canonical_Combining_Class=9"),
        greek=among("Script=Greek"),
        hebrew=among("Script=Hebrew"),
        japanese=among("Script=Hiragana", "Script=Katakana", "Script=Han"),
        transparent=among("Joining_Type=T"),
        joins_left=among("Joining_Type=L", "Joining_Type=D"),
        joins_right=among("Joining_Type=R", "Joining_Type=D"),
        joins_both=among("Joining_Type=D"),
    )


def _free() -> RangeSet:
    letters = union(pair for name in ("Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc") for pair in _property(name))
    dropped = [*_NEVER, *_IN_CONTEXT, *_IGNORED_BLOCKS, *_unstable(letters)]
    names = ("Hangul_Syllable_Type=L", "Hangul_Syllable_Type=V", "Hangul_Syllable_Type=T")
    for name in (*names, "Default_Ignorable_Code_Point", "White_Space", "Noncharacter_Code_Point"):
        dropped += _property(name)
    return union([*intersection(letters, inverse(union(dropped))), *_LDH, *_ALWAYS, *KATAKANA_DOT])


def _unstable(letters: RangeSet) -> RangeSet:
    """Those that folding their case, or normalising, changes."""
    codes = [code for low, high in letters for code in range(low, high + 1)]
    text = "\n".join(map(chr, codes))  # nothing composes across a line's end
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split("\n")
    return union((code, code) for code, here in zip(codes, folded, strict=True) if here != chr(code))


@lru_cache(maxsize=32)
def _of_classes(classes: tuple[str, ...]) -> RangeSet:
    return union([pair for one in classes for pair in _property(f"Bidi_Class={one}")])


def _property(name: str) -> RangeSet:
    ranges = property_ranges(name)
    if ranges is None:
        raise LookupError(name)
    return ranges
