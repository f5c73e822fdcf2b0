"""SpelledAlgebra: an algebra in which a character is all of its spellings in a JSON string.

Whoever builds a language of characters in it, the reader of regular expressions for one, gets the language of spelled
strings, with nothing changed: spelled characters are never the beginning of one another, so what is exact for
characters is exact for their spellings. All but `characters` and `choice` is the algebra below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from llmpost.automata.algebra import Algebra, Ranges, Term
from llmpost.constraints.json_schema.strings.escapes import Escapes, EscapeStyle
from llmpost.constraints.json_schema.strings.texts import Texts


class SpelledAlgebra:
    """An `Algebra` over another one; both give out the same terms."""

    def __init__(self, algebra: Algebra, style: EscapeStyle) -> None:
        self._algebra = algebra
        self._escapes = Escapes(algebra, style)
        self._texts = Texts(algebra, self._escapes, style)

    def characters(self, ranges: Ranges) -> Term:
        """One character of these ranges, in every spelling."""
        return self._escapes.characters(tuple(ranges))

    def choice(self, texts: Iterable[bytes]) -> Term:
        """Exactly these texts, which are UTF-8, in every spelling."""
        return self.texts(text.decode() for text in texts)

    def substrings(self, text: bytes, marks: bytes, least: int) -> Term:
        """Pieces of a document that is spelled already: of what can be spelled in several ways there are no pieces."""
        raise NotImplementedError("the pieces of a document in every spelling")

    def texts(self, texts: Iterable[str]) -> Term:
        """The same of strings; what has a lone surrogate cannot be spelled, and is left out."""
        return self._texts.term(texts)

    def octets(self, ranges: Ranges) -> Term:
        return self._algebra.octets(ranges)

    def concat(self, parts: Iterable[Term]) -> Term:
        return self._algebra.concat(parts)

    def alternate(self, parts: Iterable[Term]) -> Term:
        return self._algebra.alternate(parts)

    def intersect(self, parts: Iterable[Term]) -> Term:
        return self._algebra.intersect(parts)

    def complement(self, term: Term) -> Term:
        return self._algebra.complement(term)

    def repeat(self, term: Term, low: int, high: int | None) -> Term:
        return self._algebra.repeat(term, low, high)

    def rule(self) -> Term:
        return self._algebra.rule()

    def define(self, rule: Term, body: Term) -> None:
        self._algebra.define(rule, body)

    def deferred(self, read: Callable[[], Term], at_most: int | None = None, like: Term | None = None) -> Term:
        return self._algebra.deferred(read, at_most, like)

    def watched(self, term: Term) -> Term:
        return self._algebra.watched(term)

    def is_watched(self, term: Term) -> bool:
        return self._algebra.is_watched(term)

    def taken_apart(self, term: Term) -> tuple[tuple[Term, ...], Term]:
        return self._algebra.taken_apart(term)

    def intersected(self, term: Term) -> tuple[Term, ...]:
        return self._algebra.intersected(term)

    def derive(self, term: Term, byte: int) -> Term:
        return self._algebra.derive(term, byte)

    def can_end(self, term: Term) -> bool:
        return self._algebra.can_end(term)

    def is_live(self, term: Term) -> bool:
        return self._algebra.is_live(term)

    def distance(self, term: Term) -> int | None:
        return self._algebra.distance(term)

    def at_most(self, term: Term) -> int | None:
        return self._algebra.at_most(term)

    def shortest(self, term: Term, num_bytes: int | None = None) -> bytes:
        return self._algebra.shortest(term, num_bytes)

    def after(self, term: Term, text: bytes) -> Term:
        return self._algebra.after(term, text)

    @property
    def num_terms(self) -> int:
        return self._algebra.num_terms

    @property
    def bytes_used(self) -> int:
        return self._algebra.bytes_used
