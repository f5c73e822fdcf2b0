"""Questions about languages: has one any text, which, does one contain another.

Answers are exact, and found in an algebra of their own that goes with the question; one that needs more than its budget
is an error, never a guess. It knows no tokens: a language may have texts that a vocabulary cannot spell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from llmpost.automata.algebra import Algebra, BudgetExceeded, Term
from llmpost.constraints.budget import Budget
from llmpost.constraints.example import shortest_text
from llmpost.constraints.languages.language import Difference, Language, Operand, as_language
from llmpost.constraints.tools import best_tools
from llmpost.errors import ConstraintError

MAX_TERMS = 100_000
"""Looked at for an example."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, or no with a text that shows it; true where it is yes."""

    counterexample: str | bytes | None
    """Bytes where it is no valid UTF-8."""

    def __bool__(self) -> bool:
        return self.counterexample is None


def is_empty(language: Operand, *, budget: Budget | None = None) -> bool:
    """Whether it has no text at all."""
    return not _asked(as_language(language), lambda algebra, term: algebra.is_live(term), budget)


def example(language: Operand, *, budget: Budget | None = None) -> str | bytes | None:
    """One of its shortest texts, readable if there is one; None where it has none."""
    return _asked(as_language(language), _example, budget)


def contains(larger: Operand, smaller: Operand, *, budget: Budget | None = None) -> Answer:
    """Whether the one has all texts of the other; else one of the shortest that it has not.

    >>> from llmpost.constraints.languages import choice, regex
    >>> bool(contains(regex("[a-z]+"), choice(["yes", "no"])))
    True
    >>> contains(regex("[a-z]+"), choice(["yes", "no way"]))
    Answer(counterexample='no way')
    """
    return Answer(example(Difference((as_language(smaller), as_language(larger))), budget=budget))


def are_equal(one: Operand, other: Operand, *, budget: Budget | None = None) -> Answer:
    """Whether both have the same texts; else a text that one of them has alone."""
    answer = contains(one, other, budget=budget)
    return answer and contains(other, one, budget=budget)


def _example(algebra: Algebra, term: Term) -> str | bytes | None:
    if not algebra.is_live(term):
        return None
    text = shortest_text(algebra, term, MAX_TERMS)
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text


def _asked(language: Language, ask: Callable[[Algebra, Term], Result], budget: Budget | None) -> Result:
    """The answer, in an algebra of its own, within the budget."""
    budget = budget or Budget()
    algebra = best_tools().make_algebra(2 * budget.num_bytes).account(budget.num_bytes, budget.max_seconds)
    algebra.keep_clock(True)
    try:
        return ask(algebra, language.read(algebra))
    except BudgetExceeded as exceeded:
        hint = "Simplify it, or give it a larger budget: budget=Budget(max_seconds=…, max_bytes=…)."
        given = f"{language!s:.200}, a question about which needs more than {exceeded},"
        raise ConstraintError("language", given, f"within {budget}", hint) from None
