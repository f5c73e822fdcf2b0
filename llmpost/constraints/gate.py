"""Gate: so many tokens left that none of a mask has to be kept back for the end, as far as that is known.

Bytes tell it at once, tokens exactly, where somebody asked: a mask with more tokens left is the mask without. It knows
numbers of bytes and tokens; where they come from is the reach's business, and the cell of the mask keeps the answer.
"""

from __future__ import annotations

from llmpost.automata.algebra import Term

SPARE = 10
"""Tokens: the one that is drawn, the end id, and what a text may have to write more because of what it has written."""
NOT_KNOWN = 1 << 40
"""Tokens: more than anybody has left."""


class Gate:
    """Of one cell and all its terms. To be changed by one thread at a time; each change returns what is enough then."""

    __slots__ = ("_farthest", "_found", "_left_out", "_num_terms")

    def __init__(self) -> None:
        self._farthest = NOT_KNOWN
        self._left_out = self._num_terms = 0
        self._found: dict[Term, int] = {}

    def add_term(self, left_out: int) -> int:
        """The cell has one term more, that has so many bytes more to an end than the key can tell."""
        self._num_terms += 1
        self._left_out = max(left_out, self._left_out)
        return self._enough()

    def found_farthest(self, num_bytes: int) -> int:
        """An end is no further away than so many bytes behind any token, as far as the key can tell."""
        self._farthest = num_bytes
        return self._enough()

    def found_enough(self, term: Term, tokens_left: int) -> int:
        """For one of the terms so many tokens left were found to be enough."""
        self._found[term] = min(tokens_left, self._found.get(term, NOT_KNOWN))
        return self._enough()

    def _enough(self) -> int:
        enough = self._farthest + self._left_out + SPARE
        is_all_found = len(self._found) == self._num_terms > 0
        return min(enough, max(self._found.values())) if is_all_found else enough
