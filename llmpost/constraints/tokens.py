"""Tokens: what constraints need of a vocabulary, at hand: bytes of every id, ids that end, the trie, names.

It knows no language. Made once with the vocabulary's space; every state can reach it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from llmpost.contracts.tokens import TokenId
from llmpost.vocabulary.trie import Trie
from llmpost.vocabulary.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """`texts` are the bytes of every id; special, unused and empty ones have none and are never allowed."""

    vocabulary: Vocabulary
    trie: Trie
    texts: tuple[bytes, ...]
    lengths: npt.NDArray[np.int64]
    end_ids: tuple[TokenId, ...]
    size: int
    first_nodes: Mapping[int, int]
    """The trie's nodes of one byte: most ways down begin among 256 of them."""

    @classmethod
    def of(cls, vocabulary: Vocabulary, trie: Trie) -> Tokens:
        lengths = np.fromiter(map(len, vocabulary.tokens), dtype=np.int64, count=vocabulary.size)
        end_ids = tuple(sorted(vocabulary.end_ids))
        return cls(vocabulary, trie, vocabulary.tokens, lengths, end_ids, vocabulary.size, dict(_first_nodes(trie)))

    @property
    def num_for_end(self) -> int:
        """Tokens that say that a text is over: one, or none where no id says so."""
        return 1 if self.end_ids else 0

    def text_of(self, token: TokenId) -> bytes:
        """The bytes; none for ids out of range."""
        return self.texts[token] if 0 <= token < self.size else b""

    def node_of(self, text: bytes) -> int | None:
        """The trie's node that these bytes, one or more, lead to; None where no token begins with them."""
        node = self.first_nodes.get(text[0])
        for octet in text[1:]:
            node = None if node is None else self.trie.child(node, octet)
        return node

    def ends_in(self, text: bytes, start: int = 0) -> list[int]:
        """Where the tokens end that the text goes on with from there."""
        token_id, last = self.vocabulary.token_id, min(len(text), start + self.trie.longest)
        return [end for end in range(start + 1, last + 1) if token_id(text[start:end]) is not None]

    def name_of(self, token: TokenId) -> str:
        """The id in words, also one out of range."""
        if not 0 <= token < self.size:
            return f"token {token} of {self.size}"
        return f"token {token} ({self.vocabulary.name_of(token)})"


def _first_nodes(trie: Trie) -> Iterator[tuple[int, int]]:
    node = 1
    while node < trie.num_nodes:
        yield int(trie.octets[node]), node
        node = int(trie.ends[node])
