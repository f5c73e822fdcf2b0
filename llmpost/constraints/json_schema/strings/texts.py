"""Texts: exactly these strings, in every spelling.

A string with few spellings is one or a few entries of a choice, so that 100,000 plain ones cost no more than to sort
them. The others are a tree by their characters, read as far as texts come. It knows how characters are spelled only
through `Escapes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from json.encoder import encode_basestring_ascii

from llmpost.automata.algebra import EPSILON, Algebra, Term
from llmpost.constraints.json_schema.strings.escapes import Escapes, EscapeStyle

_MOST_DOUBLED = 3
"""A text with more characters of two spellings goes into the tree."""
_CHUNK = 64
"""So many characters of a single text are spelled at a time."""
_FEW = 16
"""Up to so many texts are a tree at once."""
_MANY_SPELLINGS = re.compile(r"[^\x00-\x7e]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_PIECES = re.compile(r"[\x00-\x7e]+|[^\x00-\x7e]")


@dataclass(frozen=True, slots=True)
class _Branch:
    """Texts, sorted and unlike, that begin alike: `place` characters of each have been spelled."""

    texts: Sequence[str]
    place: int


class Texts:
    """Spells texts in one algebra."""

    def __init__(self, algebra: Algebra, escapes: Escapes, style: EscapeStyle) -> None:
        self._algebra = algebra
        self._escapes = escapes
        self._has_one_spelling = style == "minimal"

    def term(self, texts: Iterable[str]) -> Term:
        """These texts; those with a lone surrogate are left out."""
        plain: list[bytes] = []
        others: list[str] = []
        for text in texts:
            if not _SURROGATE.search(text):
                spellings = self._spellings(text)
                plain += spellings
                if not spellings:
                    others.append(text)
        tree = self._tree(_Branch(sorted(set(others)), 0)) if others else None
        choice = self._algebra.choice(plain)
        return choice if tree is None else self._algebra.alternate([choice, tree])

    def _spellings(self, text: str) -> list[bytes]:
        """All spellings, or none where they are many."""
        if not text:
            return [b""]
        if not self._has_one_spelling:
            return []
        num_doubled = len(_MANY_SPELLINGS.findall(text))
        if num_doubled > _MOST_DOUBLED:
            return []
        if not num_doubled:
            return [_escaped(text)]
        return [b"".join(some) for some in product(*map(_minimal_spellings, _PIECES.findall(text)))]

    def _tree(self, branch: _Branch) -> Term:
        """One branch, which has a text that goes on; a text that ends here may be among the others."""
        texts, place = branch.texts, branch.place
        if len(texts) == 1:
            return self._line(texts[0], place)
        parts = [EPSILON] if len(texts[0]) == place else []
        going_on = texts[len(parts) :]
        for character, group in groupby(going_on, key=lambda text: text[place]):
            behind = self._behind(_Branch(list(group), place + 1))
            parts.append(self._algebra.concat([self._spelled(character), behind]))
        return self._algebra.alternate(parts)

    def _behind(self, branch: _Branch) -> Term:
        texts, place = branch.texts, branch.place
        if len(texts) <= _FEW and place < _CHUNK:
            return self._tree(branch)
        is_end = len(texts[0]) == place
        going_on = _Branch(texts[1:], place) if is_end else branch
        if not going_on.texts:
            return EPSILON
        rest = self._algebra.deferred(lambda: self._tree(going_on))
        return self._algebra.alternate([EPSILON, rest]) if is_end else rest

    def _line(self, text: str, place: int) -> Term:
        end = place + _CHUNK
        parts = [self._piece(piece) for piece in self._pieces(text[place:end])]
        if end < len(text):
            parts.append(self._algebra.deferred(lambda: self._line(text, end)))
        return self._algebra.concat(parts)

    def _pieces(self, text: str) -> Iterable[str]:
        return _PIECES.findall(text) if self._has_one_spelling else text

    def _piece(self, piece: str) -> Term:
        if self._has_one_spelling and not _MANY_SPELLINGS.match(piece):
            return self._algebra.choice([_escaped(piece)])
        return self._spelled(piece)

    def _spelled(self, character: str) -> Term:
        return self._escapes.characters(((ord(character), ord(character)),))


def _minimal_spellings(piece: str) -> list[bytes]:
    return [_escaped(piece)] if not _MANY_SPELLINGS.match(piece) else [piece.encode(), _escaped(piece)]


def _escaped(piece: str) -> bytes:
    return encode_basestring_ascii(piece)[1:-1].encode()
