"""Constraint: a compiled language over the tokens of one vocabulary, shared by all requests that ask for it.

It knows its source and where the vocabulary's generations come from; in each generation it is read once, when a text
first begins there. `compiling` makes it and checks the budget.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import NoReturn

from llmpost.automata.algebra import BudgetExceeded
from llmpost.constraints.generation import Generation
from llmpost.constraints.reach import out_of_budget
from llmpost.constraints.source import Source
from llmpost.constraints.spelling import why_dead
from llmpost.constraints.state import State
from llmpost.contracts.constraint import ConstraintReport
from llmpost.contracts.tokens import TokenId
from llmpost.errors import ConstraintError


class Constraint:
    """A `Constraint` of the contracts. Immutable to its users; safe to use from several threads."""

    def __init__(self, source: Source, generation: Callable[[], Generation]) -> None:
        self.source = source
        self._generation = generation
        self._lock = Lock()

    @property
    def report(self) -> ConstraintReport:
        return self.source.report

    def start(self) -> State:
        """Before the first token. States of one generation are equal where their futures are the same term."""
        try:
            return self.begin(self._generation())
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def begin(self, generation: Generation) -> State:
        """The start in this generation, read there when first asked for. BudgetExceeded where there is no room."""
        start = generation.starts.get(self)
        if start is None:
            with self._lock:
                start = generation.starts[self] = self._read(generation)
        return start

    def accepts(self, text: str | bytes) -> bool:
        """Whether the language has this whole text. No tokens are asked."""
        try:
            octets = text.encode() if isinstance(text, str) else text
        except UnicodeEncodeError:  # a lone surrogate is no text
            return False
        start = self.start()
        algebra = start.reach.algebra
        return algebra.can_end(algebra.after(start.term, octets))

    def explain(self, state: State, token: TokenId) -> NoReturn:
        """Why a token is not allowed."""
        raise ConstraintError(
            "explain", "Constraint.explain", "supported: not in this version yet", "Read TokenRejected of advance()."
        )

    def _read(self, generation: Generation) -> State:
        reach = generation.reach_for(self.source)
        term = self.source.read(generation.algebra)
        cell = reach.cell_of(term) if reach.is_live(term) else None
        if cell is None:
            raise why_dead(self.source, reach, term)
        return State(reach, term, cell)

    def __repr__(self) -> str:
        return f"Constraint({self.source.name}={self.source})"
