"""Why nothing is left of a language: every text of it contains something forbidden, and here is one.

Asked at compile time, when a language that has texts has none without what is forbidden.
"""

from __future__ import annotations

from llmpost.automata.algebra import ANYTHING, Algebra
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.spelling import example_of, shown
from llmpost.errors import ConstraintError


def nothing_left(bare: Constraint, forbidden: Forbidden) -> ConstraintError:
    """The error for a language, given without what is forbidden."""
    start = bare.start()
    algebra = start.reach.algebra
    example = example_of(algebra, start.term)
    rule = next(
        (str(one) for one in forbidden.rules if _is_in(forbidden.only([one]), algebra, example)), str(forbidden)
    )
    given = f"{rule}, which every text of {bare.source} contains" + (
        f" (for instance {shown(example)})," if example else ","
    )
    return ConstraintError("forbid", given, "a rule that leaves any text", "Forbid less, or allow other texts.")


def _is_in(forbidden: Forbidden, algebra: Algebra, text: bytes) -> bool:
    return algebra.can_end(algebra.after(forbidden.containing(algebra, ANYTHING), text))
