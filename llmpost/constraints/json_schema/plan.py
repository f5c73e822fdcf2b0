"""Plan: the text by which a state ends where what it remembers may stand in the way of the shortest one.

The first shortest text of the term is followed byte by byte; where the text comes to a border, what may not come again
is taken out of the term, and the way from there is found anew. So behind each byte of a plan its rest is the plan.
It knows terms, cursors and tokens; only states of languages that can run out of keys or items ask for one.
"""

from __future__ import annotations

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.constraints.json_schema.cursor import Cursor
from llmpost.constraints.json_schema.memory import COMMA, Memory
from llmpost.constraints.tokens import Tokens

MAX_BYTES = 1 << 16
MAX_DETOURS = 32
"""Ways found anew for one item: numbers have spellings without end."""


def planned_text(memory: Memory, term: Term, cursor: Cursor) -> bytes | None:
    """None where no end was found so, for which a language is to blame that can run into dead ends."""
    algebra, text, num_detours = memory.algebra, bytearray(), 0
    term = memory.without_repeats(term, cursor) if memory.is_border(term) else term
    way = _way(algebra, term)
    while way and len(text) < MAX_BYTES and num_detours < MAX_DETOURS:
        octet, way = way[:1], way[1:]
        text += octet
        has_passed = octet[0] == COMMA and memory.is_border(term)
        cursor = memory.pass_border(term, cursor) if has_passed else cursor.after(octet)
        num_detours = 0 if has_passed else num_detours
        term = algebra.after(term, octet)
        if memory.is_border(term) and (left := memory.without_repeats(term, cursor)) != term:
            term, way, num_detours = left, _way(algebra, left), num_detours + 1
    return bytes(text) if way == b"" else None


def fewest_tokens(tokens: Tokens, text: bytes) -> list[int | None]:
    """In how few tokens what is left of the text can be written, from each of its places on; None where it cannot."""
    fewest: list[int | None] = [None] * len(text) + [0]
    for start in range(len(text) - 1, -1, -1):
        known = [number for end in tokens.ends_in(text, start) if (number := fewest[end]) is not None]
        fewest[start] = min(known) + 1 if known else None
    return fewest


def _way(algebra: Algebra, term: Term) -> bytes | None:
    return None if term == EMPTY or not algebra.is_live(term) else algebra.shortest(term)
