"""JsonState: a state whose text must bring nothing again that it has written: no key twice, no item where all differ.

Its core is that of every state; beside it goes where the text stands, read only when somebody asks. A token that
writes no comma and comes to no border costs what it costs elsewhere. What may not come again is put into the term at
borders (`memory`), so masks need nothing else, but for the few tokens with a border inside (`crossing`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from copy import copy
from typing import Self, TypeAlias

import numpy as np

from llmpost.automata.algebra import EMPTY, Algebra, BudgetExceeded, Term
from llmpost.constraints.budget import Budget
from llmpost.constraints.gate import NOT_KNOWN
from llmpost.constraints.json_schema.crossing import MAX_IN_WIDE, CommaTokens, Crossing, Crossings, Rest
from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.memory import COMMA, Memory, Spelling, possible_repeats
from llmpost.constraints.mask import Mask, empty_bits
from llmpost.constraints.reach import Reach, out_of_budget
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.tokens import TokenId
from llmpost.errors import TokenRejected

_Trail: TypeAlias = "Cursor | tuple[_Trail, bytes]"


class Recall:
    """What all texts of one language in one generation share: its memory, and the tokens that need a second look."""

    def __init__(self, reach: Reach, spelling: Spelling, *, has_narrow: bool, is_held: bool) -> None:
        self.memory = Memory(reach.algebra, spelling, is_held=is_held)
        self.borders = self.memory.borders
        tokens = CommaTokens.of(reach.tokens)
        self.crossings = Crossings(self.memory, tokens)
        self.has_crossings = has_narrow or tokens.has_whole_key
        """Whether a token can come to grief behind a border inside of it. Where keys are free, one that brings no whole
        key cannot: there is always another way to go on."""
        self.dead_end = Cell(can_end=False)
        self.dead_end.mask = Mask(empty_bits(reach.size), 0, reach.size)
        """Of a text that can only go on by repeating something: shared by all of them."""

    def charged_to(self, algebra: Algebra) -> Self:
        """The same for one text, whose account of the algebra this is."""
        charged = copy(self)
        charged.memory = self.memory.charged_to(algebra)
        charged.crossings = self.crossings.found_by(charged.memory)
        return charged


class JsonState(State):
    """Equal states have equal cores and may not repeat the same."""

    __slots__ = ("_num_commas", "_trail", "recall")

    recall: Recall
    _trail: _Trail
    _num_commas: int

    def __init__(self, before: JsonState, term: Term, cell: Cell, trail: _Trail) -> None:
        self.reach = before.reach
        self.term = term
        self.cell = cell
        self.companion = before.companion
        self.recall = before.recall
        self._trail = trail
        self._num_commas = before._num_commas

    @classmethod
    def first(
        cls,
        reach: Reach,
        term: Term,
        cell: Cell,
        spelling: Spelling,
        *,
        has_narrow: bool = True,
        is_held: bool = False,
    ) -> Self:
        """Before the first token. `has_narrow`: whether the language has arrays that want their items unique, or keys
        that are held to more than not being among those with a name; `is_held`: whether the text as a whole is held to
        something that no schema says."""
        state = cls.__new__(cls)
        State.__init__(state, reach, term, cell)
        state.recall = Recall(reach, spelling, has_narrow=has_narrow, is_held=is_held)
        state._trail = Cursor.start()
        state._num_commas = 0  # in the text, in strings too: no container holds more than one field more
        return state

    def for_text(self, budget: Budget) -> Self:
        state = super().for_text(budget)
        state.recall = self.recall.charged_to(state.reach.algebra)
        return state

    @property
    def cursor(self) -> Cursor:
        """Where the text stands. What was found out is kept: asking is cheap, however long the text."""
        cursor = self._trail = _read(self._trail)
        return cursor

    @property
    def is_finished(self) -> bool:
        return self.cell is self.reach.finished

    def mask(self, tokens_left: int | None = None) -> Mask:
        cell = self.cell
        if tokens_left is not None and tokens_left < cell.enough:
            return self._mask_within(tokens_left)
        mask = cell.mask
        if mask is None:
            mask = self.reach.mask_of(self.term, cell)
        cell.was_used = True
        return self._without_repeats(mask)

    @staticmethod
    def masks_of(states: Sequence[State], num_threads: int = 1, tokens_left: Sequence[int | None] = ()) -> list[Mask]:
        masks = State.masks_of(states, num_threads)
        left: Sequence[int | None] = tokens_left or [None] * len(states)
        return [
            state._without_repeats(mask) if number is None and isinstance(state, JsonState) else state.mask(number)
            for state, mask, number in zip(states, masks, left, strict=True)
        ]

    def allows(self, token: TokenId, tokens_left: int | None = None) -> bool:
        text = self._text_of(token)
        if b"," not in text:
            return super().allows(token, tokens_left)
        try:
            term, _ = self._through(text)
            return self.reach.cell_of(term) is not None and self._leaves_room(term, tokens_left)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def tokens_to_end(self) -> int:
        return NOT_KNOWN if self.cell is self.recall.dead_end else super().tokens_to_end()

    def _within(self, mask: Mask, tokens_left: int) -> Mask:
        """Also less the tokens that have to go on for longer behind a border inside of them, where what would be
        shortest was there before."""
        mask = super()._within(mask, tokens_left)
        num_tokens = tokens_left - 1 - self.reach.tokens.num_for_end

        def is_late(term: Term) -> bool:
            return not (self.reach.is_live(term) and self.reach.is_near(term, num_tokens))

        late = []
        for crossing in self.recall.crossings.at(self.term):
            rests = [rest for rest in (*crossing.narrow, *crossing.wide) if mask.allows(rest.tokens[0])]
            late += self._refused(crossing, rests, is_late)
        return _without(mask, late, self.reach.size) if late else mask

    def _lower_gate(self) -> None:
        """Behind a border inside of a token it is not for every text that stands there."""
        if not self.recall.crossings.at(self.term):
            super()._lower_gate()

    def advance(self, token: TokenId) -> JsonState:
        reach = self.reach
        try:
            text = reach.texts[token] if 0 <= token < reach.size else b""
        except TypeError:
            text = self._text_of(token)  # says what is wrong with it
        try:
            if b"," in text:
                return self._through_commas(token, text)
            term = reach.after(self.term, text)
            cell = (reach.cells.get(term) or reach.cell_of(term)) if text else None
            if cell is None:
                return self._finished(token)
            state = type(self)(self, term, cell, (self._trail, text))
            if self.recall.borders.get(term) is not False:
                state._recall()
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None
        return state

    def accepts(self, octets: bytes) -> bool:
        term, _ = self._through(octets)
        return self.reach.algebra.can_end(term)

    def along(self, octets: bytes, start: int = 0) -> Iterator[Term]:
        term, trail = self._through(octets[:start])
        yield term
        for place in range(start, len(octets)):
            term, trail = self._behind(term, trail, octets[place : place + 1])
            yield term

    def forced(self) -> tuple[TokenId, ...]:
        state, forced = self, super().forced()
        for place, token in enumerate(forced):
            if not state.allows(token):
                return forced[:place]
            if place + 1 < len(forced):
                state = state.advance(token)
        return forced

    def _through_commas(self, token: TokenId, text: bytes) -> JsonState:
        """By a token with commas."""
        term, trail = self._through(text)
        cell = self.reach.cell_of(term)
        if cell is None:
            raise self._rejected(token)
        state = type(self)(self, term, cell, trail)
        state._num_commas += text.count(b",")
        state._recall()
        return state

    def _finished(self, token: TokenId) -> JsonState:
        if not (self.cell.can_end and token in self.reach.tokens.end_ids):
            raise self._rejected(token)
        return type(self)(self, EMPTY, self.reach.finished, self.cursor.ended())

    def _recall(self) -> None:
        """Take what may not come again out of the term, where the text has come to a border. The state is new."""
        if not self.recall.memory.is_border(self.term):
            return
        term = self.recall.memory.without_repeats(self.term, self.cursor)
        if term != self.term:
            self.term = term
            self.cell = self.reach.cell_of(term) or self.recall.dead_end

    def _through(self, text: bytes) -> tuple[Term, _Trail]:
        """Behind a text with commas: at each border nothing is brought again that was there before."""
        return self._behind(self.term, self._trail, text)

    def _behind(self, term: Term, trail: _Trail, text: bytes) -> tuple[Term, _Trail]:
        memory, after = self.recall.memory, self.reach.after
        first, *others = text.split(b",")
        term, trail = after(term, first), (trail, first)
        for piece in others:
            if memory.is_border(term):
                cursor = _read(trail)
                term, trail = memory.without_repeats(term, cursor), memory.pass_border(term, cursor)
            else:
                trail = trail, b","
            term, trail = after(term, b"," + piece), (trail, piece)
        return term, trail

    def _without_repeats(self, mask: Mask) -> Mask:
        """The mask of the term less the tokens that would repeat something behind a border inside of them."""
        if not self.recall.has_crossings:
            return mask
        crossings = self.recall.crossings
        if self._num_commas < MAX_IN_WIDE:
            doubtful = crossings.doubtful.get(self.term)
            if doubtful is None:
                doubtful = crossings.doubtful_at(self.term)
        else:
            doubtful = crossings.at(self.term)
        repeats = [token for crossing in doubtful for token in self._repeats(crossing)] if doubtful else []
        return _without(mask, repeats, self.reach.size) if repeats else mask

    def _repeats(self, crossing: Crossing) -> list[TokenId]:
        rests = crossing.narrow if self._num_commas < MAX_IN_WIDE else (*crossing.narrow, *crossing.wide)
        return self._refused(crossing, rests, lambda term: self.reach.cell_of(term) is None)

    def _refused(self, crossing: Crossing, rests: Sequence[Rest], is_refused: Callable[[Term], bool]) -> list[TokenId]:
        """Of the tokens with these rests behind a border those that lead to what is refused; none where nothing that
        was there before makes a difference."""
        if not rests:
            return []
        try:
            _, trail = self._behind(self.term, self.cursor, crossing.before)
            cursor = _read(trail)
            term = self.recall.memory.without_repeats(crossing.term, cursor)
            if term == crossing.term and not _go_on(rests):
                return []
            behind = ((rest, self._behind(term, cursor, rest.octets)[0]) for rest in rests)
            return [token for rest, there in behind if is_refused(there) for token in rest.tokens]
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def _rejected(self, token: TokenId) -> TokenRejected:
        if self.reach.tokens.text_of(token) and super().allows(token):
            return TokenRejected(
                "advance",
                self.reach.tokens.name_of(token),
                "allowed here: it writes a key a second time, or an item that must differ from those before",
                "This state is still valid: take a token of its mask.",
            )
        return super()._rejected(token)

    def _possible_repeats(self) -> tuple[Hashable, ...]:
        frame = self.cursor.frame
        return tuple(one for open_one in frame.outwards() for one in possible_repeats(open_one)) if frame else ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        if (
            self.term != other.term
            or self.reach.cells is not other.reach.cells
            or self.is_finished != other.is_finished
        ):
            return False
        return self._possible_repeats() == (other._possible_repeats() if isinstance(other, JsonState) else ())

    def __hash__(self) -> int:
        return super().__hash__()


def _read(trail: _Trail) -> Cursor:
    pieces = []
    while not isinstance(trail, Cursor):
        trail, octets = trail
        pieces.append(octets)
    return trail.after(b"".join(reversed(pieces))) if pieces else trail


def _go_on(rests: Sequence[Rest]) -> bool:
    """Whether a second border may lie in one of them."""
    return any(COMMA in rest.octets[1:] for rest in rests)


def _without(mask: Mask, tokens: Sequence[TokenId], size: int) -> Mask:
    is_allowed = mask.to_bool()
    is_allowed[np.fromiter(tokens, dtype=np.int64)] = False
    return Mask.of(np.flatnonzero(is_allowed), size)
