from collections.abc import Sequence
from typing import final

import numpy as np
import numpy.typing as npt

from llmpost.automata._native import Algebra
from llmpost.automata.algebra import Term
from llmpost.contracts.constraint import Bits

_Ints = npt.NDArray[np.int32]

@final
class PackedTrie:
    """The arrays of a `Trie`, which it copies, and the tables that walks over it share."""

    def __new__(
        cls,
        octets: npt.NDArray[np.uint8],
        depths: npt.NDArray[np.uint16],
        ends: _Ints,
        parents: _Ints,
        first_token: _Ints,
        tokens: _Ints,
        size: int,
    ) -> PackedTrie: ...

@final
class Walk:
    """The members of `llmpost.constraints.walk.Walk`. Where nobody pays, the algebra itself does.

    `is_split=False` leaves every mask to the plain loop: the twin that the split ones are compared with.
    """

    def __new__(cls, algebra: Algebra, trie: PackedTrie, is_split: bool = True) -> Walk: ...
    def fill(self, term: Term, out: Bits, payer: Algebra | None = None, /) -> int: ...
    def fill_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, payers: Sequence[Algebra] = ...
    ) -> list[int]: ...
    def filled(self, term: Term, out: Bits, payer: Algebra | None = None, /) -> tuple[int, int]: ...
    def filled_many(
        self, terms: Sequence[Term], outs: Sequence[Bits], num_threads: int, payers: Sequence[Algebra] = ...
    ) -> list[tuple[int, int]]: ...
    def shortening(self, term: Term, max_nodes: int, payer: Algebra | None, /) -> tuple[_Ints, _Ints] | None: ...
    def left_out(self, term: Term, /) -> int: ...
    def ends_of(self, term: Term, payer: Algebra | None = None, /) -> tuple[_Ints, _Ints]: ...
    def key(self, term: Term, payer: Algebra | None = None, /) -> Term: ...
