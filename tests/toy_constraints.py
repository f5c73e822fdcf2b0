"""Constraints one can see through, a fixed set of ids and a list of token sequences: for tests of what applies them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from llmpost.contracts.constraint import Bits, ConstraintReport
from llmpost.errors import ConstraintError, TokenRejected


class IdMask:
    """The mask that allows these ids."""

    def __init__(self, allowed: Iterable[int], size: int) -> None:
        self._allowed = np.zeros(size, dtype=np.bool_)
        self._allowed[list(allowed)] = True

    @property
    def packed(self) -> Bits:
        padded = np.pad(self._allowed, (0, -len(self._allowed) % 32))
        return np.packbits(padded, bitorder="little").view(np.uint32)

    @property
    def count(self) -> int:
        return int(self._allowed.sum())

    def allows(self, token: int) -> bool:
        return 0 <= token < len(self._allowed) and bool(self._allowed[token])

    def ids(self) -> npt.NDArray[np.int64]:
        return np.flatnonzero(self._allowed)

    def to_bool(self) -> npt.NDArray[np.bool_]:
        return self._allowed.copy()


@dataclass(eq=False)
class FixedState:
    """Allows the same ids for ever, and counts how often its mask, and single ids, were asked for, and for how many
    states at once."""

    allowed: frozenset[int]
    size: int
    num_masks: int = 0
    num_asked: int = 0
    num_together: int = 0
    has_mask: bool = False
    can_end: bool = False
    is_finished: bool = False
    is_dear: bool = True
    _mask: IdMask | None = None

    @property
    def is_mask_dear(self) -> bool:
        return self.is_dear and not self.has_mask

    def mask(self, tokens_left: int | None = None) -> IdMask:
        self.num_masks += 1
        self._mask = self._mask or IdMask(self.allowed, self.size)
        return self._mask

    @property
    def tokens_needed(self) -> int:
        return 1

    def can_end_within(self, tokens_left: int) -> bool:
        return tokens_left >= 1

    @staticmethod
    def masks_of(
        states: Sequence[FixedState], num_threads: int = 1, tokens_left: Sequence[int | None] = ()
    ) -> list[IdMask]:
        for state in states:
            state.num_together = len(states)
        return [state.mask() for state in states]

    def allows(self, token: int, tokens_left: int | None = None) -> bool:
        self.num_asked += 1
        return token in self.allowed

    def advance(self, token: int) -> FixedState:
        return self

    def forced(self) -> tuple[int, ...]:
        return ()


class BrokenState(FixedState):
    """Neither tells what it allows nor makes a mask."""

    def mask(self, tokens_left: int | None = None) -> IdMask:
        raise ConstraintError("regex", "a state this large", "within the budget", "Give it more.")

    def allows(self, token: int, tokens_left: int | None = None) -> bool:
        raise ConstraintError("regex", "a state this large", "within the budget", "Give it more.")


@dataclass(frozen=True)
class OneOf:
    """The language of these sequences of tokens, each behind it one of the end ids, if there are any."""

    sequences: Sequence[tuple[int, ...]]
    end_ids: tuple[int, ...] = ()
    size: int = 64
    report: ConstraintReport = field(default_factory=lambda: ConstraintReport({"sequences": "exact"}))

    def start(self) -> OneOfState:
        return OneOfState(self, tuple(self.sequences))


@dataclass(frozen=True)
class OneOfState:
    """What is left of the sequences that are still possible; None when the end id was taken."""

    whole: OneOf = field(compare=False)
    left: tuple[tuple[int, ...], ...] | None

    @property
    def can_end(self) -> bool:
        return self.left is not None and () in self.left

    @property
    def is_finished(self) -> bool:
        return self.left is None

    @property
    def has_mask(self) -> bool:
        return False

    @property
    def is_mask_dear(self) -> bool:
        return True

    @property
    def tokens_needed(self) -> int:
        return min(map(self._length, self.left or ((),)))

    def can_end_within(self, tokens_left: int) -> bool:
        return self.tokens_needed <= tokens_left

    def mask(self, tokens_left: int | None = None) -> IdMask:
        left = [one for one in self.left or () if tokens_left is None or self._length(one) <= tokens_left]
        firsts = {one[0] for one in left if one} - {self.whole.size}
        return IdMask(firsts | (set(self.whole.end_ids) if () in left else set()), self.whole.size)

    @staticmethod
    def masks_of(
        states: Sequence[OneOfState], num_threads: int = 1, tokens_left: Sequence[int | None] = ()
    ) -> list[IdMask]:
        return [state.mask(left) for state, left in zip(states, tokens_left or [None] * len(states), strict=True)]

    def allows(self, token: int, tokens_left: int | None = None) -> bool:
        return self.mask(tokens_left).allows(token)

    def _length(self, sequence: tuple[int, ...]) -> int:
        return len(sequence) + bool(self.whole.end_ids)

    def advance(self, token: int) -> OneOfState:
        if not self.allows(token):
            raise TokenRejected("token", str(token), "one that may follow", "Ask the mask.")
        if token in self.whole.end_ids:
            return OneOfState(self.whole, None)
        return OneOfState(self.whole, tuple(one[1:] for one in self.left or () if one[:1] == (token,)))

    def forced(self) -> tuple[int, ...]:
        return ()


@dataclass(frozen=True)
class WithTraps(OneOf):
    """The same beside sequences that are allowed as far as they go, and lead nowhere: sound, and not exact."""

    traps: Sequence[tuple[int, ...]] = ()
    report: ConstraintReport = field(default_factory=lambda: ConstraintReport({"sequences": "sound"}))

    def start(self) -> OneOfState:
        blocked = self.size  # no token has this id
        return OneOfState(self, (*self.sequences, *((*trap, blocked) for trap in self.traps)))
