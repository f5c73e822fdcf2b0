"""The reference algebra, made fit for many: the fallback where the compiled algebra is not there.

It adds one lock, and accounts that pay for terms and derivatives, and no meaning. What was derived before is read
without the lock, and what is deferred is read without it too: whoever reads may hold locks of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from copy import copy
from threading import RLock
from typing import Any, TypeVar

from llmpost.automata.algebra import BudgetExceeded, Ranges, Term
from llmpost.automata.reference import ReferenceAlgebra

Answer = TypeVar("Answer")

TERM_BYTES, DERIVATIVE_BYTES = 300, 150  # as `ReferenceAlgebra.bytes_used` counts them
PLACE_BYTES = 8
"""Of each place of a document, in each term that stands there."""
KEPT_FOR_SMALL, SMALL = 4, 64
"""A quarter of the whole is for accounts of less than a 64th."""


class SharedAlgebra:
    """A `ChargedAlgebra` over a `ReferenceAlgebra`; the first account pays nothing."""

    def __init__(self, max_bytes: int, max_steps: int = 1_000_000) -> None:
        self._whole = _Whole(max_bytes, max_steps)
        self._max_bytes: int | None = None
        self._bytes = 0
        self._max_seconds: float | None = None
        self._deadline = float("inf")
        self._is_clock_kept = False

    def account(self, max_bytes: int, max_seconds: float) -> SharedAlgebra:
        account = copy(self)
        account._max_bytes, account._bytes = max_bytes, 0
        account._max_seconds = max_seconds
        return account

    def keep_clock(self, is_kept: bool) -> None:
        self._start_clock()
        self._is_clock_kept = is_kept

    def charge(self, num_bytes: int) -> None:
        """BudgetExceeded where so many bytes are too many, or it is too late."""
        if self._max_bytes is None or self._max_seconds is None:
            return
        self._bytes += num_bytes
        if self._bytes > self._max_bytes:
            raise BudgetExceeded(f"{_amount(self._max_bytes)} of automaton")
        most = self._whole.max_bytes
        if most // SMALL < self._bytes > most - most // KEPT_FOR_SMALL - self._whole.bytes_used:
            raise BudgetExceeded(f"{_amount(self._bytes)} of automaton (all that other texts leave)")
        if time.monotonic() > self._deadline:
            raise BudgetExceeded(f"{self._max_seconds:g} s of building its automaton")

    def __enter__(self) -> _Whole:
        """The algebra, to itself, while it pays."""
        self._whole.lock.acquire()
        self._whole.payer = self
        self._start_clock()
        return self._whole

    def __exit__(self, *_failure: object) -> None:
        self._whole.payer = None
        self._whole.lock.release()

    def _start_clock(self) -> None:
        if self._max_seconds is not None and not self._is_clock_kept:
            self._deadline = time.monotonic() + self._max_seconds

    @property
    def num_terms(self) -> int:
        return self._whole.num_terms

    @property
    def bytes_used(self) -> int:
        return self._whole.bytes_used

    def characters(self, ranges: Ranges) -> Term:
        with self as whole:
            return whole.characters(ranges)

    def octets(self, ranges: Ranges) -> Term:
        with self as whole:
            return whole.octets(ranges)

    def choice(self, texts: Iterable[bytes]) -> Term:
        table = list(texts)
        with self as whole:
            self.charge(sum(map(len, table)))
            return whole.choice(table)

    def substrings(self, text: bytes, marks: bytes, least: int) -> Term:
        with self as whole:
            self.charge(PLACE_BYTES * len(marks))
            return whole.substrings(text, marks, least)

    def concat(self, parts: Iterable[Term]) -> Term:
        with self as whole:
            return whole.concat(parts)

    def alternate(self, parts: Iterable[Term]) -> Term:
        with self as whole:
            return whole.alternate(parts)

    def intersect(self, parts: Iterable[Term]) -> Term:
        with self as whole:
            return whole.intersect(parts)

    def complement(self, term: Term) -> Term:
        with self as whole:
            return whole.complement(term)

    def repeat(self, term: Term, low: int, high: int | None) -> Term:
        with self as whole:
            return whole.repeat(term, low, high)

    def rule(self) -> Term:
        with self as whole:
            return whole.rule()

    def define(self, rule: Term, body: Term) -> None:
        with self as whole:
            whole.define(rule, body)

    def deferred(self, read: Callable[[], Term], at_most: int | None = None, like: Term | None = None) -> Term:
        with self as whole:
            return whole.deferred(read, at_most, like)

    def watched(self, term: Term) -> Term:
        with self as whole:
            return whole.watched(term)

    def is_watched(self, term: Term) -> bool:
        return self._whole.is_watched(term)

    def taken_apart(self, term: Term) -> tuple[tuple[Term, ...], Term]:
        return self._whole.taken_apart(term)

    def intersected(self, term: Term) -> tuple[Term, ...]:
        return self._whole.intersected(term)

    def can_end(self, term: Term) -> bool:
        return self._whole.can_end(term)

    def derive(self, term: Term, byte: int) -> Term:
        known = self._whole.derived(term, byte)
        return self._reading(lambda whole: whole.derive(term, byte)) if known is None else known

    def after(self, term: Term, text: bytes) -> Term:
        for byte in text:
            term = self.derive(term, byte)
        return term

    def is_live(self, term: Term) -> bool:
        known = self._whole.known_live(term)
        return self._reading(lambda whole: whole.is_live(term)) if known is None else known

    def distance(self, term: Term) -> int | None:
        return self._reading(lambda whole: whole.distance(term))

    def at_most(self, term: Term) -> int | None:
        with self as whole:
            return whole.at_most(term)

    def shortest(self, term: Term, num_bytes: int | None = None) -> bytes:
        return self._reading(lambda whole: whole.shortest(term, num_bytes))

    def _reading(self, ask: Callable[[_Whole], Answer]) -> Answer:
        """Ask under the lock, again and again until all that is deferred on the way was read."""
        while True:
            try:
                with self as whole:
                    return ask(whole)
            except _Unread as missing:
                deferred = missing.deferred
            read = self._whole.read_of(deferred)
            if read is not None:  # else another thread was faster
                body = read()
                with self as whole:
                    whole.keep(deferred, body)


class _Unread(Exception):
    """A derivative needs this term, which is deferred and was not read yet."""

    def __init__(self, deferred: Term) -> None:
        self.deferred = deferred


class _Whole(ReferenceAlgebra):
    """What all accounts have in common. `payer` is set while the lock is held."""

    def __init__(self, max_bytes: int, max_steps: int) -> None:
        self.lock = RLock()
        self.max_bytes = max_bytes
        self.payer: SharedAlgebra | None = None
        super().__init__(max_bytes // TERM_BYTES, max_steps)

    def derived(self, term: Term, byte: int) -> Term | None:
        return self._derivatives.get((term, byte))

    def known_live(self, term: Term) -> bool | None:
        return self._live.get(term)

    def read_of(self, deferred: Term) -> Callable[[], Term] | None:
        return self._reads.get(deferred)

    def keep(self, deferred: Term, body: Term) -> None:
        self._keep_body(deferred, body)

    def _body_of(self, deferred: Term) -> Term:
        if deferred in self._reads:
            raise _Unread(deferred)
        return self._bodies[deferred]

    def _derivative(self, term: Term, byte: int) -> Term:
        known = self.derived(term, byte)
        if known is None:
            self._charge(DERIVATIVE_BYTES)
            known = super()._derivative(term, byte)
        return known

    def _number(self, *term: Any) -> Term:
        before = self.num_terms
        number = super()._number(*term)
        if number == before:
            places = term[-1] if term[0] == "substrings" else ()
            self._charge(TERM_BYTES + PLACE_BYTES * len(places))
        return number

    def _charge(self, num_bytes: int) -> None:
        if self.payer is not None:
            self.payer.charge(num_bytes)


def _amount(num_bytes: int) -> str:
    return f"{num_bytes >> 20} MB" if num_bytes >= 1 << 20 else f"{num_bytes} bytes"
