"""NumberSet: the Boolean algebra of sets of numbers, kept by what they hold wherever that can be said.

A set is a term, and beside it its spans; sets are combined by their spans, and the term of what comes out is written
anew. What has no spans, a set of spellings or of very many pieces, is combined as a term. It knows no keyword.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.json_schema.numbers.interval import Interval, digits_and_place
from llmpost.constraints.json_schema.numbers.numbers import MAX_STEP_DIGITS, Numbers
from llmpost.constraints.json_schema.shapes import spans
from llmpost.constraints.json_schema.shapes.scalar_set import MANY, ScalarSet
from llmpost.constraints.json_schema.shapes.spans import Span, Spans


class NumberSet(ScalarSet):
    """Its terms hold every spelling of each of their values."""

    def __init__(self, algebra: Algebra, numbers: Numbers) -> None:
        super().__init__(algebra, numbers.any(), numbers.both)
        self._numbers = numbers
        self._spans: dict[Term, Spans] = {self.whole: spans.EVERYTHING}
        self._terms: dict[Span, Term] = {}

    def within(self, interval: Interval) -> Term:
        """All numbers of an interval."""
        term = self._numbers.within(interval)
        self._spans.setdefault(term, (Span(interval),) if term != EMPTY else ())
        return term

    def exactly(self, values: Iterable[Decimal]) -> Term:
        """These values."""
        spelled = {str(value).lower().encode(): value for value in values}
        return self.few(spelled, lambda some: self._numbers.exactly(map(Decimal, map(str, some))))

    def either(self, one: Term, other: Term) -> Term:
        term = super().either(one, other)
        known = self._held_by(one), self._held_by(other)
        if term not in self._spans and known[0] is not None and known[1] is not None:
            self._keep(term, spans.either(known[0], known[1]))
        return term

    def other(self, term: Term) -> Term:
        few = self.values_of(term)
        if few is not None:
            return self._made_of((Span(values=frozenset(few)),))
        held = self._held_by(term)
        found = None if held is None else spans.other(held)
        return super().other(term) if found is None or not _can_be_written(found) else self._made_of(found)

    def _both(self, one: Term, other: Term) -> Term:
        held = self._held_by(one), self._held_by(other)
        found = None if held[0] is None or held[1] is None else spans.both(held[0], held[1])
        return super()._both(one, other) if found is None or not _can_be_written(found) else self._made_of(found)

    def _made_of(self, found: Spans) -> Term:
        term = self._algebra.alternate([self._term_of(span) for span in found])
        self._keep(term, found)
        return term

    def _term_of(self, span: Span) -> Term:
        known = self._terms.get(span)
        if known is None:
            known = self._terms[span] = self._written(span)
        return known

    def _written(self, span: Span) -> Term:
        if not span.steps and not span.values:
            return self._numbers.within(span.interval)
        few = span.interval.few(MANY)
        if few is not None:
            return self._numbers.exactly(value for value in few if span.has(value))
        parts = [self._numbers.within(Interval(step=step)) for step in sorted(span.steps)]
        if span.values:
            parts.append(self._numbers.exactly(sorted(span.values)))
        without = (self._algebra.complement(part) for part in parts)
        return self._algebra.intersect([self._numbers.within(span.interval), *without])

    def _held_by(self, term: Term) -> Spans | None:
        held = self._spans.get(term)
        if held is None:
            few = self.values_of(term)
            if few is not None and len(few) <= spans.MAX_SPANS:
                held = self._spans[term] = spans.of_values(few)
        return held

    def magnitude(self, term: Term) -> Decimal | None:
        """What no number of a set is further from zero than, if there is such a bound."""
        held = self._held_by(term)
        bounds = [(span.interval.low, span.interval.high) for span in held or ()]
        ends = [bound for both in bounds for bound in both]
        if held is None or None in ends:
            return None
        return max((abs(bound.value) for bound in ends if bound is not None), default=Decimal(0))

    def values_of(self, term: Term) -> list[Decimal] | None:
        """The values of a set that was given by its values, if they are not many."""
        given = self.given(term)
        return None if given is None else [Decimal(str(value)) for value in given]

    def _keep(self, term: Term, found: Spans | None) -> None:
        if found is not None:
            self._spans.setdefault(term, found)


def _can_be_written(found: Spans) -> bool:
    steps = (span.interval.step for span in found)
    return all(step is None or len(digits_and_place(step)[0]) <= MAX_STEP_DIGITS for step in steps)
