"""Tokens of the text that must follow: a draft that costs no forward of the model to propose.

Bytes that must follow can be cut into tokens in several ways. Taken is the longest token at each place, and only up
to where a token could begin that reaches beyond what is forced: a model may well prefer that one.
"""

from __future__ import annotations

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.following import forced_bytes
from llmpost.constraints.reach import Reach
from llmpost.constraints.tokens import Tokens
from llmpost.contracts.tokens import TokenId


def forced_tokens(reach: Reach, term: Term) -> tuple[TokenId, ...]:
    """Tokens whose bytes every completion begins with; possibly none."""
    num_left = _num_settled(reach.tokens, reach.algebra, term)
    found: list[TokenId] = []
    while num_left:
        ids, followers = reach.followers(term)  # all of them begin what is settled, or begin with what is left of it
        if not len(ids):
            break
        longest = int(reach.tokens.lengths[ids].argmax())  # of equal tokens the first
        num_left -= int(reach.tokens.lengths[ids[longest]])
        if num_left < 0:
            break
        found.append(int(ids[longest]))
        term = int(followers[longest])
    return tuple(found)


def _num_settled(tokens: Tokens, algebra: Algebra, term: Term) -> int:
    """How many of the forced bytes lie before every token that could begin among them and end behind them."""
    forced = forced_bytes(algebra, term)
    behind = algebra.after(term, forced)
    first = max(0, len(forced) - tokens.trie.longest + 1)
    for place in range(first, len(forced)):
        node = tokens.node_of(forced[place:])
        if node is not None and _goes_on(tokens, algebra, node, behind):
            return place
    return len(forced)


def _goes_on(tokens: Tokens, algebra: Algebra, node: int, term: Term) -> bool:
    """Whether a token below the node goes on as the term allows."""
    trie = tokens.trie
    terms = {node: term}
    here, end = node + 1, int(trie.ends[node])
    while here < end:
        follower = algebra.derive(terms[int(trie.parents[here])], int(trie.octets[here]))
        if follower == EMPTY or not algebra.is_live(follower):
            here = int(trie.ends[here])
            continue
        if trie.first_token[here + 1] > trie.first_token[here]:
            return True
        terms[here] = follower
        here += 1
    return False
