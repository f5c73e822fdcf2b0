"""Compiled schemas for laws: small vocabularies of JSON, the settings drawn, and what a text must be judged as."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from json_schema_oracle import Oracle
from key_orders import order_verdict
from random_schemas import Schema
from spelling_oracle import Verdict, Writing, read, verdict, worst

from llmpost import Vocabulary, compile_constraint
from llmpost.constraints import Constraint
from llmpost.errors import ConstraintError
from llmpost.vocabulary.trie import TEXT_BYTES

PIECES = [
    b'{"', b'":', b'","', b'"}', b'"a":', b'{"a":1', b',"b', b'"a', b'":"', b"},{", b"[[", b"]]", b"],[", b"1]", b",1",
    b'":{"', b'ab"', b'"ab"', b'\xa9"', b'"b":', b"{}", b"[]", b'""', b"0.", b"5}", b'a","b":', b'":1,"',
    b'1,"a', b"5,", b'{"b":[', b"\\n", b'\\"', b"\\u00", b"e9", b', "', b": ", b"12", b"false",
    b"true", b"null", b"tru", b'"\xc3',
]  # fmt: skip
"""Tokens across the joints of JSON, and pieces of characters, of escapes and of literals."""

_SINGLES = [bytes([octet]) for octet in b'{}[]:,"ab 0125-.e\xc3\xa9']

TINY = Vocabulary.from_tokens([b"</s>", *_SINGLES, *PIECES], eos_ids=[0])
"""Not every text can be spelled: no capital letter, no emoji, no `e` of `true` alone but the one of numbers."""

WHOLE = Vocabulary.from_tokens([b"</s>", *(bytes([octet]) for octet in sorted(TEXT_BYTES)), *PIECES], eos_ids=[0])
"""Every byte of text is a token too."""


def compiled(schema: Schema, writing: Writing, vocabulary: Vocabulary = WHOLE) -> Constraint | None:
    """The constraint, formats being annotations; None where it is refused, as nothing fits it."""
    settings = {"whitespace": writing.whitespace, "key_order": writing.key_order, "escapes": writing.escapes}
    try:
        return compile_constraint(
            vocabulary, json_schema=schema, strict=True, formats="annotate", max_seconds=30.0, **settings
        )
    except ConstraintError as error:
        if error.allowed in REFUSALS:
            raise
        return None


REFUSALS = ("one that can be followed", "one whose branches overlap less", "one whose patterns fall into 64 classes")
"""What is allowed instead of what cannot be enforced: too many cases, or items that have to be equal."""


def where_followed(law: Callable[..., None]) -> Callable[..., None]:
    """The law for what is not refused, when it is compiled or when a text gets there."""

    @wraps(law)
    def holds(*args: Any, **kwargs: Any) -> None:
        try:
            law(*args, **kwargs)
        except ConstraintError as error:
            if error.allowed not in REFUSALS:
                raise
            reject()

    return holds


_spaces = st.sampled_from(["flexible", "flexible", "compact", {"indent": 2}])
writings = st.builds(Writing, _spaces, st.sampled_from(["schema", "any"]), st.sampled_from(["minimal", "any"]))
"""All settings that change which texts are accepted."""

compact = Writing("compact", "any")


@dataclass(frozen=True)
class Judge:
    """What one text must be, by the oracles: accepted, refused, or (within a bound that is not laid down) either."""

    schema: Schema
    writing: Writing
    oracle: Oracle

    @classmethod
    def of(cls, schema: Schema, writing: Writing) -> Judge:
        return cls(schema, writing, Oracle(schema))

    def verdict(self, text: str) -> Verdict:
        """`inside`: must be accepted; `outside`: must not."""
        reading = read(text)
        if reading is None or not self.oracle.is_valid(reading.value):
            return "outside"
        order = order_verdict(reading, self.schema) if self.writing.key_order == "schema" else "inside"
        return worst([verdict(reading, self.writing), order])

    def disagreements(self, constraint: Constraint | None, texts: Sequence[str]) -> list[tuple[str, Verdict]]:
        """The texts on which the constraint errs. No constraint accepts nothing."""
        found = [(text, self.verdict(text)) for text in texts]
        accepted = [constraint is not None and constraint.accepts(text) for text in texts]
        return [
            (text, wanted)
            for (text, wanted), is_accepted in zip(found, accepted, strict=True)
            if wanted != "open" and is_accepted != (wanted == "inside")
        ]


def tokens_of(vocabulary: Vocabulary, text: bytes, choices: Sequence[int]) -> list[int] | None:
    """One tokenisation of the text; None where the vocabulary cannot spell it that way."""
    ids: list[int] = []
    place = 0
    while place < len(text):
        fits = [i for i, token in enumerate(vocabulary.tokens) if token and text.startswith(token, place)]
        if not fits:
            return None
        ids.append(fits[choices[len(ids) % len(choices)] % len(fits)])
        place += len(vocabulary.tokens[ids[-1]])
    return ids


def described(schema: Any, writing: Writing) -> str:
    """For the message of a law that does not hold."""
    return f"{schema!r} with {writing}"
