"""ScalarSet: the Boolean algebra of one kind of scalars, as terms, without intersecting where that can be seen.

An intersection costs a walk more than any other term, so what is known to be everything, or a few given values, is
not intersected but answered. How strings and numbers are spelled is the business of `strings` and `numbers`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from llmpost.automata.algebra import EMPTY, Algebra, Term

MANY = 1000
"""A set of so many given values is intersected like any other."""


class ScalarSet:
    """The Boolean algebra of one kind of scalars; `whole` is all of them. Dead terms come out as EMPTY."""

    def __init__(self, algebra: Algebra, whole: Term, intersect: Callable[[Term, Term], Term] | None = None) -> None:
        self._algebra = algebra
        self._intersect = intersect or (lambda one, other: algebra.intersect([one, other]))
        self.whole = whole
        self._few: dict[Term, tuple[Mapping[bytes, object], Callable[[list[object]], Term]]] = {}

    def few(self, spelled: Mapping[bytes, object], made: Callable[[list[object]], Term]) -> Term:
        """Given values, each by one of its spellings, and how a set of some of them is made."""
        if not spelled:
            return EMPTY
        term = made(list(spelled.values()))
        if len(spelled) <= MANY:
            self._few[term] = (spelled, made)
        return term

    def given(self, term: Term) -> Collection[object] | None:
        """The values of a set that was given by its values, if they are not many."""
        found = self._few.get(term)
        return None if found is None else found[0].values()

    def has(self, term: Term, spelled: bytes) -> bool:
        """Whether a value is in the set, by one of its spellings."""
        return self._algebra.can_end(self._algebra.after(term, spelled))

    def either(self, one: Term, other: Term) -> Term:
        return self.whole if self.whole in (one, other) else self._algebra.alternate([one, other])

    def both(self, one: Term, other: Term) -> Term:
        if one == other or other == self.whole:
            return one
        if one == self.whole or EMPTY in (one, other):
            return other if one == self.whole else EMPTY
        for term, rest in ((one, other), (other, one)):
            if term in self._few:
                spelled, made = self._few[term]
                return self.few({text: value for text, value in spelled.items() if self.has(rest, text)}, made)
        return self._both(one, other)

    def other(self, term: Term) -> Term:
        """All scalars of the kind that are not in it."""
        if term in (EMPTY, self.whole):
            return self.whole if term == EMPTY else EMPTY
        return self.live(self._algebra.intersect([self.whole, self._algebra.complement(term)]))

    def _both(self, one: Term, other: Term) -> Term:
        return self.live(self._intersect(one, other))

    def live(self, term: Term) -> Term:
        """The term, or EMPTY where no text is in it."""
        return term if self._algebra.is_live(term) else EMPTY
