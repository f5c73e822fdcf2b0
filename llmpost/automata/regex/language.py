"""What a syntax tree means: the term of all texts that it matches as a whole, or that contain a match.

A subtree that looks at nothing around it is one plain term. For the rest, terms are built from the end of the pattern
to its start: what follows a place is known when its node is built, so a look-ahead is an intersection with what
follows, a loop is a rule, and what look-behinds ask was carried along (`hindsight.py`). Knows no syntax and no bytes
beyond UTF-8; whether the language has any text is for the caller to ask.
"""

from __future__ import annotations

from llmpost.automata.algebra import ANYTHING, EPSILON, Algebra, BudgetExceeded, Term
from llmpost.automata.regex.atomic import without_atomic_groups
from llmpost.automata.regex.continuation import ContinuationBuilder, Tail
from llmpost.automata.regex.measures import looks_around
from llmpost.automata.regex.plain import PlainBuilder
from llmpost.automata.regex.ranges import ALL
from llmpost.automata.regex.scanner import refusal
from llmpost.automata.regex.syntax import Characters, Expression, Node, Repeat, sequence

_ANY_TEXT = Repeat(Characters(ALL), 0, None)


def language_of(expression: Expression, algebra: Algebra, *, search: bool = False) -> Term:
    """The texts matched as a whole, valid UTF-8 alone; or with `search` texts that contain a match, whatever bytes come
    behind it: so what has a match is told from what may still have one by being ANYTHING.

    ConstraintError where the expression is not regular, or larger than the algebra's budget.
    """
    try:
        return _build(expression, algebra, search)
    except RecursionError:
        raise refusal(
            expression.pattern, 0, "a pattern nested so deep", "one that can be built",
            "Take groups apart; with anchors or look-arounds inside, fewer levels can be built.",
        ) from None  # fmt: skip
    except BudgetExceeded as limit:
        raise refusal(
            expression.pattern, 0, f"a pattern that takes more than {limit}", "within the budget",
            "Make it smaller, or allow it more.",
        ) from limit  # fmt: skip


def _build(expression: Expression, algebra: Algebra, search: bool) -> Term:
    plain = PlainBuilder(algebra)
    behind = ANYTHING if search else EPSILON
    if search:
        expression = Expression(expression.pattern, sequence([_ANY_TEXT, expression.root]))
    if not looks_around(expression.root):
        return algebra.concat([plain.term(expression.root), behind])
    expression = without_atomic_groups(expression, lambda node: _is_prefix_free(node, plain, algebra))
    return ContinuationBuilder(expression, algebra, plain).build_whole(Tail(behind, True))


def _is_prefix_free(node: Node, plain: PlainBuilder, algebra: Algebra) -> bool:
    term = plain.term(node)
    longer = algebra.concat([term, plain.term(Characters(ALL)), plain.term(_ANY_TEXT)])
    try:
        return not algebra.is_live(algebra.intersect([term, longer]))
    except BudgetExceeded:
        return False
