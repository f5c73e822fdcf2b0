"""Characters: what may follow a term as a reader sees it, not bytes: ranges of code points, and words for them.

It follows UTF-8 through an algebra. Bytes with which no whole character begins are named as bytes. Knows no JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llmpost.automata.algebra import EMPTY, MAX_SCALAR, SURROGATES, Algebra, Term
from llmpost.automata.regex.ranges import RangeSet, contains, intersection, inverse, union

MAX_DERIVATIVES = 100_000
"""Of one question: more than any class of Unicode takes."""
MAX_NAMED = 8
_MANY = 0x8000  # of so many code points those are named that are not among them
_VAGUE = "certain characters beyond ASCII"
_CLASSES: tuple[tuple[str, RangeSet], ...] = (
    ("any ASCII character", ((0x00, 0x7F),)),
    ("a letter or digit", ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A))),
    ("a hexadecimal digit", ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66))),
    ("a letter", ((0x41, 0x5A), (0x61, 0x7A))),
    ("a capital letter", ((0x41, 0x5A),)),
    ("a small letter", ((0x61, 0x7A),)),
    ("a digit", ((0x30, 0x39),)),
    ("a digit but `0`", ((0x31, 0x39),)),
    ("whitespace", ((0x09, 0x0D), (0x20, 0x20))),
    ("whitespace", ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20))),
    ("a control character", ((0x00, 0x1F), (0x7F, 0x7F))),
    ("a control character", ((0x00, 0x1F),)),
    ("a control character", ((0x00, 0x08), (0x0E, 0x1F))),
    ("any character beyond ASCII", ((0x80, MAX_SCALAR),)),
)
"""The larger ones first: each is taken out of what is left."""
_NAMES = {
    0x09: "a tab", 0x0A: "a line break", 0x0D: "a carriage return", 0x20: "a space", 0x60: "a backtick",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters that may come next, and loose bytes that may."""

    spans: RangeSet
    octets: tuple[int, ...] = ()
    is_whole: bool = True
    """False where there are more, which would have taken too long to find."""

    @classmethod
    def after(cls, algebra: Algebra, term: Term) -> Characters:
        return _Search(algebra).characters(term)

    def has(self, character: str) -> bool:
        """Whether this character may come next."""
        return contains(self.spans, ord(character))

    def without(self, characters: str) -> Characters:
        """All but these."""
        spans = _less(self.spans, union((ord(one), ord(one)) for one in characters))
        return Characters(spans, self.octets, self.is_whole)

    def words(self) -> list[str]:
        """What a reader would call them, piece by piece.

        >>> Characters(((0x2C, 0x2C), (0x30, 0x39), (0x61, 0x66))).words()
        ['a digit', '`,`', '`a` to `f`']
        """
        if sum(high - low + 1 for low, high in self.spans) > _MANY and self.is_whole:
            rest = _pieces(inverse(union((*self.spans, SURROGATES))))
            if len(rest) <= MAX_NAMED and _VAGUE not in rest:
                words = [f"any character but {either(rest)}"] if rest else ["any character"]
                return [*words, *map(_octet, self.octets)]
        words = [*_pieces(self.spans), *map(_octet, self.octets)]
        is_cut = len(words) > MAX_NAMED or not self.is_whole
        return [*words[:MAX_NAMED], "other characters"] if is_cut else words


def either(words: Iterable[str]) -> str:
    """
    >>> either(["a digit", "`,`", "the end"]), either(["`,`"])
    ('a digit, `,` or the end', '`,`')
    """
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def character_in_words(text: bytes) -> str:
    """What the text begins with: a character by name or in backticks, or a byte.

    >>> character_in_words("é!".encode()), character_in_words(b"\\n"), character_in_words(b"\\xff")
    ('`é`', 'a line break', 'the byte 0xFF')
    """
    for length in range(1, min(4, len(text)) + 1):
        try:
            return _character(ord(text[:length].decode()))
        except UnicodeDecodeError:
            continue
    return _octet(text[0])


class _Search:
    """One question: what follows a term, as characters."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self._num_left = MAX_DERIVATIVES
        self._known: dict[tuple[Term, int], RangeSet] = {}

    def characters(self, term: Term) -> Characters:
        spans: list[tuple[int, int]] = []
        octets: list[int] = []
        for octet, follower in self._followers(term, 0, 0x100):
            lead, num_more = _lead(octet)
            found = ((0, 0),) if num_more == 0 else self._rest(follower, num_more) if num_more else ()
            spans += [(lead + low, lead + high) for low, high in found]
            octets += [] if found else [octet]
        return Characters(union(spans), tuple(octets), self._num_left > 0)

    def _rest(self, term: Term, num_more: int) -> RangeSet:
        """What the bytes behind a lead add to it."""
        known = self._known.get((term, num_more))
        if known is None:
            size = 1 << 6 * (num_more - 1)
            found = [
                ((octet - 0x80) * size + low, (octet - 0x80) * size + high)
                for octet, follower in self._followers(term, 0x80, 0xC0)
                for low, high in (((0, 0),) if num_more == 1 else self._rest(follower, num_more - 1))
            ]
            known = self._known[term, num_more] = union(found)
        return known

    def _followers(self, term: Term, low: int, high: int) -> list[tuple[int, Term]]:
        self._num_left -= high - low
        if self._num_left < 0:
            return []
        algebra = self._algebra
        found = [(octet, algebra.derive(term, octet)) for octet in range(low, high)]
        return [(octet, one) for octet, one in found if one != EMPTY and algebra.is_live(one)]


def _lead(octet: int) -> tuple[int, int | None]:
    """The code point of a first byte, with nothing behind it, and how many bytes follow; None: it begins none."""
    if octet < 0x80:
        return octet, 0
    if 0xC2 <= octet < 0xE0:
        return (octet & 0x1F) << 6, 1
    if 0xE0 <= octet < 0xF0:
        return (octet & 0x0F) << 12, 2
    return ((octet & 0x07) << 18, 3) if 0xF0 <= octet < 0xF5 else (0, None)


def _pieces(spans: RangeSet) -> list[str]:
    words = []
    for name, members in _CLASSES:
        if not _less(members, union((*spans, SURROGATES))):
            words.append(name)
            spans = _less(spans, members)
    words += _runs(intersection(spans, ((0, 0x7F),)))
    beyond = _runs(intersection(spans, ((0x80, MAX_SCALAR),)))
    return words + (beyond if len(beyond) <= MAX_NAMED // 2 else [_VAGUE])


def _runs(spans: RangeSet) -> list[str]:
    words = []
    for low, high in spans:
        if high - low < 3:
            words += [_character(code) for code in range(low, high + 1)]
        else:
            words.append(f"{_character(low)} to {_character(high)}")
    return words


def _less(ranges: RangeSet, others: RangeSet) -> RangeSet:
    return intersection(ranges, inverse(others))


def _character(code: int) -> str:
    one = chr(code)
    return _NAMES.get(code) or (f"`{one}`" if one.isprintable() else f"U+{code:04X}")


def _octet(octet: int) -> str:
    return f"the byte 0x{octet:02X}"
