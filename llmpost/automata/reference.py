"""The algebra in plain Python: the definition of what terms mean, the fallback, and the oracle of the compiled twin.

A term is a tuple of its kind and its members, found by its number. It knows nothing of threads; `constraints` adds
them where it is the fallback.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from llmpost.automata.algebra import (
    ANYTHING,
    EMPTY,
    ENDS,
    EPSILON,
    MAX_SCALAR,
    SEPARATOR,
    STARTS,
    BudgetExceeded,
    Ranges,
    Term,
)
from llmpost.automata.distances import Distances
from llmpost.automata.ranges import cut_ranges, is_within, joined_ranges, scalar_ranges

_LEAVES = ("epsilon", "anything", "octets", "characters", "choice", "substrings", "deferred")
"""Kinds that have a text whatever they contain."""


class ReferenceAlgebra:
    """The algebra in plain Python.

    >>> algebra = ReferenceAlgebra()
    >>> number = algebra.repeat(algebra.characters([(48, 57)]), 1, 3)
    >>> [algebra.can_end(algebra.after(number, text)) for text in (b"", b"42", b"1234")]
    [False, True, False]
    """

    def __init__(self, max_terms: int = 1_000_000, max_steps: int = 1_000_000) -> None:
        self._max_terms = max_terms
        self._max_steps = max_steps
        self._terms: list[tuple[Any, ...]] = []
        self._numbers: dict[tuple[Any, ...], Term] = {}
        self._derivatives: dict[tuple[Term, int], Term] = {}
        self._live: dict[Term, bool] = {}
        self._surely_live: set[Term] = set()
        self._reads: dict[Term, Callable[[], Term]] = {}
        self._bodies: dict[Term, Term] = {}
        self._likes: dict[Term, Term] = {}
        self._ending_rules: set[Term] = set()
        self._undefined: set[Term] = set()
        self._distances = Distances(self)
        for constant in (("empty",), ("epsilon",), ("anything",)):
            self._number(*constant)

    @property
    def num_terms(self) -> int:
        return len(self._terms)

    @property
    def bytes_used(self) -> int:
        return 300 * len(self._terms) + 150 * len(self._derivatives)  # as measured, tables of choices left out

    # Making terms. Each keeps a normal form, so that the derivatives of a term are finitely many.

    def characters(self, ranges: Ranges) -> Term:
        return self._characters(scalar_ranges(ranges), 0, MAX_SCALAR, None)

    def octets(self, ranges: Ranges) -> Term:
        return self._number("octets", joined_ranges(ranges)) if ranges else EMPTY

    def choice(self, texts: Iterable[bytes]) -> Term:
        table = tuple(sorted(set(texts)))
        return self._choice(table, 0, len(table), 0)

    def substrings(self, text: bytes, marks: bytes, least: int) -> Term:
        if least < 0 or len(marks) != len(text) + 1:
            raise ValueError(f"{len(marks)} marks for {len(text)} bytes, least {least}")
        document = _Document(text, marks)
        starts = [place for place, mark in enumerate(marks) if mark & STARTS and document.has_left(place, least)]
        return self._substrings(document, least, starts)

    def concat(self, parts: Iterable[Term]) -> Term:
        result = EPSILON
        for part in reversed(list(parts)):
            result = self._concat(part, result)
        return result

    def _concat(self, first: Term, rest: Term) -> Term:
        if EMPTY in (first, rest):
            return EMPTY
        if first == EPSILON:
            return rest
        if rest == EPSILON:
            return first
        if self._kind(first) == "concat":  # the first part is never a concat: the rest of a term is one step away
            _, head, tail = self._terms[first]
            return self._concat(head, self._concat(tail, rest))
        return self._number("concat", first, rest)

    def alternate(self, parts: Iterable[Term]) -> Term:
        flat = self._flat("alternate", parts) - {EMPTY}
        if ANYTHING in flat:
            return ANYTHING
        flat = self._absorbed("intersect", self._with_counters_joined(flat))
        return EMPTY if not flat else self._number_of_many("alternate", flat)

    def intersect(self, parts: Iterable[Term]) -> Term:
        flat = self._absorbed("alternate", self._flat("intersect", parts) - {ANYTHING})
        if EMPTY in flat or any(self._terms[one][1] in flat for one in flat if self._kind(one) == "complement"):
            return EMPTY
        if EPSILON in flat and not self._undefined:  # an undefined rule may turn out able to end
            return EPSILON if all(map(self.can_end, flat)) else EMPTY
        return ANYTHING if not flat else self._number_of_many("intersect", flat)

    def complement(self, term: Term) -> Term:
        if term in (EMPTY, ANYTHING):
            return ANYTHING if term == EMPTY else EMPTY
        if self._kind(term) == "complement":
            inner: Term = self._terms[term][1]
            return inner
        return self._number("complement", term)

    def repeat(self, term: Term, low: int, high: int | None) -> Term:
        if high is not None and not 0 <= low <= high:
            raise ValueError(f"{low} to {high} times")
        if term in (EMPTY, EPSILON) or high == 0:
            return EPSILON if low == 0 or term == EPSILON else EMPTY
        if self.can_end(term):
            low = 0  # the same language, and the counter has one number less to remember
        if (low, high) == (1, 1):
            return term
        if self._kind(term) == "repeat" and self._terms[term][2:] == (0, None):
            return term
        return self._number("repeat", term, low, high)

    def rule(self) -> Term:
        rule = self._number("rule", len(self._terms))
        self._undefined.add(rule)
        return rule

    def define(self, rule: Term, body: Term) -> None:
        if self._kind(rule) != "rule" or rule in self._bodies:
            raise ValueError("a rule is defined once")
        self._bodies[rule] = body
        if rule in self._read_first(body):
            del self._bodies[rule]
            raise ValueError("a rule that reads itself before it reads a byte")
        self._undefined.discard(rule)
        self._find_ending_rules()
        self._derivatives.clear()
        self._live.clear()
        self._distances = Distances(self)

    def deferred(self, read: Callable[[], Term], at_most: int | None = None, like: Term | None = None) -> Term:
        deferred = self._number("deferred", len(self._terms))
        self._reads[deferred] = read
        if like is not None:
            self._likes[deferred] = like
        return deferred

    def watched(self, term: Term) -> Term:
        return term if term in (EMPTY, EPSILON) or self._kind(term) == "watched" else self._number("watched", term)

    # Asking.

    def after(self, term: Term, text: bytes) -> Term:
        """The derivative by a whole text."""
        for byte in text:
            term = self.derive(term, byte)
        return term

    def derive(self, term: Term, byte: int) -> Term:
        return self._derivative(term, byte)

    def can_end(self, term: Term) -> bool:
        kind, *members = self._terms[term]
        match kind:
            case "epsilon" | "anything":
                return True
            case "choice":
                table, low, high, depth = members
                return bool(low < high and len(table[low]) == depth)
            case "substrings":
                document, left, places = members
                return left == 0 and any(map(document.is_end, places))
            case "concat" | "intersect":
                return all(map(self.can_end, members))
            case "alternate":
                return any(map(self.can_end, members))
            case "complement":
                return not self.can_end(members[0])
            case "repeat":
                return members[1] == 0 or self.can_end(members[0])  # the second where a rule was defined since
            case "watched":
                return self.can_end(members[0])
            case "rule":
                return term in self._ending_rules
        return False

    def is_watched(self, term: Term) -> bool:
        kind, *members = self._terms[term]
        match kind:
            case "watched":
                return True
            case "concat":
                return self.is_watched(members[0]) or (self.can_end(members[0]) and self.is_watched(members[1]))
            case "alternate" | "intersect":
                return any(map(self.is_watched, members))
            case "complement" | "repeat":
                return self.is_watched(members[0])
        return False

    def taken_apart(self, term: Term) -> tuple[tuple[Term, ...], Term]:
        kind, *members = self._terms[term]
        head, rest = members if kind == "concat" else (term, EPSILON)
        return (tuple(self._terms[head][1:]), rest) if self._kind(head) == "alternate" else ((term,), EPSILON)

    def intersected(self, term: Term) -> tuple[Term, ...]:
        return tuple(self._terms[term][1:]) if self._kind(term) == "intersect" else (term,)

    def is_live(self, term: Term) -> bool:
        if term not in self._live:
            came_from = self._search(term)
            self._live |= dict.fromkeys(came_from, False)  # all that was seen of a dead term is dead
        return self._live[term]

    def distance(self, term: Term) -> int | None:
        return self._distances.of(term)

    def at_most(self, term: Term) -> int | None:
        return self._distances.at_most(term)

    def shortest(self, term: Term, num_bytes: int | None = None) -> bytes:
        text, length = bytearray(), self.distance(term) or 0
        while length and (num_bytes is None or len(text) < num_bytes):
            length -= 1
            followers = ((byte, self.derive(term, byte)) for byte in range(256))
            byte, term = next(one for one in followers if self._distances.is_within(one[1], length))
            text.append(byte)
        return bytes(text)

    def parts_of(self, term: Term) -> tuple[Any, ...]:
        return self._terms[term]

    def known_body(self, named: Term) -> Term | None:
        if named in self._likes:
            return self._likes[named]
        return self._bodies.get(named, EMPTY if self._kind(named) == "rule" else None)

    def read_body(self, deferred: Term) -> Term:
        return self._body_of(deferred)

    def _search(self, term: Term) -> Mapping[Term, Term]:
        """Nearest first until something is surely live, which makes the way to it live; returns what was seen of a
        dead term. Depth first would not come back from a language that nests."""
        came_from, todo, steps = {term: term}, deque([term]), 0
        while todo:
            here = todo.popleft()
            if self._is_surely_live(here):
                self._live |= dict.fromkeys(_way(here, came_from), True)
                return {}
            for byte in range(256):
                follower = self._derivative(here, byte)
                if self._live.get(follower, True) and follower not in came_from:
                    came_from[follower] = here
                    todo.append(follower)
            steps += 256
            if steps > self._max_steps:
                raise BudgetExceeded(f"{steps} derivatives")
        return came_from

    def _is_surely_live(self, term: Term) -> bool:
        """Known without a search."""
        while self._kind(term) == "concat" and term not in self._surely_live:
            if not self._is_surely_live(self._terms[term][1]):
                break
            term = self._terms[term][2]
        if term in self._surely_live or self._live.get(term) or self.can_end(term):
            return True
        kind, *members = self._terms[term]
        return kind in ("alternate", "watched") and any(map(self._is_surely_live, members))

    # Derivatives, one function for each kind.

    def _derivative(self, term: Term, byte: int) -> Term:
        known = self._derivatives.get((term, byte))
        if known is None:
            kind, *members = self._terms[term]
            known = getattr(self, f"_derive_{kind}")(byte, *members)
            self._derivatives[term, byte] = known
        return known

    def _derive_empty(self, _byte: int) -> Term:
        return EMPTY

    _derive_epsilon = _derive_empty

    def _derive_anything(self, _byte: int) -> Term:
        return ANYTHING

    def _derive_octets(self, byte: int, ranges: Ranges) -> Term:
        return EPSILON if is_within(ranges, byte) else EMPTY

    def _derive_characters(self, byte: int, ranges: Ranges, low: int, high: int, more: int | None) -> Term:
        """`low` to `high` is what the bytes read so far can still become; `more` bytes are to come (None: all)."""
        if more is not None:
            first = (low & ~((1 << 6 * more) - 1)) + ((byte & 0x3F) << 6 * (more - 1))
            return (
                self._characters(ranges, first, first + (1 << 6 * (more - 1)) - 1, more - 1)
                if byte & 0xC0 == 0x80
                else EMPTY
            )
        if byte < 0x80:
            return EPSILON if is_within(ranges, byte) else EMPTY
        for lead, more_bytes, lowest in ((0xC0, 1, 0x80), (0xE0, 2, 0x800), (0xF0, 3, 0x10000)):
            if lead <= byte < lead + (0x40 >> more_bytes):
                first = (byte - lead) << 6 * more_bytes
                last = first + (1 << 6 * more_bytes) - 1
                return self._characters(cut_ranges(ranges, lowest, MAX_SCALAR), first, last, more_bytes)
        return EMPTY

    def _derive_choice(self, byte: int, table: tuple[bytes, ...], low: int, high: int, depth: int) -> Term:
        """The texts from `low` to `high` are alike in their first `depth` bytes, which have been read."""
        place = lambda text: text[depth : depth + 1]  # noqa: E731
        here = bytes([byte])
        first = bisect_left(table, here, low, high, key=place)
        return self._choice(table, first, bisect_right(table, here, first, high, key=place), depth + 1)

    def _derive_substrings(self, byte: int, document: _Document, left: int, places: tuple[int, ...]) -> Term:
        """`left`: characters that have to be read before an end."""
        after = left - 1 if left and _begins_character(byte) else left
        return self._substrings(document, after, [place + 1 for place in places if document.octet_at(place) == byte])

    def _derive_concat(self, byte: int, first: Term, rest: Term) -> Term:
        result = self._concat(self._derivative(first, byte), rest)
        return self.alternate((result, self._derivative(rest, byte))) if self.can_end(first) else result

    def _derive_alternate(self, byte: int, *parts: Term) -> Term:
        return self.alternate(self._derivative(part, byte) for part in parts)

    def _derive_intersect(self, byte: int, *parts: Term) -> Term:
        return self.intersect(self._derivative(part, byte) for part in parts)

    def _derive_complement(self, byte: int, term: Term) -> Term:
        return self.complement(self._derivative(term, byte))

    def _derive_repeat(self, byte: int, term: Term, low: int, high: int | None) -> Term:
        rest = self.repeat(term, max(low - 1, 0), None if high is None else high - 1)
        return self._concat(self._derivative(term, byte), rest)

    def _derive_rule(self, byte: int, number: int) -> Term:
        return self._derivative(self._bodies.get(number, EMPTY), byte)

    def _derive_watched(self, byte: int, term: Term) -> Term:
        return self.watched(self._derivative(term, byte))

    def _derive_deferred(self, byte: int, number: int) -> Term:
        term = number
        while self._kind(term) == "deferred":
            term = self._body_of(term)
        return self._derivative(term, byte)

    # Normal forms.

    def _characters(self, ranges: Ranges, low: int, high: int, more: int | None) -> Term:
        """Kept: the ranges that the bytes read so far leave possible, so that equal futures are equal terms."""
        if more is None:
            return self._number("characters", tuple(ranges), low, high, None) if ranges else EMPTY
        left = cut_ranges(ranges, low, high)
        if not left or more == 0:
            return EPSILON if left else EMPTY
        if left == ((low, high),):  # whatever follows: all such blocks are one term
            left, low, high = ((0, (1 << 6 * more) - 1),), 0, (1 << 6 * more) - 1
        return self._number("characters", left, low, high, more)

    def _choice(self, table: tuple[bytes, ...], low: int, high: int, depth: int) -> Term:
        if low == high:
            return EMPTY
        if high == low + 1 and len(table[low]) == depth:
            return EPSILON
        return self._number("choice", table, low, high, depth)

    def _substrings(self, document: _Document, left: int, places: Sequence[int]) -> Term:
        """What follows the places, from each of which an end can be reached."""
        if all(document.octet_at(place) is None for place in places):
            return EPSILON if places else EMPTY
        return self._number("substrings", document, left, tuple(places))

    def _with_counters_joined(self, flat: set[Term]) -> set[Term]:
        """``x{1,3} | x{2,7}`` is ``x{1,7}``, also with one continuation behind both: counters that run side by side
        do not pile up."""
        spans: dict[tuple[Term, Term], list[tuple[int, int | None, Term]]] = {}
        for one in flat:
            head, rest = self._terms[one][1:] if self._kind(one) == "concat" else (one, EPSILON)
            if self._kind(head) == "repeat":
                _, term, low, high = self._terms[head]
                spans.setdefault((term, rest), []).append((low, high, one))
        joined = set(flat)
        for (term, rest), counters in spans.items():
            if len(counters) > 1:
                joined -= {one for _, _, one in counters}
                for low, high in _joined_counters([(low, high) for low, high, _ in counters]):
                    joined.add(
                        self._concat(self._number("repeat", term, low, high) if high != low or low != 1 else term, rest)
                    )
        return joined

    def _flat(self, kind: str, parts: Iterable[Term]) -> set[Term]:
        flat: set[Term] = set()
        for part in parts:
            flat |= set(self._terms[part][1:]) if self._kind(part) == kind else {part}
        return flat

    def _absorbed(self, kind: str, flat: set[Term]) -> set[Term]:
        """``x | (x & y)`` is ``x``, and ``x & (x | y)`` too: parts of the kind that have another as a member go."""
        return {one for one in flat if self._kind(one) != kind or flat.isdisjoint(self._terms[one][1:])}

    def _number_of_many(self, kind: str, flat: set[Term]) -> Term:
        return flat.pop() if len(flat) == 1 else self._number(kind, *sorted(flat))

    def _kind(self, term: Term) -> str:
        kind: str = self._terms[term][0]
        return kind

    def _number(self, *term: Any) -> Term:
        number = self._numbers.setdefault(term, len(self._terms))
        if number == len(self._terms):
            if number >= self._max_terms:
                del self._numbers[term]
                raise BudgetExceeded(f"{number} terms")
            self._terms.append(term)
            if self._has_text(term):
                self._surely_live.add(number)
        return number

    def _has_text(self, term: tuple[Any, ...]) -> bool:
        """Surely, by its kind and members; no search of derivatives is needed then."""
        kind, *members = term
        if kind in ("concat", "alternate"):
            return (all if kind == "concat" else any)(member in self._surely_live for member in members)
        return kind in _LEAVES or (kind in ("repeat", "watched") and members[0] in self._surely_live)

    # What is deferred, and rules.

    def _body_of(self, deferred: Term) -> Term:
        if deferred in self._reads:
            self._keep_body(deferred, self._reads[deferred]())
        return self._bodies[deferred]

    def _keep_body(self, deferred: Term, body: Term) -> None:
        """Of several who read it at once, the first is heard."""
        if deferred in self._bodies:
            return
        if body == EMPTY or self.can_end(body):
            raise ValueError("a deferred language that is empty, or has the empty text")
        self._bodies[deferred] = body
        if deferred in self._read_first(body):
            del self._bodies[deferred]
            raise ValueError("a deferred language that reads itself before it reads a byte")
        del self._reads[deferred]

    def _read_first(self, term: Term) -> set[Term]:
        """The rules and what is deferred whose bodies a derivative of the term looks into, and all between."""
        seen: set[Term] = set()
        todo = [term]
        while todo:
            kind, *members = self._terms[here := todo.pop()]
            if here in seen:
                continue
            seen.add(here)
            if kind in ("rule", "deferred"):
                todo.append(self._bodies.get(here, EMPTY))
            elif kind in ("alternate", "intersect", "complement"):
                todo += members
            elif kind in ("repeat", "watched"):
                todo.append(members[0])
            elif kind == "concat":
                todo += members if self.can_end(members[0]) else members[:1]
        return seen

    def _find_ending_rules(self) -> None:
        """The least fixed point; `complement` of a rule counts with what is known when it is defined."""
        grows = True
        while grows:
            news = {rule for rule, body in self._bodies.items() if self.can_end(body)} - self._ending_rules
            self._ending_rules |= news
            grows = bool(news)


@dataclass(frozen=True)
class _Document:
    """A text whose pieces are a language."""

    text: bytes
    marks: bytes

    def is_end(self, place: int) -> bool:
        return bool(self.marks[place] & ENDS)

    def has_left(self, place: int, least: int) -> bool:
        """Whether a piece can start here, and have so many characters."""
        end = self._last_ends[place]
        return end >= place and self._num_begun[end] - self._num_begun[place] >= least

    def octet_at(self, place: int) -> int | None:
        """The next byte of the pieces that go on; None where none does."""
        return self.text[place] if place < self._last_ends[place] else None

    @cached_property
    def _num_begun(self) -> Sequence[int]:
        """For each place how many characters begin before it."""
        return [0, *accumulate(map(_begins_character, self.text))]

    @cached_property
    def _last_ends(self) -> Sequence[int]:
        """For each place the last one up to which pieces can go on from there: an end before the next separator."""
        last_ends = [-1] * len(self.marks)
        last = -1
        for place in range(len(self.text), -1, -1):
            if place < len(self.text) and self.text[place] == SEPARATOR:
                last = -1
            if last < 0 and self.is_end(place):
                last = place
            last_ends[place] = last
        return last_ends


def _begins_character(octet: int) -> bool:
    return octet & 0xC0 != 0x80


def _way(term: Term, came_from: Mapping[Term, Term]) -> Iterator[Term]:
    """From a term back to where the search began."""
    yield term
    while (before := came_from[term]) != term:
        yield before
        term = before


def _joined_counters(spans: Sequence[tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    joined: list[tuple[int, int | None]] = []
    for low, high in sorted(spans, key=lambda span: span[0]):
        if joined and (joined[-1][1] is None or low <= joined[-1][1] + 1):
            before, end = joined.pop()
            joined.append((before, None if end is None or high is None else max(end, high)))
        else:
            joined.append((low, high))
    return joined
