"""The reference algebra, made fit for several threads: the fallback where the compiled algebra is not there.

It adds one lock and no meaning. What was derived before is read without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import RLock

from llmpost.automata.algebra import Ranges, ReferenceAlgebra, Term


class SharedAlgebra(ReferenceAlgebra):
    """A `ReferenceAlgebra` whose members may be called from several threads at once."""

    def __init__(self, max_terms: int = 1_000_000, max_steps: int = 1_000_000) -> None:
        self._lock = RLock()
        super().__init__(max_terms, max_steps)

    def characters(self, ranges: Ranges) -> Term:
        with self._lock:
            return super().characters(ranges)

    def octets(self, ranges: Ranges) -> Term:
        with self._lock:
            return super().octets(ranges)

    def choice(self, texts: Iterable[bytes]) -> Term:
        with self._lock:
            return super().choice(texts)

    def concat(self, parts: Iterable[Term]) -> Term:
        with self._lock:
            return super().concat(parts)

    def alternate(self, parts: Iterable[Term]) -> Term:
        with self._lock:
            return super().alternate(parts)

    def intersect(self, parts: Iterable[Term]) -> Term:
        with self._lock:
            return super().intersect(parts)

    def complement(self, term: Term) -> Term:
        with self._lock:
            return super().complement(term)

    def repeat(self, term: Term, low: int, high: int | None) -> Term:
        with self._lock:
            return super().repeat(term, low, high)

    def rule(self) -> Term:
        with self._lock:
            return super().rule()

    def define(self, rule: Term, body: Term) -> None:
        with self._lock:
            super().define(rule, body)

    def derive(self, term: Term, byte: int) -> Term:
        known = self._derivatives.get((term, byte))
        if known is None:
            with self._lock:
                known = super().derive(term, byte)
        return known

    def is_live(self, term: Term) -> bool:
        known = self._live.get(term)
        if known is None:
            with self._lock:
                known = super().is_live(term)
        return known
