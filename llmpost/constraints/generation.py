"""A generation: one algebra of a vocabulary's space, and what grows with it: its walk, its cells, its start states.

Terms are never taken back one by one. When an algebra has grown past its budget the space begins another generation;
states of the old one keep it alive and go on, and it goes when the last of them does. So no number of a term is
ever given out twice for one generation. Knows nothing of how a constraint is read: that is its `Source`.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from llmpost.constraints.charged_algebra import ChargedAlgebra
from llmpost.constraints.reach import ByteReach, Reach, TokenReach
from llmpost.constraints.source import Source
from llmpost.constraints.state import State
from llmpost.constraints.store import MaskStore
from llmpost.constraints.tokens import Tokens
from llmpost.constraints.walk import Walk

CELL_BYTES = 400  # of a cell and its places in dictionaries


class Generation:
    """Everything that refers to the terms of one algebra. Its walk is that algebra's; all else it shares."""

    def __init__(self, algebra: ChargedAlgebra, walk: Walk, tokens: Tokens, store: MaskStore, max_bytes: int) -> None:
        self.algebra = algebra
        self.max_bytes = max_bytes
        self._spelled = tokens.trie.spelled
        self._by_bytes = ByteReach(algebra, walk, tokens, store)
        self._by_tokens = TokenReach(algebra, walk, tokens, store)
        self.starts: WeakKeyDictionary[object, State] = WeakKeyDictionary()

    @property
    def bytes_used(self) -> int:
        return self.algebra.bytes_used + CELL_BYTES * (len(self._by_bytes.cells) + len(self._by_tokens.cells))

    def reach_for(self, source: Source) -> Reach:
        """Liveness over bytes is enough where the vocabulary spells every byte of the language by itself."""
        return self._by_bytes if source.octets <= self._spelled else self._by_tokens
