"""Objects: what may come next in an object, member by member.

A state is what has been written as far as it matters: how far the listed keys have come, which of the others that
have a name are there, how many members, which breaches are still to come. Each state is one deferred term.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llmpost.automata.algebra import EMPTY, Term
from llmpost.constraints.json_schema.document.sizes import size_of_member
from llmpost.constraints.json_schema.shapes.ahead import ObjectAhead
from llmpost.constraints.json_schema.shapes.claim import NOTHING, Demand, both, denied, either
from llmpost.constraints.json_schema.shapes.members import Entry, KeyClass, Members
from llmpost.constraints.json_schema.shapes.shape import Breach
from llmpost.constraints.json_schema.writing.parts import Parts


@dataclass(frozen=True, slots=True)
class _Written:
    """What has been written of an object, as far as it matters."""

    place: int = 0
    """Listed entries before this one are written, or can come no more."""
    others: frozenset[int] = frozenset()
    """Entries without a place that are written."""
    count: int = 0
    """Of members; where a count beyond is as good, no more than that."""
    breaches: tuple[Breach, ...] = ()
    """What is left of those that were not committed yet."""


class ObjectWriter:
    """Writes the objects of one case at one depth."""

    def __init__(self, parts: Parts, members: Members, depth: int) -> None:
        self._parts = parts
        self._algebra = parts.algebra
        self._members = members
        self._depth = depth
        self._inside = parts.layout.inside(depth)
        self._ahead: ObjectAhead = parts.meaning.ahead_of_object(members)
        is_ordered = parts.settings.key_order == "schema"
        self._listed = tuple(entry for entry in members.entries if entry.place is not None and is_ordered)
        self._others = tuple(entry for entry in members.entries if entry.place is None or not is_ordered)
        self._free = frozenset(entry.name for entry in self._others)
        counted = [members.least, *(breach.fewer_than for breach in members.breaches)]
        counted += [breach.more_than + 1 for breach in members.breaches if breach.more_than is not None]
        self._enough = max(counted)
        """Members beyond which more make no difference, where there is no upper bound."""
        self._counts = self._enough > 0 or members.most is not None
        self._is_simple = not self._counts and not members.breaches
        self._after: dict[_Written, Term] = {}
        self._simple: dict[int, Term] = {}
        self._keys: dict[Term, list[tuple[KeyClass, Term]]] = {}

    def term(self) -> Term:
        """All texts of all objects."""
        layout, start = self._parts.layout, _Written(breaches=self._members.breaches)
        ways = [layout.empty("{}")] if self._can_end(start) else []
        ways += self._next_members(start, layout.opened(self._depth))
        return self._algebra.concat([layout.text("{"), self._algebra.alternate(ways)])

    def _rest(self, written: _Written) -> Term:
        """What may follow a member."""
        known = self._after.get(written)
        if known is None:
            size = self._size_of_rest(written)
            known = self._parts.deferred(lambda: self._rest_now(written), size, self._in_one_order(written, size))
            self._after[written] = known
        return known

    def _in_one_order(self, written: _Written, size: int | None) -> Term | None:
        """What is required and missing, in one of the orders in which it may come: as short as the rest. Of several
        members without a place the rest is a state for each subset, and nobody wants to look at all of them. It is read
        where somebody asks how long that is: a thousand keys that may come next would be a million members."""
        missing = [entry for entry in self._left(written) if entry.is_required]
        if not self._is_simple or sum(entry.name in self._free for entry in missing) < 2:
            return None
        return self._parts.deferred(lambda: self._in_order(missing), size)

    def _in_order(self, missing: Sequence[Entry]) -> Term:
        lead = [self._parts.layout.comma(self._depth), self._parts.quote]
        members = (
            [*lead, self._parts.name(entry.name), self._parts.value(entry.demand, self._inside)] for entry in missing
        )
        parts = [part for member in members for part in member]
        return self._algebra.concat([*parts, self._parts.layout.closed("}", self._depth)])

    def _size_of_rest(self, written: _Written) -> int | None:
        """Bytes that are enough for the members that are still required; None where that is not seen at a glance."""
        if self._members.least or self._members.breaches:
            return None
        total = 1
        for entry in self._left(written):
            if entry.is_required:
                size = self._parts.size_of(entry.demand)
                if size is None:
                    return None
                total += size_of_member(entry.name, size)
        return total

    def _rest_now(self, written: _Written) -> Term:
        layout = self._parts.layout
        ways = [layout.closed("}", self._depth)] if self._can_end(written) else []
        ways += self._next_members(written, layout.comma(self._depth))
        return self._algebra.alternate(ways)

    def _next_members(self, written: _Written, lead: Term) -> list[Term]:
        """The members that may come next, each with all that may follow; `lead` stands before each."""
        algebra = self._algebra
        begun = algebra.concat([lead, self._parts.quote])
        ways = [algebra.concat([begun, algebra.alternate(self._next_entries(written))])]
        for one, key in self._class_keys(begun):
            ways.append(algebra.concat([key, self._follows(one, one.demand, self._counted(written))]))
        return ways

    def _class_keys(self, begun: Term) -> list[tuple[KeyClass, Term]]:
        """Of each class of keys, all that stands before a value; `begun` ends with the first quotation mark."""
        known = self._keys.get(begun)
        if known is None:
            algebra, parts = self._algebra, self._parts
            known = self._keys[begun] = [
                (one, algebra.concat([algebra.watched(begun), one.keys, parts.quote, parts.layout.colon]))
                for one in self._members.classes
            ]
        return known

    def _next_entries(self, written: _Written) -> Iterator[Term]:
        """By name, from behind the first quotation mark."""
        for place in range(written.place, len(self._listed)):
            entry = self._listed[place]
            if self._is_simple and not self._others:
                yield self._simple_entry(place)
            else:
                yield self._entry(entry, replace(self._counted(written), place=place + 1))
            if entry.is_required:
                break
        for place, entry in enumerate(self._others):
            if place not in written.others:
                yield self._entry(entry, replace(self._counted(written), others=written.others | {place}))

    def _simple_entry(self, place: int) -> Term:
        """The same wherever the object stands: nothing but the place is remembered."""
        known = self._simple.get(place)
        if known is None:
            known = self._simple[place] = self._entry(self._listed[place], _Written(place=place + 1))
        return known

    def _entry(self, entry: Entry, after: _Written) -> Term:
        return self._algebra.concat([self._parts.name(entry.name), self._follows(entry, entry.demand, after)])

    def _follows(self, member: Entry | KeyClass, demand: Demand, after: _Written) -> Term:
        """The value of a member and what may follow."""
        if self._is_simple:
            return self._algebra.concat([self._parts.value(demand, self._inside), self._rest(after)])
        ways = self._ways_on(member, demand, after)
        if not after.breaches:
            return self._algebra.alternate(ways)
        if next(ways, None) is None:
            return EMPTY
        return self._parts.deferred(lambda: self._algebra.alternate(self._ways_on(member, demand, after)))

    def _ways_on(self, member: Entry | KeyClass, demand: Demand, after: _Written) -> Iterator[Term]:
        """The same, for each choice of breaches that the member is."""
        for asked, left in self._choices(member, demand, after.breaches):
            written = replace(after, breaches=left) if left != after.breaches else after
            if self._is_open(written):
                yield self._algebra.concat([self._parts.value(asked, self._inside), self._rest(written)])

    def _choices(
        self, member: Entry | KeyClass, demand: Demand, breaches: tuple[Breach, ...]
    ) -> Iterator[tuple[Demand, tuple[Breach, ...]]]:
        """What the value has to meet, and which breaches are still to come after it. Some value meets it."""
        if not breaches:
            yield demand, ()
            return
        first = breaches[0].without(member.name) if isinstance(member, Entry) else breaches[0]
        breaking = either(self._ahead.asked(first, member))
        is_inhabited = self._parts.meaning.is_inhabited
        for asked, left in self._choices(member, demand, breaches[1:]):
            if breaking == NOTHING:
                yield asked, (first, *left)
                continue
            if is_inhabited(broken := both([asked, breaking])):
                yield broken, left
            if is_inhabited(kept := both([asked, denied(breaking)])):
                yield kept, (first, *left)

    def _counted(self, written: _Written) -> _Written:
        if not self._counts:
            return written
        count, most = written.count + 1, self._members.most
        return replace(written, count=min(count, self._enough) if most is None else count)

    def _left(self, written: _Written) -> list[Entry]:
        others = (entry for place, entry in enumerate(self._others) if place not in written.others)
        return [*self._listed[written.place :], *others]

    def _can_end(self, written: _Written) -> bool:
        return self._ahead.can_end(self._left(written), written.count, written.breaches)

    def _is_open(self, written: _Written) -> bool:
        return self._ahead.is_open(self._left(written), written.count, written.breaches)
