"""Inhabited: whether any value meets a demand.

A least fixed point over demands that refer to each other: what is found to have a value stays found; what was not
found while a demand above it was still open counts as empty until one of those it hung on is found to have a value.
So each is looked at a bounded number of times. It looks at what is required and no further.
"""

from __future__ import annotations

from collections.abc import Callable

from llmpost.automata.algebra import EMPTY
from llmpost.constraints.json_schema.shapes.claim import NOTHING, Demand
from llmpost.constraints.json_schema.shapes.shape import ArrayCase, ObjectCase, Shape


class Inhabited:
    """Remembers what was found out."""

    def __init__(
        self,
        shape_of: Callable[[Demand], Shape],
        has_objects: Callable[[ObjectCase], bool],
        has_arrays: Callable[[ArrayCase], bool],
    ) -> None:
        self._shape_of = shape_of
        self._has_objects = has_objects
        self._has_arrays = has_arrays
        self._known: dict[Demand, bool] = {}
        self._open: dict[Demand, int] = {}
        self._not_yet: dict[Demand, int] = {}
        """Not found so far, and the outermost open demand that this hangs on; in the order of the searches."""
        self._reached = 0
        """The outermost open demand that was taken for empty, by its depth, since it was last looked at."""

    def __call__(self, demand: Demand) -> bool:
        if not demand or demand == NOTHING:
            return not demand
        known = self._known.get(demand)
        if known is not None:
            return known
        depth = self._open.get(demand, self._not_yet.get(demand))
        if depth is not None:
            self._reached = min(self._reached, depth)
            return False
        return self._search(demand)

    def surely_not(self, ask: Callable[[], bool]) -> bool:
        """Whether the answer is no, and would be whatever comes of the demands that are still open.

        For whoever builds on an emptiness for good while a search for it is under way.
        """
        depth = len(self._open)
        outside, self._reached = self._reached, depth
        is_no = not ask() and self._reached >= depth
        self._reached = min(outside, self._reached)
        return is_no

    def _search(self, demand: Demand) -> bool:
        depth, num_not_yet = len(self._open), len(self._not_yet)
        outside, self._reached = self._reached, depth
        self._open[demand] = depth
        found = False
        try:
            found = self._has_any(self._shape_of(demand))
            self._settle(demand, found, num_not_yet)
        except BaseException:
            self._take_back(num_not_yet)
            raise
        finally:
            del self._open[demand]
        self._reached = min(outside, self._reached)
        return found

    def _settle(self, demand: Demand, found: bool, num_not_yet: int) -> None:
        """Keep what this search has shown of the demand, and of those that were looked at on the way."""
        hangs_on, is_final = self._reached, self._reached >= self._open[demand]
        on_the_way = self._take_back(num_not_yet)
        if found or is_final:  # nothing above it was taken for empty
            self._known[demand] = found
            self._known.update(dict.fromkeys([] if found else on_the_way, False))
        else:
            self._not_yet.update(dict.fromkeys([*on_the_way, demand], hangs_on))

    def _take_back(self, num_not_yet: int) -> list[Demand]:
        """All but the first of those not found so far."""
        taken = [self._not_yet.popitem()[0] for _ in range(len(self._not_yet) - num_not_yet)]
        return taken[::-1]

    def _has_any(self, shape: Shape) -> bool:
        return (
            bool(shape.literals)
            or shape.numbers != EMPTY
            or shape.strings != EMPTY
            or any(map(self._has_arrays, shape.arrays))
            or any(map(self._has_objects, shape.objects))
        )
