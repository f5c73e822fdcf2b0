"""A way from a state to the end of its text, looked for through the masks alone, the cheapest first.

It is how a law shows that an allowed token can be completed: the text that is found is a witness, and the oracle
judges it. It knows no schema.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count

from llmpost.constraints.state import State
from llmpost.vocabulary import Vocabulary

OPENING = b'{["'
COST_OF_OPENING = 4


class GaveUp(Exception):
    """So many states were seen that the question stays open."""


def way_out(state: State, vocabulary: Vocabulary, max_states: int = 300) -> bytes | None:
    """What can be written from here to an end; None where there is no way at all."""
    numbers = count()
    todo = [(0, next(numbers), b"", state)]
    seen = {state}
    while todo:
        cost, _, text, here = heappop(todo)
        if here.can_end:
            return text
        for token in here.mask().ids().tolist():
            written = vocabulary.tokens[token]
            there = here.advance(token)
            if there not in seen:
                seen.add(there)
                more = len(written) + COST_OF_OPENING * sum(octet in OPENING for octet in written)
                heappush(todo, (cost + more, next(numbers), text + written, there))
        if len(seen) > max_states * 40:
            raise GaveUp
    return None
