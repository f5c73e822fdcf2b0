"""The algebra of byte languages: terms are hash-consed numbers, and a derivative says what may follow a byte.

The reference (`reference.py`) is the definition, the fallback and the oracle of the compiled twin (`_native.c`): both
have the members of :class:`Algebra` and mean the same by them. A state of an automaton is a term, its transitions
are derivatives, and a term that goes on in another (``concat(frame, continuation)``) is a stack: a grammar's rules
(:meth:`Algebra.rule`) need no other machine. Knows no regular expression, no token and no JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeAlias

Term: TypeAlias = int
"""A language, as a number of one algebra. Equal numbers are equal languages; the converse need not hold."""

Ranges: TypeAlias = Sequence[tuple[int, int]]
"""Inclusive ranges, ascending and apart."""

EMPTY: Term = 0
"""The language without any text. Every other term of a term without `intersect` and `complement` has a text."""
EPSILON: Term = 1
"""The language of the empty text alone."""
ANYTHING: Term = 2
"""All byte strings, valid UTF-8 or not."""

STARTS, ENDS = 1, 2
"""Bits of a mark: a piece may start at its place, may end there."""
SEPARATOR = 0xFF
"""A byte that no UTF-8 has: it stands between the texts of one document."""

MAX_SCALAR = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)


class BudgetExceeded(Exception):
    """An algebra has as many terms, or has taken as many derivatives in one call, as it was allowed."""


class Algebra(Protocol):
    """What both algebras can do. All members are pure: a term once given out never changes."""

    def characters(self, ranges: Ranges) -> Term:
        """One Unicode scalar value of these ranges, as UTF-8. Surrogates in the ranges count for nothing."""

    def octets(self, ranges: Ranges) -> Term:
        """One byte of these ranges."""

    def choice(self, texts: Iterable[bytes]) -> Term:
        """Exactly these texts; tens of thousands of them cost no more than to sort them."""

    def substrings(self, text: bytes, marks: bytes, least: int) -> Term:
        """Every piece `text[i:j]` of at least so many characters, where ``marks[i]`` STARTS and ``marks[j]`` ENDS, and
        no SEPARATOR in it; a megabyte costs no more than to sort its suffixes. ValueError where there are not as many
        marks as bytes, and one more."""

    def concat(self, parts: Iterable[Term]) -> Term:
        """One part after the other."""

    def alternate(self, parts: Iterable[Term]) -> Term:
        """Any of the parts."""

    def intersect(self, parts: Iterable[Term]) -> Term:
        """All of the parts at once; ANYTHING of no parts."""

    def complement(self, term: Term) -> Term:
        """Every byte string that is not in it."""

    def repeat(self, term: Term, low: int, high: int | None) -> Term:
        """From `low` to `high` times one after the other (None: without end), as a counter, never unrolled."""

    def rule(self) -> Term:
        """A new name for a language that is defined later, possibly by itself; until then it is EMPTY."""

    def define(self, rule: Term, body: Term) -> None:
        """Say, once, what a rule is. ValueError where it would have to read itself before reading a byte."""

    def deferred(self, read: Callable[[], Term], at_most: int | None = None, like: Term | None = None) -> Term:
        """A language that `read` gives when a derivative first asks for it: at most once, unless it raises.

        The caller promises that it has a text, and none that is empty, and that its rules are defined. So it is
        alive and cannot end, unread as it is. What `read` raises comes out of the call that asked. ValueError from
        there where the promise is broken, or where it would have to read itself before reading a byte. Who says
        `at_most` promises a text of so many bytes or fewer, too; who gives a term that it is `like`, that the shortest
        texts of both are of one length.
        """

    def watched(self, term: Term) -> Term:
        """The same language; what is left of it stays watched until it has been read."""

    def is_watched(self, term: Term) -> bool:
        """Whether the text stands before or inside a watched part: one of those with which the term can go on. What
        is deferred or named by a rule shows that only behind its first byte."""

    def taken_apart(self, term: Term) -> tuple[tuple[Term, ...], Term]:
        """Parts and a rest: the term is any of the parts with the rest behind it, as far as can be seen at its head."""

    def intersected(self, term: Term) -> tuple[Term, ...]:
        """Terms of which it is the intersection, as far as can be seen; itself alone where it is none."""

    def derive(self, term: Term, byte: int) -> Term:
        """What may follow after `byte`."""

    def can_end(self, term: Term) -> bool:
        """Whether the empty text is in it."""

    def is_live(self, term: Term) -> bool:
        """Whether any text is in it. BudgetExceeded where that could not be found out in time."""

    def distance(self, term: Term) -> int | None:
        """How many bytes its shortest text has; None where it has none. What is deferred is read where the shortest
        text may lead through it. BudgetExceeded where that could not be found out in time."""

    def at_most(self, term: Term) -> int | None:
        """A number that `distance` is not above, at a glance; None where there is none. Reads nothing."""

    def shortest(self, term: Term, num_bytes: int | None = None) -> bytes:
        """The first so many bytes of its shortest text, of several of the first in order; b"" where it is dead. What
        is left of it is that of the term behind each of its bytes."""

    def after(self, term: Term, text: bytes) -> Term:
        """The derivative by a whole text; EMPTY, or another dead term, where nothing begins with it."""

    @property
    def num_terms(self) -> int:
        """How many terms there are."""

    @property
    def bytes_used(self) -> int:
        """About how much memory its terms and derivatives take."""
