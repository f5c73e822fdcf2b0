"""The algebra of byte languages: terms are hash-consed numbers, and a derivative says what may follow a byte.

:class:`ReferenceAlgebra` is the definition, the fallback and the oracle of the compiled twin (`_native.c`): both
have the members of :class:`Algebra` and mean the same by them. A state of an automaton is a term, its transitions
are derivatives, and a term that goes on in another (``concat(frame, continuation)``) is a stack: a grammar's rules
(:meth:`Algebra.rule`) need no other machine. Knows no regular expression, no token and no JSON.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeAlias

Term: TypeAlias = int
"""A language, as a number of one algebra. Equal numbers are equal languages; the converse need not hold."""

Ranges: TypeAlias = Sequence[tuple[int, int]]
"""Inclusive ranges, ascending and apart."""

EMPTY: Term = 0
"""The language without any text. Every other term of a term without `intersect` and `complement` has a text."""
EPSILON: Term = 1
"""The language of the empty text alone."""
ANYTHING: Term = 2
"""All byte strings, valid UTF-8 or not."""

MAX_SCALAR = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)


class BudgetExceeded(Exception):
    """An algebra has as many terms, or has taken as many derivatives in one call, as it was allowed."""


class Algebra(Protocol):
    """What both algebras can do. All members are pure: a term once given out never changes."""

    def characters(self, ranges: Ranges) -> Term:
        """One Unicode scalar value of these ranges, as UTF-8. Surrogates in the ranges count for nothing."""

    def octets(self, ranges: Ranges) -> Term:
        """One byte of these ranges."""

    def choice(self, texts: Iterable[bytes]) -> Term:
        """Exactly these texts; tens of thousands of them cost no more than to sort them."""

    def concat(self, parts: Iterable[Term]) -> Term:
        """One part after the other."""

    def alternate(self, parts: Iterable[Term]) -> Term:
        """Any of the parts."""

    def intersect(self, parts: Iterable[Term]) -> Term:
        """All of the parts at once; ANYTHING of no parts."""

    def complement(self, term: Term) -> Term:
        """Every byte string that is not in it."""

    def repeat(self, term: Term, low: int, high: int | None) -> Term:
        """From `low` to `high` times one after the other (None: without end), as a counter, never unrolled."""

    def rule(self) -> Term:
        """A new name for a language that is defined later, possibly by itself; until then it is EMPTY."""

    def define(self, rule: Term, body: Term) -> None:
        """Say, once, what a rule is. ValueError where it would have to read itself before reading a byte."""

    def derive(self, term: Term, byte: int) -> Term:
        """What may follow after `byte`."""

    def can_end(self, term: Term) -> bool:
        """Whether the empty text is in it."""

    def is_live(self, term: Term) -> bool:
        """Whether any text is in it. BudgetExceeded where that could not be found out in time."""

    def after(self, term: Term, text: bytes) -> Term:
        """The derivative by a whole text; EMPTY, or another dead term, where nothing begins with it."""

    @property
    def num_terms(self) -> int:
        """How many terms there are."""

    @property
    def bytes_used(self) -> int:
        """About how much memory its terms and derivatives take."""


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
        self._bodies: dict[Term, Term] = {}
        self._ending_rules: set[Term] = set()
        self._undefined: set[Term] = set()
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
        return self._characters(_scalars(ranges), 0, MAX_SCALAR, None)

    def octets(self, ranges: Ranges) -> Term:
        return self._number("octets", _joined(ranges)) if ranges else EMPTY

    def choice(self, texts: Iterable[bytes]) -> Term:
        table = tuple(sorted(set(texts)))
        return self._choice(table, 0, len(table), 0)

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
        flat = self._with_counters_joined(flat)
        return EMPTY if not flat else self._number_of_many("alternate", flat)

    def intersect(self, parts: Iterable[Term]) -> Term:
        flat = self._flat("intersect", parts) - {ANYTHING}
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

    # Asking.

    def after(self, term: Term, text: bytes) -> Term:
        """The derivative by a whole text."""
        for byte in text:
            term = self.derive(term, byte)
        return term

    def derive(self, term: Term, byte: int) -> Term:
        known = self._derivatives.get((term, byte))
        if known is None:
            kind, *members = self._terms[term]
            known = getattr(self, f"_derive_{kind}")(byte, *members)
            self._derivatives[term, byte] = known
        return known

    def can_end(self, term: Term) -> bool:
        kind, *members = self._terms[term]
        match kind:
            case "epsilon" | "anything":
                return True
            case "choice":
                table, low, high, depth = members
                return bool(low < high and len(table[low]) == depth)
            case "concat" | "intersect":
                return all(map(self.can_end, members))
            case "alternate":
                return any(map(self.can_end, members))
            case "complement":
                return not self.can_end(members[0])
            case "repeat":
                return members[1] == 0 or self.can_end(members[0])  # the second where a rule was defined since
            case "rule":
                return term in self._ending_rules
        return False

    def is_live(self, term: Term) -> bool:
        """Walk on from the term until something can end. All that was seen of a dead term is dead."""
        if term not in self._live:
            path, seen, steps = [(term, iter(range(256)))], {term}, 0
            while path:
                here, bytes_left = path[-1]
                if self._live.get(here) or self.can_end(here):
                    self._live |= dict.fromkeys((one for one, _ in path), True)
                    return True
                follower = next((one for b in bytes_left if (one := self.derive(here, b)) not in seen), None)
                steps += 1
                if steps > self._max_steps:
                    raise BudgetExceeded(f"{steps} derivatives")
                if follower is None:
                    path.pop()
                elif self._live.get(follower, True):
                    seen.add(follower)
                    path.append((follower, iter(range(256))))
            self._live |= dict.fromkeys(seen, False)
        return self._live[term]

    # Derivatives, one function for each kind.

    def _derive_empty(self, _byte: int) -> Term:
        return EMPTY

    _derive_epsilon = _derive_empty

    def _derive_anything(self, _byte: int) -> Term:
        return ANYTHING

    def _derive_octets(self, byte: int, ranges: Ranges) -> Term:
        return EPSILON if _contains(ranges, byte) else EMPTY

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
            return EPSILON if _contains(ranges, byte) else EMPTY
        for lead, more_bytes, lowest in ((0xC0, 1, 0x80), (0xE0, 2, 0x800), (0xF0, 3, 0x10000)):
            if lead <= byte < lead + (0x40 >> more_bytes):
                first = (byte - lead) << 6 * more_bytes
                last = first + (1 << 6 * more_bytes) - 1
                return self._characters(_cut(ranges, lowest, MAX_SCALAR), first, last, more_bytes)
        return EMPTY

    def _derive_choice(self, byte: int, table: tuple[bytes, ...], low: int, high: int, depth: int) -> Term:
        """The texts from `low` to `high` are alike in their first `depth` bytes, which have been read."""
        place = lambda text: text[depth : depth + 1]  # noqa: E731
        here = bytes([byte])
        first = bisect_left(table, here, low, high, key=place)
        return self._choice(table, first, bisect_right(table, here, first, high, key=place), depth + 1)

    def _derive_concat(self, byte: int, first: Term, rest: Term) -> Term:
        result = self._concat(self.derive(first, byte), rest)
        return self.alternate((result, self.derive(rest, byte))) if self.can_end(first) else result

    def _derive_alternate(self, byte: int, *parts: Term) -> Term:
        return self.alternate(self.derive(part, byte) for part in parts)

    def _derive_intersect(self, byte: int, *parts: Term) -> Term:
        return self.intersect(self.derive(part, byte) for part in parts)

    def _derive_complement(self, byte: int, term: Term) -> Term:
        return self.complement(self.derive(term, byte))

    def _derive_repeat(self, byte: int, term: Term, low: int, high: int | None) -> Term:
        rest = self.repeat(term, max(low - 1, 0), None if high is None else high - 1)
        return self._concat(self.derive(term, byte), rest)

    def _derive_rule(self, byte: int, number: int) -> Term:
        return self.derive(self._bodies.get(number, EMPTY), byte)

    # Normal forms.

    def _characters(self, ranges: Ranges, low: int, high: int, more: int | None) -> Term:
        """Kept: the ranges that the bytes read so far leave possible, so that equal futures are equal terms."""
        if more is None:
            return self._number("characters", tuple(ranges), low, high, None) if ranges else EMPTY
        left = _cut(ranges, low, high)
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
        return number

    # Rules.

    def _read_first(self, term: Term) -> set[Term]:
        """The rules whose bodies a derivative of the term looks into."""
        seen: set[Term] = set()
        todo = [term]
        while todo:
            kind, *members = self._terms[here := todo.pop()]
            if kind == "rule" and here not in seen:
                seen.add(here)
                todo.append(self._bodies.get(here, EMPTY))
            elif kind in ("alternate", "intersect", "complement"):
                todo += members
            elif kind == "repeat":
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


def _joined(ranges: Ranges) -> tuple[tuple[int, int], ...]:
    """Ascending, apart, and none next to another."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def _scalars(ranges: Ranges) -> tuple[tuple[int, int], ...]:
    joined = _joined(ranges)
    return _cut(joined, 0, SURROGATES[0] - 1) + _cut(joined, SURROGATES[1] + 1, MAX_SCALAR)


def _cut(ranges: Ranges, low: int, high: int) -> tuple[tuple[int, int], ...]:
    """The part of the ranges from `low` to `high`."""
    return tuple((max(a, low), min(b, high)) for a, b in ranges if a <= high and b >= low)


def _contains(ranges: Ranges, value: int) -> bool:
    place = bisect_right(ranges, value, key=lambda pair: pair[0])
    return place > 0 and value <= ranges[place - 1][1]


def _joined_counters(spans: Sequence[tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    joined: list[tuple[int, int | None]] = []
    for low, high in sorted(spans, key=lambda span: span[0]):
        if joined and (joined[-1][1] is None or low <= joined[-1][1] + 1):
            before, end = joined.pop()
            joined.append((before, None if end is None or high is None else max(end, high)))
        else:
            joined.append((low, high))
    return joined
