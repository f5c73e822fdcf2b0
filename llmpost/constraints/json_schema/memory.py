"""Memory: what was written in the open containers of a JSON text and may not come again, as terms.

A comma is a *border* where the language watches what follows it: a member whose key the language does not keep account
of, or an item of an array that wants its items unique. At a border the term of the text is replaced by the part of it
that repeats nothing; as the text goes on the difference falls away. It knows cursors and terms; what tokens make of it
is the state's business, and how keys and values are spelled is the writer's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeAlias

from llmpost.automata.algebra import ANYTHING, EMPTY, Algebra, Term
from llmpost.constraints.json_schema.cursor import Cursor, Field, Frame
from llmpost.constraints.json_schema.values import JsonValue

COMMA = 0x2C
QUOTE = 0x22
_SPACES = b"\n \t\r"
_FIRST_OF_VALUES = b'"-0123456789[fnt{'
_MAX_SPACES = 1 << 16  # between a comma and a key: more than any indentation of what is not a mile deep
_FEW = 32  # keys or items: so few are made one term again and again
_MAX_KNOWN = 1 << 17  # terms


class Spelling(Protocol):
    """How the texts of a language are written. A key that the language refuses at the place behind its own member is
    one that it keeps account of, and refuses in that object for good."""

    def keys(self, names: Sequence[str]) -> Term:
        """Every way to write one of these keys, between its quotation marks."""

    def value(self, value: JsonValue) -> Term:
        """Every way to write a value, or one that equals it; a number with a point or an exponent comes as `Real`."""


@dataclass(frozen=True, slots=True)
class Ban:
    """Some keys by name, or some items as terms, that may not come again, and the texts that do not begin with one."""

    written: tuple[str, ...] | tuple[Term, ...]
    others: Term


Bans: TypeAlias = tuple[Ban, ...]
"""Each is at least twice as large as the one behind it, or it would be one with it: so there are few of them."""


class Memory:
    """What texts of one language remember. Holds what was found out about terms, and nothing of any text."""

    def __init__(self, algebra: Algebra, spelling: Spelling, *, is_held: bool = False) -> None:
        """`is_held`: that a key cannot follow here may be due to what stands before it, and does not count."""
        self.algebra = algebra
        self._is_held = is_held
        self.borders: dict[Term, bool] = {}
        """Whether a comma here is a border; the terms that were asked about."""
        self._key_starts: dict[Term, Term] = {}
        self._spelling = spelling
        self._spaces = algebra.repeat(algebra.octets([(9, 10), (13, 13), (32, 32)]), 0, None)
        self._quote = algebra.choice([b'"'])
        self._next = algebra.concat([self._spaces, algebra.choice([b","]), self._spaces])
        rest_of_number = [(9, 10), (13, 13), (32, 32), (43, 43), (45, 46), (48, 57), (69, 69), (101, 101)]
        self._later = algebra.concat([algebra.repeat(algebra.octets(rest_of_number), 0, None), self._next])
        self._end_of_item = algebra.concat([self._spaces, algebra.octets([(44, 44), (93, 93)]), ANYTHING])

    def charged_to(self, algebra: Algebra) -> Self:
        """The same memory; what it adds to the automata is added through this account of the algebra."""
        charged = copy(self)
        charged.algebra = algebra
        return charged

    def is_border(self, term: Term) -> bool:
        """Whether the text stands where a comma may come that is a border; or in a string that a border is before."""
        known = self.borders.get(term)
        if known is None:
            if len(self.borders) > _MAX_KNOWN:
                self.borders.clear()
            follower = self.algebra.derive(term, COMMA)
            known = self.borders[term] = follower != EMPTY and self.algebra.is_watched(follower)
        return known

    def without_repeats(self, term: Term, cursor: Cursor) -> Term:
        """At a border: the texts of the term that bring nothing again that is in the innermost container."""
        bans = self._bans_at(term, cursor)
        if not bans:
            return term
        others = [ban.others for ban in bans]
        if cursor.frame is None or cursor.frame.is_object:
            return self.algebra.intersect([term, *others])
        return self.algebra.alternate(  # other alternatives may let items come twice
            self.algebra.intersect([one, *others]) if self.is_border(one) else one for one in self._alternatives(term)
        )

    def _alternatives(self, term: Term) -> list[Term]:
        """Terms that the term is the union of; alike at their head, as far as that can be seen."""
        parts, rest = self.algebra.taken_apart(term)
        if parts == (term,):
            return self._alternatives_within(term)
        return [one for part in parts for one in self._alternatives(self.algebra.concat([part, rest]))]

    def _alternatives_within(self, term: Term) -> list[Term]:
        """Of an intersection, those of its first part that has any."""
        parts = self.algebra.intersected(term)
        for place, part in enumerate(parts if len(parts) > 1 else ()):
            alternatives = self._alternatives(part)
            if len(alternatives) > 1:
                others = parts[:place] + parts[place + 1 :]
                return [self.algebra.intersect([one, *others]) for one in alternatives]
        return [term]

    def pass_border(self, term: Term, cursor: Cursor) -> Cursor:
        """Behind the comma of a border at this term. What was found out is kept with what is finished, for borders to
        come."""
        after = cursor.after(b",")
        frame = after.frame
        if frame is not None and frame.last is not None and frame.last.memo is None and not after.is_in_text:
            frame.last.memo = self._bans_in(frame, term)
        return after

    def _bans_at(self, term: Term, cursor: Cursor) -> Bans:
        frame = cursor.frame
        if frame is None or cursor.is_in_text:
            return ()  # a comma in a string
        bans = self._bans_in(frame, term)
        return bans if frame.is_object else (*bans, *map(self._if_ended_here, cursor.open_scalar))

    def _bans_in(self, frame: Frame, term: Term) -> Bans:
        """For the innermost container, where its next border is at this term."""
        bans, fields = _kept(frame)
        if not frame.is_object:
            for field in fields:
                bans = self._with_item(bans, field.value)
            return bans
        named = frame if frame.name is not None else fields[-1].container if fields else None
        if named is None or named.name is None or not self._takes_again(named, term):
            return bans
        return self._with_key(bans, named.name)

    def _takes_again(self, frame: Frame, term: Term) -> bool:
        """Whether the language by itself would take the member's name again. Found out where the term is still that
        of the language, which it is until the answer was yes."""
        if not frame.is_repeatable and frame.name is not None:
            frame.is_repeatable = self._is_held or self._is_open_to(term, frame.name)
        return frame.is_repeatable

    def _is_open_to(self, term: Term, name: str) -> bool:
        """Whether the language by itself would take this key again."""
        start = self._key_starts.get(term)
        if start is None:
            if len(self._key_starts) > _MAX_KNOWN:
                self._key_starts.clear()
            start = self._key_starts[term] = self._key_start(term)
        if start == EMPTY:
            return True  # not known: banned for nothing, if at all
        follower = self.algebra.after(start, json.dumps(name, ensure_ascii=False)[1:].encode())
        return follower != EMPTY and self.algebra.is_live(follower)

    def _key_start(self, term: Term) -> Term:
        """Behind a comma and the next quotation mark; EMPTY where none is found."""
        derive = self.algebra.derive
        term = derive(term, COMMA)
        for _ in range(_MAX_SPACES):
            start = derive(term, QUOTE)
            if start != EMPTY or term == EMPTY:
                return start
            term = next((after for space in _SPACES if (after := derive(term, space)) != EMPTY), EMPTY)
        return EMPTY

    def _with_key(self, bans: Bans, name: str) -> Bans:
        return _joined((*bans, self._key_ban((name,))), self._key_ban)

    def _with_item(self, bans: Bans, value: JsonValue) -> Bans:
        return _joined((*bans, self._item_ban((self._spelling.value(value),))), self._item_ban)

    def _key_ban(self, names: tuple[str, ...]) -> Ban:
        keys = self._spelling.keys(names)
        return self._ban(names, [self._later, self._quote, keys, self._quote, ANYTHING])

    def _item_ban(self, items: tuple[Term, ...]) -> Ban:
        return self._ban(items, [self._later, self.algebra.alternate(items), self._end_of_item])

    def _if_ended_here(self, number: JsonValue) -> Ban:
        """A number that the next byte can still change is an item if that byte does not."""
        item = self._spelling.value(number)
        return self._ban((item,), [self._next, item, self._end_of_item])

    def _ban(self, written: tuple[str, ...] | tuple[Term, ...], repeat: Sequence[Term]) -> Ban:
        return Ban(written, self.algebra.complement(self.algebra.concat(repeat)))


def _joined(bans: Bans, make: Callable[[Any], Ban]) -> Bans:
    while len(bans) > 1 and len(bans[-2].written) <= max(len(bans[-1].written), _FEW):
        *rest, one, other = bans
        bans = (*rest, make((*one.written, *other.written)))
    return bans


def watched_item(algebra: Algebra, lead: Term, item: Term) -> Term:
    """An item behind its comma, `lead`, in an array whose items differ: watched up to its first byte and no further,
    or the containers in it would be taken for the array. Reads the item."""
    first_octets: dict[Term, list[tuple[int, int]]] = {}
    for octet in _FIRST_OF_VALUES:
        rest = algebra.derive(item, octet)
        if rest != EMPTY:
            first_octets.setdefault(rest, []).append((octet, octet))
    return algebra.alternate(
        algebra.concat([algebra.watched(algebra.concat([lead, algebra.octets(octets)])), rest])
        for rest, octets in first_octets.items()
    )


def possible_repeats(frame: Frame) -> tuple[Hashable, ...]:
    """What, as far as one knows, a container may not take again: no two that differ in it are the same to a text."""
    bans, _ = _kept(frame)
    return (*(ban.others for ban in bans), *([frame.name] if frame.name is not None else []))


def _kept(frame: Frame) -> tuple[Bans, list[Field]]:
    """The bans that were last found out, and the fields behind."""
    fields: list[Field] = []
    field = frame.last
    while field is not None and field.memo is None:
        fields.append(field)
        field = field.previous
    bans = field.memo if field is not None else ()
    assert isinstance(bans, tuple)
    return bans, fields[::-1]
