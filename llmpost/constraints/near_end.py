"""NearEnd: the masks of terms where few tokens are left, each with the span of tokens left in which it is the same.

To see which tokens have to be kept back for the end takes a walk to all terms they lead to; what a walk finds holds
from the most tokens that one of those near needs up to the fewest that one of the others needs. It knows spans and
cells, and neither how near a term is nor what a text remembers: the reach asks it before it walks.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.algebra import Term
from llmpost.constraints.gate import NOT_KNOWN
from llmpost.constraints.mask import Mask
from llmpost.constraints.store import Cell, MaskStore

_MAX_TERMS = 1 << 14


@dataclass(frozen=True, slots=True)
class _Span:
    """From `least` tokens left to `most` the mask is the cell's, if the store still has it."""

    least: int
    most: int
    cell: Cell


class NearEnd:
    """Shared by all texts of a generation, and safe to use from several threads: what is kept is replaced, not
    changed."""

    def __init__(self, store: MaskStore) -> None:
        self.enough: dict[Term, int] = {}
        """With so many tokens left nothing has to be kept back; of the terms that were walked from and for which it was
        so."""
        self._spans: dict[Term, tuple[_Span, ...]] = {}
        self._store = store

    def is_enough(self, term: Term, tokens_left: int) -> bool:
        """Whether it is known that nothing has to be kept back."""
        return tokens_left >= self.enough.get(term, NOT_KNOWN)

    def found_enough(self, term: Term, tokens_left: int) -> None:
        self.enough[term] = min(tokens_left, self.enough.get(term, NOT_KNOWN))

    def mask(self, term: Term, tokens_left: int) -> Mask | None:
        for span in self._spans.get(term, ()):
            if span.least <= tokens_left <= span.most and span.cell.mask is not None:
                span.cell.was_used = True
                return span.cell.mask
        return None

    def keep(self, term: Term, least: int, most: int, mask: Mask) -> Mask:
        """The mask from `least` tokens left to `most`."""
        if len(self._spans) > _MAX_TERMS:
            self._spans.clear()
        cell = Cell(can_end=False)
        full = (span for span in self._spans.get(term, ()) if span.cell.mask is not None)
        self._spans[term] = _Span(least, most, cell), *full
        return self._store.keep(cell, mask)
