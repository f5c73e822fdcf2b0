"""Refusals: a token or a text that a constraint does not let through, with the place, the words and the rules.

It finds the place and the nearest tokens, and asks the source who is responsible; a source that has nothing to say of a
place is named as a whole. Called by constraints when somebody asks; no mask and no step of decoding depends on it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from llmpost.automata.algebra import BudgetExceeded
from llmpost.constraints.budget import Budget
from llmpost.constraints.explaining.characters import character_in_words
from llmpost.constraints.explaining.standing import Reason, Standing, expected_at, reason_of
from llmpost.constraints.reach import out_of_budget
from llmpost.constraints.source import Source
from llmpost.constraints.spelling import example_of
from llmpost.constraints.state import State
from llmpost.contracts.refusal import THE_END, THE_TEXT, Refusal, Rule
from llmpost.contracts.tokens import TokenId
from llmpost.vocabulary.trie import Ints

NUM_NEAREST = 5
_BUDGET = Budget(max_seconds=5.0, max_bytes=64 << 20)
"""Explaining has an account of its own, so that no text is cut short because somebody asked about it."""
_UNSPELLED = Reason(
    "a text that tokens can complete",
    (Rule("vocabulary", "the vocabulary", "no sequence of its tokens spells a way to an end"),),
)
"""For what is alive byte by byte, and not token by token."""
_MOST_MISSING = 200  # bytes of a completion that is shown


def explained_token(source: Source, state: State, token: TokenId) -> Refusal | None:
    """None where the mask allows it."""
    if state.allows(token):
        return None
    state = state.for_text(_BUDGET)
    tokens = state.reach.tokens
    try:
        if state.is_finished or not tokens.text_of(token):
            return _refused_id(source, state, token)
        standing = Standing.of(state, tokens.text_of(token), ends=False)
        if standing.is_at_end:
            return _refusal(tokens.name_of(token), standing, "what no tokens complete", _UNSPELLED)
        return _refusal(tokens.name_of(token), standing, _found(standing), reason_of(source, standing))
    except BudgetExceeded as exceeded:
        raise out_of_budget(exceeded) from None


def explained_text(source: Source, state: State, text: bytes) -> Refusal | None:
    """None where the text, from this state on, is whole."""
    state = state.for_text(_BUDGET)
    try:
        standing = Standing.of(state, text, ends=True)
        if standing.is_at_end and standing.algebra.can_end(standing.term):
            return None
        missing = example_of(standing.algebra, standing.term) if standing.is_at_end else b""
        reason = reason_of(source, standing)
        completion = missing if len(missing) <= _MOST_MISSING else b""
        return Refusal(
            THE_TEXT, text, standing.place, _found(standing), reason.expected, reason.rules, reason.certainty,
            reason.path, completion=completion,
        )  # fmt: skip
    except BudgetExceeded as exceeded:
        raise out_of_budget(exceeded) from None


def _found(standing: Standing) -> str:
    return THE_END if standing.is_at_end else character_in_words(standing.text[standing.start :])


def _refused_id(source: Source, state: State, token: TokenId) -> Refusal:
    """The refusal of an id that writes nothing, or comes too late to write."""
    tokens = state.reach.tokens
    standing = Standing(state, b"", 0, state.term, ends=True)
    if state.is_finished:
        return _refusal(tokens.name_of(token), standing, "a token behind the end", Reason("nothing", ()))
    if token in tokens.end_ids:
        return _refusal(tokens.name_of(token), standing, THE_END, reason_of(source, standing))
    found = "a token that writes nothing" if 0 <= token < tokens.size else "an id that the vocabulary does not have"
    return _refusal(tokens.name_of(token), standing, found, Reason(expected_at(standing), ()))


def _refusal(name: str, standing: Standing, found: str, reason: Reason) -> Refusal:
    nearest = tuple((token, standing.state.reach.tokens.name_of(token)) for token in nearest_tokens(standing))
    return Refusal(
        name[0].upper() + name[1:], standing.text, standing.place, found, reason.expected, reason.rules,
        reason.certainty, reason.path, nearest,
    )  # fmt: skip


def nearest_tokens(standing: Standing) -> list[TokenId]:
    """Allowed tokens that have the longest beginnings in common with the text: of equal ones the shorter, the lower."""
    tokens, is_allowed = standing.state.reach.tokens, standing.state.mask().to_bool()
    trie, found = tokens.trie, dict[TokenId, None]()
    for length in range(len(standing.text), -1, -1):
        node = tokens.node_of(standing.text[:length]) if length else 0
        if node is None:
            continue
        below = trie.tokens[trie.first_token[node] : trie.first_token[trie.ends[node]]]
        allowed = below[is_allowed[below]]
        found |= dict.fromkeys(_shortest(allowed, tokens.lengths, NUM_NEAREST + len(found)))
        if len(found) >= NUM_NEAREST:
            break
    ends = [token for token in tokens.end_ids if is_allowed[token]]
    return [*found, *ends][:NUM_NEAREST]


def _shortest(ids: Ints, lengths: npt.NDArray[np.int64], count: int) -> list[TokenId]:
    """Some of the ids, the shortest texts first, of equal ones the lowest."""
    order = lengths[ids] << 32 | ids
    few = np.partition(order, count)[:count] if len(order) > count else order
    return [int(one) & 0xFFFFFFFF for one in np.sort(few)]
