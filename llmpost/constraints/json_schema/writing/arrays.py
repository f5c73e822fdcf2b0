"""Arrays: what may come next in an array, item by item.

Without `contains` the items behind the prefix are one counted loop, however many there may be. With it a state is how
many items are there and how many of them met each containment, and each state is one deferred term.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from llmpost.automata.algebra import Term
from llmpost.constraints.json_schema.memory import watched_item
from llmpost.constraints.json_schema.shapes.ahead import ArrayAhead
from llmpost.constraints.json_schema.shapes.claim import Demand, both, denied
from llmpost.constraints.json_schema.shapes.shape import ArrayCase
from llmpost.constraints.json_schema.writing.parts import Parts

_Counts: TypeAlias = tuple[int, ...]


def array_term(parts: Parts, case: ArrayCase, depth: int) -> Term:
    """All texts of all arrays of a case that has any."""
    return ArrayWriter(parts, case, depth).term()


class ArrayWriter:
    """Writes the arrays of one case at one depth."""

    def __init__(self, parts: Parts, case: ArrayCase, depth: int) -> None:
        self._parts = parts
        self._algebra = parts.algebra
        self._case = case
        self._depth = depth
        self._inside = parts.layout.inside(depth)
        self._ahead: ArrayAhead = parts.meaning.ahead_of_array(case)
        self._after: dict[tuple[int, _Counts], Term] = {}

    def term(self) -> Term:
        layout, counts = self._parts.layout, (0,) * len(self._case.containments)
        if not self._case.is_unique:
            return self._algebra.concat([layout.text("["), self._opened(counts)])
        opened = self._parts.deferred(lambda: self._opened(counts))  # to watch an item is to read it
        return self._algebra.concat([layout.text("["), opened])

    def _opened(self, counts: _Counts) -> Term:
        layout = self._parts.layout
        ways = [layout.empty("[]")] if self._ahead.can_end(0, counts) else []
        ways += self._next_items(0, counts, layout.opened(self._depth))
        return self._algebra.alternate(ways)

    def _next_items(self, index: int, counts: _Counts, lead: Term) -> Iterator[Term]:
        """One item, for each choice of containments that it meets, and what may follow."""
        if self._ahead.most is not None and index >= self._ahead.most:
            return
        for demand, after in self._choices(index, counts, 0):
            if self._ahead.is_open(index + 1, after) and self._parts.meaning.is_inhabited(demand):
                yield self._algebra.concat([self._item(lead, demand), self._rest(index + 1, after)])

    def _item(self, lead: Term, demand: Demand) -> Term:
        item = self._parts.value(demand, self._inside)
        return watched_item(self._algebra, lead, item) if self._case.is_unique else self._algebra.concat([lead, item])

    def _rest(self, index: int, counts: _Counts) -> Term:
        """What may follow so many items."""
        key = index, counts
        known = self._after.get(key)
        if known is None:
            is_loop = index >= len(self._case.prefix) and not self._counting(counts)
            make = self._loop if is_loop else self._rest_now
            known = self._after[key] = self._parts.deferred(
                lambda: make(index, counts), self._size_of_rest(index, counts)
            )
        return known

    def _size_of_rest(self, index: int, counts: _Counts) -> int | None:
        """Bytes that are enough for the items that are still missing; None where that is not seen at a glance."""
        if self._counting(counts):
            return None
        first, missing = self._case.prefix[index : self._case.least], max(self._case.least - index, 0)
        sizes = [self._parts.size_of(demand) for demand in first]
        others = missing - len(first)
        each = self._parts.size_of(self._case.rest) if others else 0
        if None in sizes or each is None:
            return None
        return sum(size for size in sizes if size is not None) + others * each + missing + 1

    def _rest_now(self, index: int, counts: _Counts) -> Term:
        layout = self._parts.layout
        ways = [layout.closed("]", self._depth)] if self._ahead.can_end(index, counts) else []
        ways += self._next_items(index, counts, layout.comma(self._depth))
        return self._algebra.alternate(ways)

    def _loop(self, index: int, counts: _Counts) -> Term:
        """All that is left is a number of items that are alike."""
        layout, most = self._parts.layout, self._ahead.most
        closed = layout.closed("]", self._depth)
        if most is not None and index >= most:
            return closed
        item = self._item(layout.comma(self._depth), self._case.rest)
        loop = self._algebra.repeat(item, max(self._case.least - index, 0), None if most is None else most - index)
        return self._algebra.concat([loop, closed])

    def _counting(self, counts: _Counts) -> bool:
        """Whether items still make a difference to a containment."""
        return any(
            one.most is not None or counts[place] < one.least for place, one in enumerate(self._case.containments)
        )

    def _choices(self, index: int, counts: _Counts, place: int) -> Iterator[tuple[Demand, _Counts]]:
        """What the item is to meet, and the counts after it."""
        if place == len(self._case.containments):
            yield self._case.item(index), counts
            return
        one = self._case.containments[place]
        if index < one.start or (one.most is None and counts[place] >= one.least):
            yield from self._choices(index, counts, place + 1)
            return
        more = (*counts[:place], counts[place] + 1, *counts[place + 1 :])
        for demand, after in self._choices(index, more, place + 1):
            yield both([demand, one.demand]), after
        for demand, after in self._choices(index, counts, place + 1):
            yield both([demand, denied(one.demand)]), after
