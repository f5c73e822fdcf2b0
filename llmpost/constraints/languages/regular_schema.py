"""A JSON Schema as a part of an expression: where its texts need nothing remembered beside the term.

Keys that may be any, which must not come twice, and items that must differ from each other are remembered by the states
of a constraint of their own; no term can say them. So the whole schema is read at once, and what is watched is refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.source import JsonSchemaSource
from llmpost.constraints.reach import Reach
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport
from llmpost.errors import ConstraintError

MAX_PARTS = 50_000
"""Places in its values that are told apart."""


@dataclass(frozen=True, slots=True)
class RegularSchema:
    """A schema whose texts are a language like any other."""

    schema: JsonSchemaSource
    name: str = "json_schema"

    @property
    def octets(self) -> frozenset[int]:
        return self.schema.octets

    @property
    def report(self) -> ConstraintReport:
        return self.schema.report

    def read(self, algebra: Algebra) -> Term:
        whole = _Whole(algebra, str(self))
        term = self.schema.read_through(whole, algebra)
        whole.read_all()
        return term

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        return State(reach, term, cell)

    def __str__(self) -> str:
        return str(self.schema)


class _Whole:
    """An algebra that is asked to watch nothing, and of which all that is deferred is read in the end."""

    def __init__(self, algebra: Algebra, schema: str) -> None:
        self._algebra = algebra
        self._schema = schema
        self._unread: deque[Callable[[], Term]] = deque()
        self._num_parts = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._algebra, name)

    def watched(self, term: Term) -> Term:
        hint = (
            "Say 'additionalProperties': false and leave out 'patternProperties' and 'uniqueItems', or compile it by "
            "itself."
        )
        raise self._refused("one whose texts need nothing remembered: no free keys, no items that must differ", hint)

    def deferred(self, read: Callable[[], Term], at_most: int | None = None, like: Term | None = None) -> Term:
        self._num_parts += 1
        if self._num_parts > MAX_PARTS:
            allowed = f"one of at most {MAX_PARTS:,} places"
            raise self._refused(allowed, "Write it without indentation, or make it smaller.")
        kept: list[Term] = []

        def read_once() -> Term:
            if not kept:
                kept.append(read())
            return kept[0]

        self._unread.append(read_once)
        return self._algebra.deferred(read_once, at_most, like)

    def read_all(self) -> None:
        while self._unread:
            self._unread.popleft()()

    def _refused(self, allowed: str, hint: str) -> ConstraintError:
        return ConstraintError("json_schema", f"{self._schema} in an expression", allowed, hint)
