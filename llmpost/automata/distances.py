"""Distances of the plain algebra: how many bytes the shortest text of a term has.

Of what has members it is a least fixed point over them; what is deferred counts as one byte until the shortest way
leads through it, and is read then. Intersections and complements are searched, byte by byte, nearest first. It knows
kinds and members of terms, and asks the algebra (`reference.py`) for derivatives and bodies.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from llmpost.automata.algebra import BudgetExceeded, Term

MAX_TRIED = 20_000
"""Terms looked at in one search."""

_SEARCHED = ("intersect", "complement", "substrings")
_UTF8_LENGTHS = ((0x80, 1), (0x800, 2), (0x10000, 3))
_Guess = tuple[float, bool]
"""A length, and whether it hangs on something that was not looked into yet: of equal ones what is sure comes first."""


class Terms(Protocol):
    """What is asked of the algebra."""

    def parts_of(self, term: Term) -> tuple[Any, ...]:
        """Kind and members."""

    def known_body(self, named: Term) -> Term | None:
        """Of a rule or of what is deferred, or one that is as short; None where that was not read yet."""

    def read_body(self, deferred: Term) -> Term: ...

    def can_end(self, term: Term) -> bool: ...

    def is_live(self, term: Term) -> bool: ...

    def derive(self, term: Term, byte: int) -> Term: ...


@dataclass(slots=True)
class Distances:
    """Remembers what was found out; to be thrown away when a rule is defined."""

    terms: Terms
    _known: dict[Term, float] = field(default_factory=dict)

    def of(self, term: Term) -> int | None:
        """None where the term is dead."""
        while term not in self._known:
            guesses = self._settled(term)
            length, is_unsure = guesses[term]
            self._keep_sure(guesses)
            if length == math.inf:
                self._known[term] = length
            elif is_unsure:
                self._look_into(self._unsure_leaf(term, guesses))
        length = self._known[term]
        return None if length == math.inf else int(length)

    def at_most(self, term: Term) -> int | None:
        """What is known already, or needs nothing to be read."""
        if term not in self._known:
            guesses = self._settled(term)
            self._keep_sure(guesses)
        length = self._known.get(term, math.inf)
        return None if length == math.inf else int(length)

    def is_within(self, term: Term, length: int) -> bool:
        """Whether its shortest text is no longer; what is surely longer is not looked into."""
        if not self.terms.is_live(term):
            return False
        if term not in self._known and self._settled(term)[term][0] > length:
            return False
        distance = self.of(term)
        return distance is not None and distance <= length

    def _keep_sure(self, guesses: Mapping[Term, _Guess]) -> None:
        self._known |= {one: length for one, (length, unsure) in guesses.items() if not unsure and length < math.inf}

    def _look_into(self, leaf: Term) -> None:
        if self.terms.parts_of(leaf)[0] == "deferred":
            self.terms.read_body(leaf)
        else:
            self._search(leaf)

    def _settled(self, term: Term) -> dict[Term, _Guess]:
        """The least fixed point over what the term hangs on."""
        guesses: dict[Term, _Guess] = dict.fromkeys(self._gathered(term), (math.inf, False))
        grows = True
        while grows:
            news = {one: self._guess_anew(one, guesses) for one in guesses}
            grows = news != guesses
            guesses = news
        return guesses

    def _gathered(self, start: Term) -> list[Term]:
        found: dict[Term, None] = {}
        todo = [start]
        while todo:
            term = todo.pop()
            if term not in found and term not in self._known:
                found[term] = None
                todo += self._hangs_on(term)
        return list(found)[::-1]

    def _hangs_on(self, term: Term) -> Sequence[Term]:
        kind, *members = self.terms.parts_of(term)
        match kind:
            case "concat" | "alternate":
                return members
            case "repeat" | "watched":
                return members[:1]
            case "rule" | "deferred":
                body = self.terms.known_body(term)
                return [] if body is None else [body]
        return []

    def _guess_of(self, term: Term, guesses: Mapping[Term, _Guess]) -> _Guess:
        known = self._known.get(term)
        return guesses[term] if known is None else (known, False)

    def _guess_anew(self, term: Term, guesses: Mapping[Term, _Guess]) -> _Guess:
        if self.terms.can_end(term):
            return 0, False
        kind, *members = self.terms.parts_of(term)
        inner = [self._guess_of(one, guesses) for one in self._hangs_on(term)]
        match kind:
            case "empty":
                return math.inf, False
            case "octets":
                return 1, False
            case "characters":
                ranges, _, _, more = members
                return _shortest_character(ranges[0][0]) if more is None else more, False
            case "choice":
                table, low, high, depth = members
                return min(map(len, table[low:high])) - depth, False
            case "concat":
                return sum(length for length, _ in inner), any(unsure for _, unsure in inner)
            case "repeat":
                return inner[0][0] * members[1], inner[0][1]
            case "rule" | "deferred" | "alternate" | "watched" if inner:
                return min(inner)
        return 1, True  # not looked into yet

    def _unsure_leaf(self, term: Term, guesses: Mapping[Term, _Guess]) -> Term:
        """On the shortest way as it is guessed."""
        while inner := self._hangs_on(term):
            unsure = [one for one in inner if self._guess_of(one, guesses)[1]]
            term = min(unsure, key=lambda one: self._guess_of(one, guesses))
        return term

    def _search(self, start: Term) -> None:
        """Of a term whose members do not tell."""
        steps = {start: 0}
        came_from = {start: start}
        todo = [(0.0, 0, start)]
        while todo:
            far, taken, here = heapq.heappop(todo)
            if here in self._known and steps[here] + self._known[here] <= far:
                self._keep(here, came_from)
                return
            if self._is_searched(here):
                for follower in self._live_followers(here):
                    if steps[here] + 1 < steps.get(follower, math.inf):
                        steps[follower], came_from[follower] = steps[here] + 1, here
                        heapq.heappush(todo, (steps[here] + 1.0, len(steps), follower))
            elif (left := self.of(here)) is not None:
                heapq.heappush(todo, (steps[here] + left, taken, here))
            if len(steps) > MAX_TRIED:
                raise BudgetExceeded(f"{MAX_TRIED:,} terms on the way to an end")
        self._known[start] = math.inf

    def _keep(self, end: Term, came_from: Mapping[Term, Term]) -> None:
        length, here = self._known[end], end
        while (before := came_from[here]) != here:
            length, here = length + 1, before
            self._known[here] = length

    def _is_searched(self, term: Term) -> bool:
        """Whether a search goes on through it: else what it hangs on tells."""
        if self.terms.can_end(term):
            return False
        return term not in self._known and self.terms.parts_of(term)[0] in _SEARCHED

    def _live_followers(self, term: Term) -> Iterator[Term]:
        followers = dict.fromkeys(self.terms.derive(term, byte) for byte in range(256))
        return filter(self.terms.is_live, followers)


def _shortest_character(lowest: int) -> int:
    return next((length for end, length in _UTF8_LENGTHS if lowest < end), 4)
