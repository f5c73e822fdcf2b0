"""Internationalised names of hosts: labels as RFC 5890 to 5893 allow them, in Unicode.

Characters by RFC 5892 (derived here from Unicode's own properties), those that depend on their neighbours beside the
right ones, right-to-left labels by RFC 5893, hyphens and normal form by RFC 5891. Not said: that the Punycode of a
label is short enough, where its own length does not tell. Labels that are Punycode themselves are refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.regex.ranges import ALL, RangeSet, intersection, inverse, union
from llmpost.constraints.json_schema.strings.formats.format import Format, term_of
from llmpost.constraints.json_schema.strings.formats.hostname import LDH_LABEL
from llmpost.constraints.json_schema.strings.formats.idna import (
    ARABIC_DIGITS,
    EXTENDED_DIGITS,
    KATAKANA_DOT,
    Alphabet,
    alphabet,
)  # fmt: skip
from llmpost.constraints.json_schema.strings.formats.normal import abnormal
from llmpost.constraints.json_schema.strings.patterns import Lengths

_MOST = 59
"""Of characters in a label that is not all ASCII: ``xn--`` and one more for each."""
_ASCII: RangeSet = ((0, 0x7F),)
_NO_HYPHENS = "..?|..(?:[^-].*|-(?:[^-].*)?)"
"""Not in the third and in the fourth place."""
_DOTS: RangeSet = ((0x2E, 0x2E), (0x3002, 0x3002), (0xFF0E, 0xFF0E), (0xFF61, 0xFF61))


def internet_labels(algebra: Algebra, dot: Term) -> Term:
    """Labels with dots between them: none is written from right to left, or all keep the rule for that."""
    return _Labels(algebra, alphabet()).joined_by(dot)


class _Labels:
    """Terms of labels in one algebra."""

    def __init__(self, algebra: Algebra, letters: Alphabet) -> None:
        self._algebra = algebra
        self._letters = letters

    def joined_by(self, dot: Term) -> Term:
        label = self._label()
        kinds = [self._meet([label, self._many(inverse(self._letters.leftward))]), self._meet([label, self._bidi()])]
        algebra = self._algebra
        return algebra.alternate(
            algebra.concat([kind, algebra.repeat(algebra.concat([dot, kind]), 0, None)]) for kind in kinds
        )

    def _label(self) -> Term:
        ascii_label = term_of(LDH_LABEL, self._algebra)
        normal = self._algebra.complement(abnormal(self._algebra, self._letters.free))
        about = [self._has(inverse(_ASCII)), normal, self._edges(), *self._contexts()]
        international = self._meet([self._spelt(), *about])
        return self._meet([self._algebra.alternate([ascii_label, international]), term_of(_NO_HYPHENS, self._algebra)])

    def _spelt(self) -> Term:
        """Characters that may stand anywhere, and the others between those that they need."""
        letters, one = self._letters, self._one
        chain = self._chain
        units = [
            one(letters.free),
            chain([one(((0x6C, 0x6C),)), self._some([((0xB7, 0xB7),), ((0x6C, 0x6C),)])]),
            chain([one(letters.virama), one(((0x200C, 0x200D),))]),
            self._joined_letters(),
            chain([self._some([((0x375, 0x375),)]), one(letters.greek)]),
            chain([one(letters.hebrew), self._some([((0x5F3, 0x5F4),)])]),
        ]
        return self._algebra.repeat(self._algebra.alternate(units), 1, None)

    def _joined_letters(self) -> Term:
        """A joiner of no width between letters that join, marks apart."""
        letters, one = self._letters, self._one
        marks = self._algebra.repeat(one(letters.transparent), 0, None)
        joiner = self._chain([marks, one(((0x200C, 0x200C),)), marks])
        both = self._chain([joiner, one(letters.joins_both)])
        return self._chain(
            [one(letters.joins_left), self._algebra.repeat(both, 0, None), joiner, one(letters.joins_right)]
        )

    def _edges(self) -> Term:
        """No mark at the start, no hyphen at either end, and not too long."""
        middle = self._algebra.repeat(self._one(ALL), 0, _MOST - 2)
        last = self._chain([middle, self._one(inverse(((0x2D, 0x2D),)))])
        first = self._one(inverse(union([*self._letters.marks, (0x2D, 0x2D)])))
        return self._chain([first, self._algebra.repeat(last, 0, 1)])

    def _contexts(self) -> list[Term]:
        """A Katakana dot in Japanese alone, and digits of one kind."""
        either = self._algebra.alternate
        return [
            either([self._many(inverse(KATAKANA_DOT)), self._has(self._letters.japanese)]),
            either([self._many(inverse(ARABIC_DIGITS)), self._many(inverse(EXTENDED_DIGITS))]),
        ]

    def _bidi(self) -> Term:
        """RFC 5893, section 2: six conditions, as two kinds of labels."""
        letters, one = self._letters, self._one
        marks = self._algebra.repeat(one(letters.bidi("NSM")), 0, None)
        neutral = letters.bidi("ES", "CS", "ET", "ON", "BN", "NSM")
        rightward = self._algebra.alternate(
            self._line(letters.bidi("R", "AL"), union([*neutral, *letters.bidi("R", "AL", number)]),
                       letters.bidi("R", "AL", number), marks)
            for number in ("EN", "AN")
        )  # fmt: skip
        both = union([*neutral, *letters.bidi("L", "EN")])
        return self._algebra.alternate([rightward, self._line(letters.bidi("L"), both, letters.bidi("L", "EN"), marks)])

    def _line(self, first: RangeSet, middle: RangeSet, last: RangeSet, marks: Term) -> Term:
        longer = self._chain([self._one(first), self._many(middle), self._one(last), marks])
        return self._algebra.alternate([longer, self._chain([self._one(intersection(first, last)), marks])])

    def _has(self, ranges: RangeSet) -> Term:
        return self._chain([self._many(inverse(ranges)), self._one(ranges), self._many(ALL)])

    def _many(self, ranges: RangeSet) -> Term:
        return self._algebra.repeat(self._one(ranges), 0, None)

    def _some(self, row: Iterable[RangeSet]) -> Term:
        """Characters one after the other, once or more often."""
        return self._algebra.repeat(self._chain([self._one(ranges) for ranges in row]), 1, None)

    def _one(self, ranges: RangeSet) -> Term:
        return self._algebra.characters(ranges)

    def _chain(self, parts: Iterable[Term]) -> Term:
        return self._algebra.concat(parts)

    def _meet(self, parts: Iterable[Term]) -> Term:
        return self._algebra.intersect(parts)


IDN_HOSTNAME = Format(lambda algebra: internet_labels(algebra, algebra.characters(_DOTS)), Lengths(1, None))
