"""Entries: texts as they are compared, and their language: which of them there are, whole words or anywhere.

Knows no options and no guard.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.entities.bounds import OPEN, Bounds
from llmpost.automata.entities.entity import Form
from llmpost.automata.regex.ranges import RangeSet, intersection, inverse
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import Characters
from llmpost.guards.lists.spaces import SPACES
from llmpost.guards.view import View
from llmpost.guards.views.composed import Composed
from llmpost.guards.views.decoded import DECODED
from llmpost.guards.views.folded import Folding, folded
from llmpost.guards.views.squeezed import SQUEEZED
from llmpost.guards.words import UNSPACED

FOLDS: Final = ("case", "accents", "leet", "spacing")


def _ranges(characters: str) -> RangeSet:
    node = read_regex(characters).root
    assert isinstance(node, Characters)
    return node.ranges


WHOLE_WORDS: Final = Bounds(intersection(_ranges(r"[^\W_]"), inverse(_ranges(f"[{UNSPACED}]"))))
"""No letter and no digit beside it, but of scripts without spaces between words."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which differences between a text and an entry do not count; escapes and blanks never do."""

    folding: Folding
    has_spacing: bool = False
    """Whether it does not count, either, that letters stand apart."""

    @classmethod
    def of(cls, folds: Iterable[str]) -> Comparison:
        case, accents, leet, spacing = (fold in folds for fold in FOLDS)
        return cls(Folding(case, accents, leet), spacing)

    @property
    def views(self) -> tuple[View, ...]:
        """The texts in which an entry stands as :meth:`entry` has it."""
        firsts = (DECODED, Composed(DECODED, SQUEEZED)) if self.has_spacing else (DECODED,)
        return tuple(Composed(Composed(first, SPACES), folded(self.folding)) for first in firsts)

    def entries(self, texts: Sequence[str]) -> list[str]:
        """Each as it is compared; empty where nothing is left of it."""
        shown = self._shown("\n".join(texts)).split("\n")  # a hundred thousand at once take a tenth of the time
        if len(shown) != len(texts) or any("\n" in text for text in texts):
            shown = [self._shown(text) for text in texts]
        return [" ".join(one.split()) for one in shown]

    def _shown(self, text: str) -> str:
        return self.folding.of(DECODED.follow(None, text, True).text)


@dataclass(frozen=True, slots=True)
class _Choice:
    texts: tuple[bytes, ...]

    def read(self, algebra: Algebra) -> Term:
        return algebra.choice(self.texts)


def form_of(entries: Iterable[str], *, has_whole_words: bool) -> Form:
    """Any of the entries, of which none is empty."""
    texts = sorted({entry.encode("utf-8", "surrogatepass") for entry in entries})
    return Form(_Choice(tuple(texts)).read, WHOLE_WORDS if has_whole_words else OPEN)
