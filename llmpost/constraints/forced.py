"""Tokens of the text that must follow: a draft that costs no forward of the model to propose.

Bytes that must follow can be cut into tokens in several ways. Taken is the longest token at each place, and only as
far as no longer token could begin there and end in text that is not forced: a model may well prefer that one.
"""

from __future__ import annotations

from llmpost.automata.algebra import Term
from llmpost.constraints.following import forced_bytes
from llmpost.constraints.reach import Reach
from llmpost.contracts.tokens import TokenId


def forced_tokens(reach: Reach, term: Term) -> tuple[TokenId, ...]:
    """Tokens whose bytes every completion begins with; possibly none."""
    num_left = len(forced_bytes(reach.algebra, term))
    found: list[TokenId] = []
    while num_left:
        ids, followers = reach.followers(term)  # all of them begin the forced text, or begin with what is left of it
        if not len(ids):
            break
        longest = int(reach.tokens.lengths[ids].argmax())  # of equal tokens the first
        num_left -= int(reach.tokens.lengths[ids[longest]])
        if num_left < 0:
            break
        found.append(int(ids[longest]))
        term = int(followers[longest])
    return tuple(found)
