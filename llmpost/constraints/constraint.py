"""Constraint: a compiled language over the tokens of one vocabulary, shared by all requests that ask for it.

It knows its source, its budget, and where the vocabulary's generations come from; in each generation it is read once,
when a text first begins there. Each text has an account of its own, so that none takes the room of others.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from llmpost.automata.algebra import BudgetExceeded
from llmpost.constraints.budget import Budget
from llmpost.constraints.explaining.refusals import explained_text, explained_token
from llmpost.constraints.generation import Generation
from llmpost.constraints.reach import out_of_budget
from llmpost.constraints.source import Source
from llmpost.constraints.spelling import why_dead
from llmpost.constraints.state import State
from llmpost.contracts.constraint import ConstraintReport
from llmpost.contracts.refusal import Refusal
from llmpost.contracts.tokens import TokenId
from llmpost.errors import ConstraintError


class Constraint:
    """A `Constraint` of the contracts. Immutable to its users; safe to use from several threads."""

    def __init__(
        self,
        source: Source,
        generation: Callable[[int], Generation],
        budget: Budget | None = None,
    ) -> None:
        """`generation` gives the one in which texts begin now, with room for texts of so many bytes."""
        self.source = source
        self.budget = budget or Budget()
        self.generation = generation
        self._lock = Lock()

    @property
    def report(self) -> ConstraintReport:
        return self.source.report

    def start(self) -> State:
        """Before the first token. States of one generation are equal where their futures are the same term."""
        try:
            start = self.compiled()
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None
        return start.for_text(self.budget)

    def compiled(self) -> State:
        """The start in the present generation, read there when first asked for. BudgetExceeded where that is too much.

        Its reach is an account of compiling: texts begin at :meth:`start`.
        """
        generation = self.generation(self.budget.num_bytes)
        start = generation.starts.get(self)
        if start is None:
            with self._lock:
                start = generation.starts.get(self) or self._read(generation)
                generation.starts[self] = start
        return start

    def accepts(self, text: str | bytes) -> bool:
        """Whether the language has this whole text. No tokens are asked."""
        try:
            octets = _octets(text, "accepts")
        except UnicodeEncodeError:  # a lone surrogate is no text
            return False
        try:
            return self.start().accepts(octets)
        except BudgetExceeded as exceeded:
            raise out_of_budget(exceeded) from None

    def explain(self, state: State, token: TokenId) -> Refusal | None:
        """Why a token is not allowed in a state of this constraint; None where it is."""
        return explained_token(self.source, state, token)

    def explain_text(self, text: str | bytes) -> Refusal | None:
        """Where and why a whole text leaves the language, or what it lacks at its end; None where it is accepted. No
        tokens are asked."""
        octets = _octets(text, "explain_text", "surrogatepass")  # where a surrogate stands is where it leaves
        return explained_text(self.source, self.start(), octets)

    def _read(self, generation: Generation) -> State:
        reach = generation.reach_for(self.source).charged_to(self.budget)
        reach.algebra.keep_clock(True)
        try:
            term = self.source.read(reach.algebra)
            cell = reach.cell_of(term) if reach.is_live(term) else None
            if cell is None:
                raise why_dead(self.source, reach, term)
        finally:
            reach.algebra.keep_clock(False)
        return self.source.first_state(reach, term, cell)

    def __repr__(self) -> str:
        return f"Constraint({self.source.name}={self.source})"


def _octets(text: object, where: str, errors: str = "strict") -> bytes:
    try:
        return text.encode(errors=errors) if isinstance(text, str) else bytes(memoryview(text))  # type: ignore[arg-type]
    except TypeError:
        raise ConstraintError(where, f"{text!r:.60}", "text or bytes", "Pass one whole text.") from None
