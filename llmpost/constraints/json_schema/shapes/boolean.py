"""Boolean: shapes combined: all of them, any of them, and what a shape is not; each kind for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from llmpost.constraints.json_schema.shapes.case_sets import CaseSet
from llmpost.constraints.json_schema.shapes.cases import both_arrays, both_objects, other_arrays, other_objects
from llmpost.constraints.json_schema.shapes.scalars import Scalars
from llmpost.constraints.json_schema.shapes.shape import LITERALS, NO_VALUE, ArrayCase, ObjectCase, Shape


class Boolean:
    """and, or, not of shapes over one algebra."""

    def __init__(
        self,
        scalars: Scalars,
        may_have_arrays: Callable[[ArrayCase], bool],
        may_have_objects: Callable[[ObjectCase], bool],
    ) -> None:
        self._numbers, self._strings = scalars.numbers, scalars.strings
        self._arrays = CaseSet(ArrayCase(), both_arrays, other_arrays, may_have_arrays)
        self._objects = CaseSet(ObjectCase(), both_objects, other_objects, may_have_objects)
        self.any = Shape(LITERALS, self._numbers.whole, self._strings.whole, self._arrays.whole, self._objects.whole)

    def either(self, shapes: Iterable[Shape]) -> Shape:
        return reduce(self._either, shapes, NO_VALUE)

    def both(self, one: Shape, other: Shape) -> Shape:
        if one is self.any or other is self.any:
            return other if one is self.any else one
        return Shape(
            one.literals & other.literals,
            self._numbers.both(one.numbers, other.numbers),
            self._strings.both(one.strings, other.strings),
            self._arrays.both(one.arrays, other.arrays),
            self._objects.both(one.objects, other.objects),
        )

    def other(self, shape: Shape) -> Shape:
        """All values that the shape has not."""
        return Shape(
            LITERALS - shape.literals,
            self._numbers.other(shape.numbers),
            self._strings.other(shape.strings),
            self._arrays.other(shape.arrays),
            self._objects.other(shape.objects),
        )

    def alive(self, shape: Shape) -> Shape:
        """The same without cases that surely no value is of."""
        return shape.only(arrays=self._arrays.alive(shape.arrays), objects=self._objects.alive(shape.objects))

    def _either(self, one: Shape, other: Shape) -> Shape:
        return Shape(
            one.literals | other.literals,
            self._numbers.either(one.numbers, other.numbers),
            self._strings.either(one.strings, other.strings),
            self._arrays.either(one.arrays, other.arrays),
            self._objects.either(one.objects, other.objects),
        )
