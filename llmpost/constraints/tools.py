"""Tools: which algebra and which walk a space works with, compiled where they were built, else the plain ones.

Both kinds mean the same; tests choose one by hand. Nothing else in this room knows that there are two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llmpost.constraints.charged_algebra import ChargedAlgebra
from llmpost.constraints.shared_algebra import SharedAlgebra
from llmpost.constraints.walk import NumpyWalk, SortedTrie, Walk
from llmpost.vocabulary.trie import Trie

try:
    from llmpost.automata._native import Algebra as CompiledAlgebra
    from llmpost.constraints._native import PackedTrie
    from llmpost.constraints._native import Walk as CompiledWalk
except ImportError:  # built without a compiler: slower, and nothing else
    HAS_COMPILED = False
else:
    HAS_COMPILED = True


@dataclass(frozen=True, slots=True)
class Tools:
    """How a generation gets its algebra, for so many bytes, and its walk."""

    make_algebra: Callable[[int], ChargedAlgebra]
    prepare: Callable[[Trie], Any]
    """What all walks over a trie have in common: made once for a space, never changed."""
    make_walk: Callable[[Any, Any], Walk]
    """The walk of an algebra of `make_algebra`, over what `prepare` made."""


PLAIN_STEPS = 100_000  # derivatives for one question of liveness: about a second
COMPILED_STEPS = 1 << 50  # bytes and time run out first
COMPILED_TERMS = 50_000_000

PLAIN = Tools(lambda max_bytes: SharedAlgebra(max_bytes, PLAIN_STEPS), SortedTrie.of, NumpyWalk)


def best_tools() -> Tools:
    """The compiled ones where they are there."""
    return Tools(_compiled_algebra, _packed, CompiledWalk) if HAS_COMPILED else PLAIN


def _compiled_algebra(max_bytes: int) -> ChargedAlgebra:
    return CompiledAlgebra(COMPILED_TERMS, COMPILED_STEPS, max_bytes)


def _packed(trie: Trie) -> PackedTrie:
    return PackedTrie(trie.octets, trie.depths, trie.ends, trie.parents, trie.first_token, trie.tokens, trie.size)
