"""Values: the term of all texts of all values that meet a demand.

Scalars are written at once, so that equal ones are equal terms and share their masks; containers when a text first
reaches them. Who asks has made sure that there is any value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from threading import RLock

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.json_schema.document.node import Node
from llmpost.constraints.json_schema.document.pointers import fault_at
from llmpost.constraints.json_schema.settings import Settings
from llmpost.constraints.json_schema.shapes.case_sets import TooManyCases
from llmpost.constraints.json_schema.shapes.claim import Demand
from llmpost.constraints.json_schema.shapes.meaning import Meaning
from llmpost.constraints.json_schema.shapes.shape import ArrayCase, ObjectCase, Shape
from llmpost.constraints.json_schema.writing.arrays import array_term
from llmpost.constraints.json_schema.writing.layout import Layout
from llmpost.constraints.json_schema.writing.objects import ObjectWriter
from llmpost.errors import ConstraintError

FOLLOWED = "one that can be followed"
"""What is allowed instead of what cannot be enforced."""

_CONTAINERS = frozenset({"array", "object"})
_HOLDERS = (Mapping, list, tuple)


class Writer:
    """Writes demands of one document into one algebra."""

    def __init__(self, algebra: Algebra, meaning: Meaning, settings: Settings) -> None:
        self.algebra = algebra
        self.meaning = meaning
        self.settings = settings
        self.layout = Layout(algebra, settings.whitespace)
        self.quote = self.layout.text('"')
        self._values: dict[tuple[Demand, int], Term] = {}
        self._names: dict[str, Term] = {}
        self._lock = RLock()

    def root(self, demand: Demand) -> Term:
        """All texts of all values that meet a demand; EMPTY where there are none."""
        with following():
            return self.value(demand) if self.meaning.is_inhabited(demand) else EMPTY

    def value(self, demand: Demand, depth: int = 0) -> Term:
        """A whole value at this depth."""
        known = self._values.get((demand, depth))
        if known is None:
            with self._lock:
                is_wide = _may_hold_others(demand)
                read = partial(self._read, demand, depth)
                known = self.deferred(read, self.size_of(demand)) if is_wide else read()
                self._values[demand, depth] = known
        return known

    def size_of(self, demand: Demand) -> int | None:
        """Bytes that are enough for a value; None where that is not seen at a glance, or every line is indented."""
        return None if isinstance(self.settings.whitespace, int) else self.meaning.size_of(demand)

    def deferred(self, read: Callable[[], Term], at_most: int | None = None, like: Term | None = None) -> Term:
        """A term that is read when a text comes to it, by one thread at a time: meanings are found out step by step."""

        def read_alone() -> Term:
            with self._lock, following():
                return read()

        return self.algebra.deferred(read_alone, at_most, like)

    def name(self, name: str) -> Term:
        """A key, from behind its first quotation mark to where its value begins."""
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = self.algebra.concat([self.meaning.key(name), self.quote, self.layout.colon])
        return known

    def _read(self, demand: Demand, depth: int) -> Term:
        shape = self.meaning.clean_shape(demand)
        if any(case.has_twins and self.meaning.has_arrays(case) for case in shape.arrays):
            given, hint = (
                "a schema that wants two items to be equal",
                "Deny 'uniqueItems' by no 'not', 'if' or 'oneOf'.",
            )
            raise fault_at(_pointer_of(demand), given, FOLLOWED, hint)
        return self._written(shape, depth)

    def _written(self, shape: Shape, depth: int) -> Term:
        algebra = self.algebra
        parts = [algebra.choice([name.encode() for name in shape.literals])] if shape.literals else []
        parts.append(shape.numbers)
        if shape.strings != EMPTY:
            parts.append(algebra.concat([self.quote, shape.strings, self.quote]))
        parts += [self._array(case, depth) for case in shape.arrays]
        parts += [self._object(case, depth) for case in shape.objects]
        return algebra.alternate(parts)

    def _array(self, case: ArrayCase, depth: int) -> Term:
        return array_term(self, case, depth) if self.meaning.has_arrays(case) else EMPTY

    def _object(self, case: ObjectCase, depth: int) -> Term:
        members = self.meaning.members(case)
        return EMPTY if members is None else ObjectWriter(self, members, depth).term()


@contextmanager
def following() -> Iterator[None]:
    """An error for what cannot be followed: it is nested too deeply, or combined too often."""
    try:
        yield
    except RecursionError:
        given, hint = "a schema whose conditions are nested so deeply", "Nest allOf, anyOf, oneOf, not and if less."
        raise ConstraintError("json_schema", given, FOLLOWED, hint) from None
    except TooManyCases:
        given, hint = "a schema that falls into too many cases", "Combine fewer of anyOf, oneOf, not and contains."
        raise ConstraintError("json_schema", given, FOLLOWED, hint) from None


def _pointer_of(demand: Demand) -> str:
    """Where the first of its schemas stands."""
    return next((claim.of.pointer for claim in demand if isinstance(claim.of, Node)), "")


def _may_hold_others(demand: Demand) -> bool:
    """Whether arrays or objects may be among the values; a quick look."""
    return not any(claim.holds and isinstance(claim.of, Node) and _is_scalar(claim.of) for claim in demand)


def _is_scalar(node: Node) -> bool:
    if node.boolean is not None:
        return False
    types, given = node.value("type"), node.value("enum", (node.value("const", ()),))
    return (types is not None and _CONTAINERS.isdisjoint(types)) or not any(isinstance(one, _HOLDERS) for one in given)
