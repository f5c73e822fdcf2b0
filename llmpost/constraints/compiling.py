"""compile_constraint: what a caller asks for becomes a constraint over a vocabulary, within a budget.

It checks the arguments and measures what compiling took. It knows neither how a language is read (the sources do) nor
how masks are made. The engine, and programs that use constraints without one, begin here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from llmpost.automata.algebra import BudgetExceeded
from llmpost.constraints.choice import ChoiceSource
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.regex import RegexSource, check_pattern
from llmpost.constraints.source import Source
from llmpost.constraints.space import Space
from llmpost.errors import ConstraintError, suggestion
from llmpost.vocabulary.vocabulary import Vocabulary

NOT_YET = ("json_schema", "grammar", "forbid", "strict", "whitespace", "key_order", "escapes", "formats")
"""Keywords that later versions bring."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What compiling one constraint may take."""

    max_seconds: float = 1.0
    max_bytes: int = 64 << 20

    def __post_init__(self) -> None:
        for name, value in (("max_seconds", self.max_seconds), ("max_bytes", self.max_bytes)):
            if not isinstance(value, int | float) or math.isnan(value) or value <= 0:
                raise ConstraintError(name, f"{value!r:.40}", "a number above 0", "Leave it out for the default.")


def compile_constraint(
    vocabulary: Vocabulary,
    *,
    regex: str | None = None,
    choice: Iterable[str | bytes] | None = None,
    max_seconds: float = 1.0,
    max_bytes: int = 64 << 20,
    **later: Any,
) -> Constraint:
    """The language of one regular expression (matched as a whole), or of a choice of texts, over these tokens.

    The same one is compiled once for a vocabulary. ConstraintError for a pattern that is broken, that no text
    matches, that the vocabulary cannot spell, or that does not fit the budget.

    >>> vocabulary = Vocabulary.from_tokens([b"1", b"12", b"a", b"</s>"], eos_ids=[3])
    >>> state = compile_constraint(vocabulary, choice=["1", "121"]).start()
    >>> state.mask().ids().tolist(), state.advance(0).mask().ids().tolist()
    ([0, 1], [3])
    """
    _refuse(later)
    budget = Budget(max_seconds, max_bytes)
    if (regex is None) == (choice is None):
        given = "both regex and choice" if regex is not None else "no language"
        raise ConstraintError("compile_constraint", given, "exactly one of regex and choice", "Pass one of them.")
    return compile_in(Space.of(vocabulary), budget, regex=regex, choice=choice)


def compile_in(
    space: Space, budget: Budget, *, regex: str | None = None, choice: Iterable[str | bytes] | None = None
) -> Constraint:
    """The same in a space that was made by hand."""
    if regex is not None:
        check_pattern(regex)
        return space.constraint(
            ("regex", regex, budget), len(regex), lambda: _compiled(space, budget, lambda: RegexSource.of(regex))
        )
    source = ChoiceSource.of(choice if choice is not None else ())
    key, num_characters = ("choice", source.texts, budget), sum(map(len, source.texts))
    return space.constraint(key, num_characters, lambda: _compiled(space, budget, lambda: source))


def _compiled(space: Space, budget: Budget, read: Callable[[], Source]) -> Constraint:
    started = time.monotonic()
    constraint = Constraint(read(), space.generation)
    num_bytes = _begin(space, constraint, budget)
    seconds = time.monotonic() - started
    if seconds > budget.max_seconds:
        raise _over(constraint, f"{seconds:.1f} s", f"max_seconds={budget.max_seconds:g}")
    if num_bytes > budget.max_bytes:
        raise _over(constraint, f"{num_bytes:,} bytes", f"max_bytes={budget.max_bytes:g}")
    return constraint


def _begin(space: Space, constraint: Constraint, budget: Budget) -> int:
    """Read it into the current generation; into a new one where that has no room left. How many bytes it took."""
    generation = space.generation()
    before = generation.algebra.bytes_used
    try:
        constraint.begin(generation)
    except BudgetExceeded as exceeded:
        if 2 * before > space.limits.algebra_bytes:
            space.renew(generation)
            return _begin(space, constraint, budget)
        raise _over(constraint, f"more than {exceeded}", f"max_bytes={budget.max_bytes:g}") from None
    return generation.algebra.bytes_used - before


def _over(constraint: Constraint, taken: str, budget: str) -> ConstraintError:
    source = constraint.source
    hint = "Simplify it (counted repeats inside each other are the usual cause), or give it a larger budget."
    return ConstraintError(source.name, f"{source}, which took {taken} to compile,", f"within {budget}", hint)


def _refuse(later: dict[str, Any]) -> None:
    for name in later:
        if name in NOT_YET:
            hint = "Use regex= or choice=."
            raise ConstraintError(name, f"the keyword {name!r}", "supported: not in this version yet", hint)
        known = (*NOT_YET, "regex", "choice", "max_seconds", "max_bytes")
        raise ConstraintError("compile_constraint", f"the keyword {name!r}", "known", suggestion(name, known))
