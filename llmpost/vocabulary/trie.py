"""Trie: the tokens of a vocabulary as one tree of bytes, flat in arrays, in depth-first order.

It holds the tokens that write text; special, unused and empty ones are in no node. It does not know languages or
masks, nor how a text is cut into tokens. Made once per vocabulary, by option kept on disk (`trie_file`); the walks
of the constraints read its arrays.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from llmpost.errors import VocabularyError
from llmpost.vocabulary.trie_file import load_arrays, save_arrays
from llmpost.vocabulary.vocabulary import Vocabulary

Ints: TypeAlias = npt.NDArray[np.int32]

LONGEST = 65_535  # bytes of a token: depths are 16 bits wide
TEXT_BYTES = frozenset(range(0xF5)) - {0xC0, 0xC1}
"""Every byte that valid UTF-8 can contain."""


@dataclass(frozen=True, eq=False)
class Trie:
    """Node 0 is the root, the empty text; the descendants of node i are the nodes i + 1 to `ends[i]`, exclusive.

    Children stand in the order of their bytes. The ids of node i are ``tokens[first_token[i]:first_token[i + 1]]``,
    ascending: tokens of equal bytes share a node. All arrays are read-only.

    >>> trie = Trie.of(Vocabulary.from_tokens([b"ab", b"a", b"ab", b"b"]))
    >>> bytes(trie.octets[1:]), trie.depths.tolist(), trie.ends.tolist(), trie.ids_at(2).tolist()
    (b'abb', [0, 1, 2, 1], [4, 3, 3, 4], [0, 2])
    """

    octets: npt.NDArray[np.uint8]
    depths: npt.NDArray[np.uint16]
    ends: Ints
    parents: Ints
    first_token: Ints
    tokens: Ints
    size: int

    def __post_init__(self) -> None:
        for array in self.arrays.values():
            array.flags.writeable = False

    @classmethod
    def of(cls, vocabulary: Vocabulary, cache_folder: str | os.PathLike[str] | None = None) -> Trie:
        """The trie of a vocabulary; from the folder where it is there and whole, else built and put there."""
        if cache_folder is None:
            return cls(**_arrays(vocabulary.tokens), size=vocabulary.size)
        path = Path(cache_folder) / f"trie-{vocabulary.digest}.npz"
        arrays = load_arrays(path, vocabulary.digest)
        if arrays is None:
            arrays = _arrays(vocabulary.tokens)
            save_arrays(path, vocabulary.digest, arrays)
        return cls(**arrays, size=vocabulary.size)

    @property
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays by name."""
        names = ("octets", "depths", "ends", "parents", "first_token", "tokens")
        return {name: getattr(self, name) for name in names}

    @property
    def num_nodes(self) -> int:
        return len(self.octets)

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest token; 0 where no token writes anything."""
        return int(self.depths.max())

    @cached_property
    def spelled(self) -> frozenset[int]:
        """The bytes that are tokens by themselves."""
        first_level = self.depths == 1
        return frozenset(self.octets[first_level & (np.diff(self.first_token) > 0)].tolist())

    @cached_property
    def is_complete(self) -> bool:
        """Whether every byte of valid UTF-8 is a token: then whatever text can follow, tokens can spell it."""
        return self.spelled >= TEXT_BYTES

    def ids_at(self, node: int) -> Ints:
        """The ids whose bytes lead to this node."""
        return self.tokens[self.first_token[node] : self.first_token[node + 1]]

    def child(self, node: int, octet: int) -> int | None:
        """The node one byte on; None where no token goes on so."""
        child, end = node + 1, int(self.ends[node])
        while child < end:
            if self.octets[child] == octet:
                return child
            child = int(self.ends[child])
        return None


def _arrays(tokens: Sequence[bytes]) -> dict[str, npt.NDArray[Any]]:
    """Sorted tokens are the tree's depth-first order; each brings the nodes that the one before it does not share."""
    ids = np.array(sorted((i for i, token in enumerate(tokens) if token), key=tokens.__getitem__), dtype=np.int32)
    lengths = np.fromiter((len(tokens[i]) for i in ids), dtype=np.int64, count=len(ids))
    _refuse_too_long(lengths, ids)
    data = np.frombuffer(b"".join(map(tokens.__getitem__, ids)), dtype=np.uint8)
    starts = np.cumsum(lengths) - lengths
    shared = _shared_with_the_one_before(data, starts, lengths)
    new = lengths - shared
    owner = np.repeat(np.arange(len(ids)), new)
    depths = np.arange(len(owner)) - np.repeat(np.cumsum(new) - new, new) + shared[owner] + 1
    depths = np.concatenate([[0], depths])
    parents, ends = _parents_and_ends(depths)
    node_of = np.cumsum(new)  # tokens of equal bytes bring no node: they are at the last one brought
    return {
        "octets": np.concatenate([np.zeros(1, np.uint8), data[starts[owner] + depths[1:] - 1]]),
        "depths": depths.astype(np.uint16),
        "ends": ends.astype(np.int32),
        "parents": parents.astype(np.int32),
        "first_token": np.searchsorted(node_of, np.arange(len(depths) + 1)).astype(np.int32),
        "tokens": ids,
    }


def _shared_with_the_one_before(data: npt.NDArray[np.uint8], starts: Any, lengths: Any) -> npt.NDArray[np.int64]:
    """How many bytes each token has in common with the token before it, one depth after the other."""
    shared = np.zeros(len(starts), dtype=np.int64)
    alike = np.arange(1, len(starts))
    for depth in range(int(lengths.max(initial=0))):
        alike = alike[(lengths[alike] > depth) & (lengths[alike - 1] > depth)]
        alike = alike[data[starts[alike] + depth] == data[starts[alike - 1] + depth]]
        shared[alike] += 1
        if not len(alike):
            break
    return shared


def _parents_and_ends(depths: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The parent is the last node before that is one depth up; the end lies behind the last child's end."""
    by_depth = np.argsort(depths.astype(np.uint16), kind="stable")
    levels = np.split(by_depth, np.cumsum(np.bincount(depths))[:-1])
    parents = np.full(len(depths), -1, dtype=np.int64)
    for above, level in pairwise(levels):
        parents[level] = above[np.searchsorted(above, level) - 1]
    ends = np.arange(1, len(depths) + 1)
    for level in reversed(levels[1:]):
        ends[parents[level]] = ends[level]  # of several children the last one stays
    return parents, ends


def _refuse_too_long(lengths: npt.NDArray[np.int64], ids: Ints) -> None:
    if lengths.max(initial=0) > LONGEST:
        worst = int(lengths.argmax())
        where, given = f"tokens[{ids[worst]}]", f"a token of {lengths[worst]} bytes"
        raise VocabularyError(where, given, f"one of at most {LONGEST}", "Check that the token list is what it seems.")
