"""Why a language cannot be begun: it has no text, or none that the tokens of the vocabulary can spell.

It knows terms, bytes and which bytes tokens have, and turns what is missing into an error with an example. Asked at
compile time only.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from llmpost.automata.algebra import Algebra, BudgetExceeded, Term
from llmpost.constraints.example import shortest_text
from llmpost.constraints.reach import Reach
from llmpost.constraints.source import Source
from llmpost.errors import ConstraintError

MAX_TERMS = 2_000  # looked at for an example
_WHY_NO_MATCH = "Some of its parts exclude each other: an empty class, or an anchor or look-around that never holds."
_WHY_EMPTY = {
    "json_schema": "Some of its parts exclude each other: bounds, types, or keys that are required and cannot be had.",
    "quote": "No document has a piece as long as that, and the empty text is no quotation.",
    "language": "Some of its parts exclude each other: ask is_empty(…) of them one by one.",
}


class NoText(ConstraintError):
    """A language that is read and has no text at all."""


def why_dead(source: Source, reach: Reach, term: Term) -> ConstraintError:
    """The error for a start from which no sequence of tokens leads to an end."""
    if not reach.algebra.is_live(term):
        is_schema = source.name == "json_schema"
        allowed = "a schema that any value satisfies" if is_schema else "a language with any text: no text matches it"
        return NoText(source.name, str(source), allowed, _WHY_EMPTY.get(source.name, _WHY_NO_MATCH))
    example = example_of(reach.algebra, term)
    known = set(np.unique(reach.tokens.trie.octets[1:]).tolist())
    unknown = "no sequence of tokens spells any of its texts" + (f", for instance {shown(example)}" if example else "")
    missing = next((place for place, octet in enumerate(example) if octet not in known), None)
    if missing is not None:
        character = _character_at(example, missing)
        unknown = f"no token has {shown(character)} (byte 0x{example[missing]:02X}), needed in {shown(example)}"
    hint = "Use the vocabulary of the model that will write, or allow other characters."
    return ConstraintError(source.name, str(source), f"one that this vocabulary can spell: {unknown}", hint)


def example_of(algebra: Algebra, term: Term) -> bytes:
    """One of the shortest texts; nothing where it is far away."""
    try:
        return shortest_text(algebra, term, MAX_TERMS)
    except BudgetExceeded:
        return b""


def _character_at(text: bytes, place: int) -> bytes:
    """The bytes of the character that the byte at this place belongs to; the byte alone where it is in none."""
    characters = text.decode(errors="surrogateescape")
    pieces = (one.encode(errors="surrogateescape") for one in characters)
    octets = chain.from_iterable([piece] * len(piece) for piece in pieces)
    return list(octets)[place]


def shown(text: bytes) -> str:
    """A text as a reader knows it."""
    try:
        return repr(text.decode())
    except UnicodeDecodeError:
        return repr(text)
