"""An example of a language: one of its shortest texts, readable if there is one.

Errors show it, and `languages.example` gives it to whoever asks. It knows terms and bytes, and no tokens.
"""

from __future__ import annotations

from llmpost.automata.algebra import Algebra, BudgetExceeded, Term

_READABLE_FIRST = (*range(0x61, 0x7B), *range(0x20, 0x61), *range(0x7B, 0x7F), *range(0x80, 0x100), *range(0x20), 0x7F)


def shortest_text(algebra: Algebra, term: Term, max_terms: int) -> bytes:
    """One of the shortest texts of a live term, in bytes; of those the first, letters before other characters.
    BudgetExceeded where so many terms lie nearer."""
    texts = {term: b""}
    todo = [term]
    for here in todo:
        if algebra.can_end(here):
            return texts[here]
        if len(texts) > max_terms:
            break
        for octet in _READABLE_FIRST:
            follower = algebra.derive(here, octet)
            if follower not in texts and algebra.is_live(follower):
                texts[follower] = texts[here] + bytes([octet])
                todo.append(follower)
    raise BudgetExceeded(f"{max_terms:,} states on the way to a text")
