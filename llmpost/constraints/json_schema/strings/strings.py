"""Strings: sets of JSON strings as terms over what stands between the quotes.

Every term given out holds, with one spelling of a string, all spellings that the settings allow; so intersections,
alternatives, and complements met with :meth:`Strings.any`, say of strings what they say of texts. It knows no schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from llmpost.automata.algebra import EMPTY, MAX_SCALAR, Algebra, Term
from llmpost.automata.regex.language import language_of
from llmpost.constraints.json_schema.strings.escapes import EscapeStyle
from llmpost.constraints.json_schema.strings.few import Few, decoded
from llmpost.constraints.json_schema.strings.formats import FORMATS
from llmpost.constraints.json_schema.strings.patterns import ALL_LENGTHS, Lengths, read_pattern
from llmpost.constraints.json_schema.strings.spelling import SpelledAlgebra

_MOST = (1 << 31) - 2
"""No text is as long, and a counter can count to here."""


class Strings:
    """Sets of strings in one algebra, each built once.

    >>> from llmpost.automata.reference import ReferenceAlgebra
    >>> algebra = ReferenceAlgebra()
    >>> strings = Strings(algebra, "minimal")
    >>> [algebra.can_end(algebra.after(strings.texts(["é"]), text)) for text in (b"\\xc3\\xa9", b"\\\\u00e9", b"e")]
    [True, True, False]
    """

    def __init__(self, algebra: Algebra, escapes: EscapeStyle) -> None:
        self._algebra = algebra
        self._escapes = escapes
        self._spelled = SpelledAlgebra(algebra, escapes)
        self._few = Few(algebra)
        self._character = self._spelled.characters(((0, MAX_SCALAR),))
        self._any = algebra.repeat(self._character, 0, None)
        self._matching: dict[tuple[str, Lengths], Term] = {}
        self._formats: dict[tuple[str, Lengths], Term] = {}

    def any(self) -> Term:
        """The body of any string."""
        return self._any

    def of_length(self, low: int, high: int | None) -> Term:
        """Strings of so many characters, counted as code points."""
        bound = None if high is None or high > _MOST else high
        if bound is not None and bound < low:
            return EMPTY
        return self._algebra.repeat(self._character, min(low, _MOST), bound)

    def matching(self, pattern: str, low: int = 0, high: int | None = None) -> Term:
        """Strings that contain a match of an ECMA pattern and are of this length.

        ConstraintError, with a caret, where it cannot be read or is not regular.
        """
        lengths = Lengths(low, high)
        known = self._matching.get((pattern, lengths))
        if known is None:
            known = self._matching[pattern, lengths] = self._match(pattern, lengths)
        return known

    def of_format(self, name: str, low: int = 0, high: int | None = None) -> Term | None:
        """Strings of a format and of this length; None where there is no format of this name."""
        found = FORMATS.get(name)
        if found is None:
            return None
        lengths = Lengths(low, high)
        known = self._formats.get((name, lengths))
        if known is None:
            term = self.of_format(name) if lengths != ALL_LENGTHS else found.read(self._spelled)
            assert term is not None
            known = term if lengths.include(found.lengths) else self._of_lengths(term, lengths)
            self._formats[name, lengths] = known
        return known

    def texts(self, texts: Iterable[str]) -> Term:
        """Exactly these strings. One with a lone surrogate cannot be written, and is left out."""
        return self._spelled.texts(texts)

    def found(self, containing: Callable[[Algebra, Term], Term]) -> Term:
        """Strings in which something occurs, as `containing` builds them of any text that may stand before it."""
        return containing(self._spelled, self._any)

    def has_one_spelling(self, text: str) -> bool:
        """Whether it can only be written in one way; False where that takes a look."""
        return self._escapes == "minimal" and text.isascii()

    def few(self, term: Term, limit: int) -> list[str] | None:
        """The strings of a language, sorted, if they are at most so many; None if more, or too dear to find out."""
        return self._few.strings(term, limit)

    def decoded(self, body: bytes) -> str:
        """The string that is spelled so."""
        return decoded(body)

    def _match(self, text: str, lengths: Lengths) -> Term:
        pattern = read_pattern(text)
        counted = pattern.within(lengths)
        if counted is not None:
            return language_of(counted.expression, self._spelled)
        return self._of_lengths(language_of(pattern.expression, self._spelled), lengths)

    def _of_lengths(self, term: Term, lengths: Lengths) -> Term:
        return self._algebra.intersect([term, self.of_length(lengths.low, lengths.high)])
