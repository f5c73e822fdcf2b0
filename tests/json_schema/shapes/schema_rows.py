"""Rows of a table: a schema, texts that it accepts, texts that it does not; and how one is checked."""

from __future__ import annotations

from typing import Any, TypeAlias

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints import Constraint
from llmpost.vocabulary.trie import TEXT_BYTES

Row: TypeAlias = tuple[Any, list[str], list[str]]

BYTES = Vocabulary.from_tokens([b"</s>", *(bytes([octet]) for octet in sorted(TEXT_BYTES))], eos_ids=[0])


def compiled(schema: Any, **settings: Any) -> Constraint:
    return compile_constraint(BYTES, json_schema=schema, **settings)


def misjudged(row: Row, **settings: Any) -> list[str]:
    """The texts on which the constraint and the table differ, or from which a token of the text was masked."""
    schema, accepted, refused = row
    constraint = compiled(schema, **settings)
    wrong = [text for text in accepted if not constraint.accepts(text.encode()) or not is_allowed(constraint, text)]
    return wrong + [text for text in refused if constraint.accepts(text.encode())]


def is_allowed(constraint: Constraint, text: str) -> bool:
    """Whether each byte is in the mask where it stands."""
    state = constraint.start()
    for octet in text.encode():
        token = BYTES.tokens.index(bytes([octet]))
        if not state.mask().allows(token):
            return False
        state = state.advance(token)
    return state.can_end
