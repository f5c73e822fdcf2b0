"""What a constraint is: a compiled language, the states a text is in, and the tokens each state allows.

A constraint is shared by all requests and never changes. A state is a value: keeping the old one is the rollback.
What decodes and what masks meet here; how a language is read, and how a mask is found, is the constraints' own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from llmpost.contracts.refusal import Refusal
from llmpost.contracts.tokens import TokenId

Bits: TypeAlias = npt.NDArray[np.uint32]
"""One bit a token id, the lowest id in the lowest bit; ``ceil(vocabulary / 32)`` words."""

Guarantee: TypeAlias = Literal["exact", "sound", "annotation", "refused"]


class TokenMask(Protocol):
    """The tokens a state allows. Shared: nobody writes to it."""

    @property
    def packed(self) -> Bits:
        """The bits, not to be written."""

    @property
    def count(self) -> int:
        """How many ids are allowed."""

    def allows(self, token: TokenId) -> bool:
        """Whether this id is; False for ids out of range."""

    def ids(self) -> npt.NDArray[np.int64]:
        """The allowed ids, ascending."""

    def to_bool(self) -> npt.NDArray[np.bool_]:
        """One bool an id."""


class ConstraintState(Protocol):
    """Where a text stands. Immutable and hashable; equal states allow the same futures."""

    @property
    def can_end(self) -> bool:
        """Whether the text is complete as it stands; exactly then the end ids are in the mask."""

    @property
    def is_finished(self) -> bool:
        """Whether an end id was taken: nothing may follow."""

    @property
    def has_mask(self) -> bool:
        """Whether ``mask()`` has been found before and is at hand: then asking for it costs next to nothing."""

    @property
    def is_mask_dear(self) -> bool:
        """Whether ``mask()`` would take longer than a hundred times ``allows``; False where it is at hand."""

    @property
    def tokens_needed(self) -> int:
        """So many tokens are enough to end the text, the end id counted where there is one. One of them leads to a
        state of which this is one less: who is in time can always go on in time."""

    def can_end_within(self, tokens_left: int) -> bool:
        """Whether `tokens_needed` is no more than that: mostly told without finding it out."""

    def mask(self, tokens_left: int | None = None) -> TokenMask:
        """The tokens after which some completion exists; where so many tokens are left, the one to be drawn counted,
        only those after which the text can be ended with what is left then: `tokens_needed` is no more than that."""

    @staticmethod
    def masks_of(
        states: Sequence[Any], num_threads: int = 1, tokens_left: Sequence[int | None] = ()
    ) -> Sequence[TokenMask]:
        """``mask()`` of each of these states, all of this class; those not at hand are made in one call."""

    def allows(self, token: TokenId, tokens_left: int | None = None) -> bool:
        """What ``mask(tokens_left).allows(token)`` says, without a mask: cheap, for one token."""

    def advance(self, token: TokenId) -> Self:
        """The state after this token; TokenRejected where the mask forbids it, and this state is still valid."""

    def forced(self) -> tuple[TokenId, ...]:
        """Canonical tokens of the bytes that must follow, possibly none: a draft."""


class Constraint(Protocol):
    """A compiled language over the tokens of one vocabulary."""

    def start(self) -> ConstraintState:
        """Before the first token."""

    def explain(self, state: Any, token: TokenId) -> Refusal | None:
        """Why a token is not allowed in one of its states; None where it is."""

    @property
    def report(self) -> ConstraintReport:
        """What of the request is enforced, and how."""


@dataclass(frozen=True, slots=True)
class ConstraintReport:
    """Per part of what was asked for (a JSON pointer, or the name of the part) what is guaranteed."""

    parts: Mapping[str, Guarantee]
    notes: Sequence[str] = ()

    @property
    def is_exact(self) -> bool:
        return all(guarantee in ("exact", "annotation") for guarantee in self.parts.values())
