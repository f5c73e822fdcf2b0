"""Blocking: which rules forbid every way on from where a text has ended.

Asked once, at the end of an output that could only end: the language by itself would have let it go on. It follows the
tokens of the text through the language without any rule, and with each alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llmpost.constraints.constraint import Constraint
from llmpost.constraints.forbid.forbidden import Forbidden
from llmpost.constraints.forbid.source import ForbiddenSource
from llmpost.constraints.json_schema.source import JsonSchemaSource
from llmpost.constraints.source import Source
from llmpost.contracts.tokens import TokenId


def blocking_rules(constraint: Constraint, tokens: Sequence[TokenId]) -> list[str]:
    """The rules that take ways on from behind these tokens, where together they take all; none where the text could
    go on, or where the language by itself ends there."""
    source = constraint.source
    if not isinstance(source, ForbiddenSource | JsonSchemaSource) or source.forbidden is None:
        return []
    if _num_ways_on(constraint, tokens):
        return []
    free = _num_ways_on(_with(constraint, _bare(source)), tokens)
    alone = ((rule, _with(constraint, _holding(source, Forbidden((rule,))))) for rule in source.forbidden.rules)
    return [str(rule) for rule, one in alone if _num_ways_on(one, tokens) < free]


def _num_ways_on(constraint: Constraint, tokens: Sequence[TokenId]) -> int:
    """How many tokens may come next, the end ids left out."""
    state = constraint.start()
    for token in tokens:
        state = state.advance(token)
    return state.mask().count - (len(state.reach.tokens.end_ids) if state.can_end else 0)


def _with(constraint: Constraint, source: Source) -> Constraint:
    return Constraint(source, constraint.generation, constraint.budget)


def _bare(source: ForbiddenSource | JsonSchemaSource) -> Source:
    return source.inner if isinstance(source, ForbiddenSource) else replace(source, forbidden=None)


def _holding(source: ForbiddenSource | JsonSchemaSource, forbidden: Forbidden) -> Source:
    return replace(source, forbidden=forbidden)
