"""State: where a text stands in a language, as a value. Keeping the old one is the rollback.

It knows the term that says what may follow, and the cell of its mask; how masks are found is the reach's business.
Decoders hand states on from token to token; two texts with the same future share a state, and so a mask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Self

from llmpost.automata.algebra import EMPTY, BudgetExceeded, Term
from llmpost.constraints.budget import Budget
from llmpost.constraints.following import in_words, live_bytes
from llmpost.constraints.forced import forced_tokens
from llmpost.constraints.mask import Mask
from llmpost.constraints.reach import Reach, out_of_budget
from llmpost.constraints.store import Cell
from llmpost.contracts.tokens import TokenId
from llmpost.errors import TokenRejected


class State:
    """A `ConstraintState`. Its core, generation and term, is all that a mask depends on, and all that equality sees.

    `companion` is handed on beside the core by whoever has something to hand on. A finished state is the state of
    the language without any text. (No frozen dataclass: `advance` is the hot path, and that costs half of it.)
    """

    __slots__ = ("cell", "companion", "reach", "term")

    def __init__(self, reach: Reach, term: Term, cell: Cell, companion: object = None) -> None:
        self.reach = reach
        self.term = term
        self.cell = cell
        self.companion = companion

    def for_text(self, budget: Budget) -> Self:
        """An equal state, of which what follows is charged to an account of its own."""
        state = copy(self)
        state.reach = self.reach.charged_to(budget)
        return state

    @property
    def can_end(self) -> bool:
        return self.cell.can_end

    @property
    def is_finished(self) -> bool:
        return self.term == EMPTY

    @property
    def has_mask(self) -> bool:
        return self.cell.mask is not None

    @property
    def is_mask_dear(self) -> bool:
        return self.cell.mask is None and self.reach.has_dear_masks

    def mask(self, tokens_left: int | None = None) -> Mask:
        cell = self.cell
        if tokens_left is not None and tokens_left < cell.enough:
            return self._mask_within(tokens_left)
        mask = cell.mask
        if mask is None:
            return self.reach.mask_of(self.term, cell)
        cell.was_used = True
        return mask

    def _mask_within(self, tokens_left: int) -> Mask:
        """Where it is not plain at once that so many tokens are enough: the mask tells more when it is made."""
        mask = self.mask()
        return self._within(mask, tokens_left) if mask.count and tokens_left < self.cell.enough else mask

    def _within(self, mask: Mask, tokens_left: int) -> Mask:
        """Of this mask, the state's own, what leaves enough tokens for the end."""
        try:
            near = self.reach.mask_within(self.term, tokens_left)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None
        if near is None:
            self._lower_gate()
            return mask
        return near if mask is self.cell.mask else mask.within(near)

    def _lower_gate(self) -> None:
        """What was found to be enough for the term is enough for every text that stands there."""
        self.reach.lower_gate(self.term, self.cell)

    @property
    def tokens_needed(self) -> int:
        if self.is_finished:
            return 0
        try:
            return self.tokens_to_end() + self.reach.tokens.num_for_end
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def can_end_within(self, tokens_left: int) -> bool:
        num_tokens = tokens_left - self.reach.tokens.num_for_end
        return self.reach.is_surely_near(self.term, num_tokens) or self.tokens_needed <= tokens_left

    def tokens_to_end(self) -> int:
        """Those that write something."""
        return self.reach.tokens_to_end(self.term)

    @staticmethod
    def masks_of(states: Sequence[State], num_threads: int = 1, tokens_left: Sequence[int | None] = ()) -> list[Mask]:
        """The masks of many states at once: what the store has, and the others in one walk, each made once."""
        missing: dict[int, dict[Cell, State]] = {}  # by what their reaches share
        made: dict[Cell, Mask] = {}
        for state in states:
            if state.cell.mask is None:
                missing.setdefault(id(state.reach.cells), {})[state.cell] = state
        for group in missing.values():
            wanted = [(state.term, cell, state.reach) for cell, state in group.items()]
            masks = wanted[0][-1].masks_of(wanted, num_threads)
            made |= dict(zip(group, masks, strict=True))
        masks = [made[state.cell] if state.cell in made else state.mask() for state in states]
        for place, left in enumerate(tokens_left):
            if left is not None and left < states[place].cell.enough:
                masks[place] = State.mask(states[place], left)
        return masks

    def allows(self, token: TokenId, tokens_left: int | None = None) -> bool:
        reach = self.reach
        text = self._text_of(token)
        if not text:
            has_room = tokens_left is None or tokens_left > 0
            return has_room and self.cell.can_end and token in reach.tokens.end_ids
        term = self._after(text)
        return reach.cell_of(term) is not None and self._leaves_room(term, tokens_left)

    def _leaves_room(self, term: Term, tokens_left: int | None) -> bool:
        """Whether a token that leads to this term leaves enough of the tokens left for an end."""
        if tokens_left is None or tokens_left >= self.cell.enough:
            return True
        try:
            return self.reach.is_near(term, tokens_left - 1 - self.reach.tokens.num_for_end)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def advance(self, token: TokenId) -> State:
        reach = self.reach
        try:
            text = reach.texts[token] if 0 <= token < reach.size else b""
        except TypeError:
            raise _no_token(token) from None
        if text:
            try:
                term = reach.after(self.term, text)
            except BudgetExceeded as exceeded:
                raise out_of_budget(exceeded) from None
            cell = reach.cells.get(term) or reach.cell_of(term)
            if cell is not None:
                return State(reach, term, cell, self.companion)
        elif self.cell.can_end and token in reach.tokens.end_ids:
            return State(reach, EMPTY, reach.finished, self.companion)
        raise self._rejected(token)

    def accepts(self, octets: bytes) -> bool:
        """Whether the text is complete with these bytes behind it. No tokens are asked."""
        return self.reach.algebra.can_end(self.reach.after(self.term, octets))

    def along(self, octets: bytes, start: int = 0) -> Iterator[Term]:
        """The term behind the first `start` of these bytes, and behind each one more; dead ones too. No tokens are
        asked."""
        term = self.reach.after(self.term, octets[:start])
        yield term
        for octet in octets[start:]:
            term = self.reach.algebra.derive(term, octet)
            yield term

    def forced(self) -> tuple[TokenId, ...]:
        try:
            return forced_tokens(self.reach, self.term)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def _text_of(self, token: TokenId) -> bytes:
        try:
            return self.reach.tokens.text_of(token)
        except TypeError:
            raise _no_token(token) from None

    def _after(self, text: bytes) -> Term:
        try:
            return self.reach.after(self.term, text)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def _rejected(self, token: TokenId) -> TokenRejected:
        """Says where in the token it went wrong: the bytes that were expected there."""
        reach, term = self.reach, self.term
        text = reach.tokens.text_of(token)
        place = next((i for i in range(1, len(text) + 1) if reach.cell_of(self._after(text[:i])) is None), 1) - 1
        try:
            expected = in_words(live_bytes(reach.algebra, self._after(text[:place])))
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None
        wanted = f"{expected} after {text[:place]!r}" if place else expected
        if self.cell.can_end and not place:
            wanted = f"{wanted} or the end".removeprefix(" or ")
        return TokenRejected(
            "advance",
            reach.tokens.name_of(token),
            "allowed after the end" if term == EMPTY else f"allowed here: expected {wanted}",
            "This state is still valid: take a token of its mask.",
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return self.term == other.term and self.reach.cells is other.reach.cells

    def __hash__(self) -> int:
        return hash((id(self.reach.cells), self.term))

    def __repr__(self) -> str:
        what = "finished" if self.is_finished else "can end" if self.can_end else "open"
        return f"State({self.term}, {what})"


def _no_token(given: object) -> TokenRejected:
    return TokenRejected("token", f"{given!r:.60}", "an id of a token", "Pass the id as an int, one at a time.")
