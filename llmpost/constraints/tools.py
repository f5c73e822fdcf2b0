"""Tools: which algebra and which walk a space works with, compiled where they were built, else the plain ones.

Both kinds mean the same; tests choose one by hand. Nothing else in this room knows that there are two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llmpost.automata.algebra import Algebra
from llmpost.constraints.shared_algebra import SharedAlgebra
from llmpost.constraints.walk import NumpyWalk, Walk
from llmpost.vocabulary.trie import Trie

try:
    from llmpost.automata._native import Algebra as CompiledAlgebra
    from llmpost.constraints._native import Walk as CompiledWalk
except ImportError:  # built without a compiler: slower, and nothing else
    HAS_COMPILED = False
else:
    HAS_COMPILED = True


@dataclass(frozen=True, slots=True)
class Tools:
    """How a generation gets its algebra, for so many bytes, and its walk."""

    make_algebra: Callable[[int], Algebra]
    make_walk: Callable[[Any, Trie], Walk]
    """The walk of an algebra of `make_algebra`, and of no other."""


BYTES_PER_TERM = 1_000  # of the plain algebra, its derivatives included
PLAIN_STEPS = 100_000  # derivatives for one question of liveness: about a second
COMPILED_STEPS = 2_000_000  # about half a second
COMPILED_TERMS = 50_000_000  # bytes run out first

PLAIN = Tools(lambda max_bytes: SharedAlgebra(max_bytes // BYTES_PER_TERM, PLAIN_STEPS), NumpyWalk)


def best_tools() -> Tools:
    """The compiled ones where they are there."""
    return Tools(_compiled_algebra, _compiled_walk) if HAS_COMPILED else PLAIN


def _compiled_algebra(max_bytes: int) -> Algebra:
    return CompiledAlgebra(COMPILED_TERMS, COMPILED_STEPS, max_bytes)


def _compiled_walk(algebra: Any, trie: Trie) -> Walk:
    return CompiledWalk(
        algebra, trie.octets, trie.depths, trie.ends, trie.parents, trie.first_token, trie.tokens, trie.size
    )
