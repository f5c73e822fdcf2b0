"""Inhabited: whether any value meets a demand.

A least fixed point over demands that refer to each other: what is found to have a value stays found; what was not
found while a demand above it was still open is asked again later. It looks at what is required and no further.
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
        self._reached = 0
        """The outermost open demand that was taken for empty, by its depth, since it was last looked at."""

    def __call__(self, demand: Demand) -> bool:
        if not demand or demand == NOTHING:
            return not demand
        known = self._known.get(demand)
        if known is not None:
            return known
        depth = self._open.get(demand)
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
        depth = len(self._open)
        outside, self._reached = self._reached, depth
        self._open[demand] = depth
        try:
            found = self._has_any(self._shape_of(demand))
        finally:
            del self._open[demand]
        if found or self._reached >= depth:  # nothing above it was taken for empty: the answer is final
            self._known[demand] = found
        self._reached = min(outside, self._reached)
        return found

    def _has_any(self, shape: Shape) -> bool:
        return (
            bool(shape.literals)
            or shape.numbers != EMPTY
            or shape.strings != EMPTY
            or any(map(self._has_arrays, shape.arrays))
            or any(map(self._has_objects, shape.objects))
        )
