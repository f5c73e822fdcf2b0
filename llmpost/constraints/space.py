"""The space of a vocabulary: what all its constraints and requests share: trie, store of masks, current generation.

It is found by the vocabulary, lives as long as the vocabulary or a constraint of it, and is safe to use from several
threads. It does not know how constraints are read; `compiling` asks it for them.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from weakref import WeakValueDictionary

from llmpost.constraints.constraint import Constraint
from llmpost.constraints.generation import Generation
from llmpost.constraints.store import MaskStore
from llmpost.constraints.tokens import Tokens
from llmpost.constraints.tools import Tools, best_tools
from llmpost.vocabulary.trie import Trie
from llmpost.vocabulary.vocabulary import Vocabulary

_by_digest: WeakValueDictionary[str, Space] = WeakValueDictionary()
_lock = Lock()

ROOM_FOR = 4
"""Times what one text may take: so much room a generation has at the least."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a space may keep.

    A generation that has `algebra_bytes` of automata takes no new texts; those begun in it may bring it up to
    `most_algebra_bytes`, or to what four texts of a larger budget may take. One that has taken more than is left
    ends in an error.
    """

    mask_bytes: int = 128 << 20
    algebra_bytes: int = 128 << 20
    most_algebra_bytes: int = 384 << 20
    num_constraints: int = 256
    num_characters: int = 1 << 21
    """Of the patterns and texts of these constraints together: a tree takes up to 100 bytes for each."""


class Space:
    """One for each vocabulary, as a rule by :meth:`of`."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        limits: Limits | None = None,
        tools: Tools | None = None,
        cache_folder: str | os.PathLike[str] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.tokens = Tokens.of(vocabulary, Trie.of(vocabulary, cache_folder))
        self.store = MaskStore(self.limits.mask_bytes)
        self._tools = tools or best_tools()
        self._prepared = self._tools.prepare(self.tokens.trie)
        self._generation = self._begin()
        self._constraints: OrderedDict[Hashable, Constraint] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, vocabulary: Vocabulary, cache_folder: str | os.PathLike[str] | None = None) -> Space:
        """The space of this vocabulary, or of an equal one that is in use; its trie is kept in the folder, if given."""
        space = vocabulary.companions.get(cls)
        if isinstance(space, cls):
            return space
        with _lock:
            space = _by_digest.get(vocabulary.digest) or cls(vocabulary, cache_folder=cache_folder)
            _by_digest[vocabulary.digest] = space
            vocabulary.companions[cls] = space
            return space

    def generation(self, text_bytes: int = 0) -> Generation:
        """The one in which texts of so many bytes begin now: another one once the last has outgrown its budget."""
        generation = self._generation
        is_full = generation.bytes_used > self.limits.algebra_bytes or generation.max_bytes < ROOM_FOR * text_bytes
        return self.renew(generation, text_bytes) if is_full else generation

    def renew(self, full: Generation, text_bytes: int = 0) -> Generation:
        """Begin another generation, unless that was done since this one was found full."""
        with self._lock:
            if self._generation is full:
                self._generation = self._begin(text_bytes)
            return self._generation

    def constraint(self, key: Hashable, num_characters: int, make: Callable[[], Constraint]) -> Constraint:
        """The constraint of this key, of so many characters, made when it is not among those used last."""
        with self._lock:
            known = self._constraints.get(key)
            if known is not None:
                self._constraints.move_to_end(key)
                return known
        made = make()
        with self._lock:
            kept = self._constraints.setdefault(key, made)
            self._sizes[key] = num_characters
            while self._has_too_many_constraints():
                oldest, _ = self._constraints.popitem(last=False)
                del self._sizes[oldest]
            return kept

    def _has_too_many_constraints(self) -> bool:
        """The one used last always stays."""
        num_kept, num_characters = len(self._constraints), sum(self._sizes.values())
        is_over = num_kept > self.limits.num_constraints or num_characters > self.limits.num_characters
        return is_over and num_kept > 1

    def _begin(self, text_bytes: int = 0) -> Generation:
        max_bytes = max(self.limits.most_algebra_bytes, ROOM_FOR * text_bytes)
        algebra = self._tools.make_algebra(max_bytes)
        walk = self._tools.make_walk(algebra, self._prepared)
        return Generation(algebra, walk, self.tokens, self.store, max_bytes)
