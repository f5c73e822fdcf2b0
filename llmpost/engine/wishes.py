"""Wishes: what a model wanted and was not allowed, step by step, with the reason in short.

The sampler noted which ids; the constraint that held the output is asked why, along the tokens that were written. It
is done when the result is made, and bounded: what is left unexplained still has its probability.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from llmpost.constraints import Constraint, State
from llmpost.contracts.pick import Pick
from llmpost.contracts.result import MaskedToken
from llmpost.contracts.tokens import TokenId
from llmpost.errors import LlmpostError
from llmpost.vocabulary import Vocabulary

MAX_KEPT = 1_000
"""Of one output, the first ones."""
MAX_EXPLAINED = 100
"""Of one output: to find a keyword means to read the schema several times."""
MAX_SECONDS = 10.0
"""For the reasons of one output."""
_TAKEN_BACK = "allowed, but it led to a dead end"


def masked_tokens(
    constraint: Constraint, vocabulary: Vocabulary, picks: Sequence[Pick], clock: Callable[[], float]
) -> tuple[MaskedToken, ...]:
    """One for each refused id that a pick names."""
    kept: list[MaskedToken] = []
    deadline = clock() + MAX_SECONDS
    for step, state, pick in _states_along(constraint, picks):
        for token, logprob in pick.masked[: MAX_KEPT - len(kept)]:
            is_explained = len(kept) < MAX_EXPLAINED and clock() < deadline
            why = _why(constraint, state, token) if is_explained else ""
            name = vocabulary.name_of(token) if token < vocabulary.size else f"<beyond {vocabulary.size}>"
            kept.append(MaskedToken(step, token, name, math.exp(logprob), why))
    return tuple(kept)


def _states_along(constraint: Constraint, picks: Sequence[Pick]) -> Iterator[tuple[int, State, Pick]]:
    """Each step, and where the output stood before it; nothing where no pick names anything."""
    last = max((step for step, pick in enumerate(picks) if pick.masked), default=-1)
    if last < 0:
        return
    state = constraint.start()
    for step, pick in enumerate(picks[: last + 1]):
        yield step, state, pick
        if step < last:
            state = state.advance(pick.token)


def _why(constraint: Constraint, state: State, token: TokenId) -> str:
    try:
        refusal = constraint.explain(state, token)
    except LlmpostError as error:  # a result is no place to fail over an explanation
        return f"not found out ({type(error).__name__})"
    return _TAKEN_BACK if refusal is None else refusal.short
