"""The finish budget of JSON Schemas: whatever is drawn from masks of the tokens left is complete when they have run
out, on vocabularies of any kind, also where keys and items may not come twice."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_schemas import schemas

from llmpost import compile_constraint
from llmpost.constraints import State
from llmpost.constraints.gate import NOT_KNOWN
from llmpost.constraints.json_schema.planned_state import PlannedJsonState
from llmpost.errors import ConstraintError
from llmpost.vocabulary import Vocabulary

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "vocab"
BYTES = [bytes([octet]) for octet in range(256)]
PIECES = [b'{"', b'": ', b'", "', b'"}', b"[[", b"]]", b", ", b"12", b'a": ', b"true", b'","', b"}]}", b"    ", b"1,1"]
HUGE = [b'{"name": "' + b"a" * 60, b"a" * 100 + b'"}', b"1" * 90, b" " * 100, b'"' * 50]
NO_BYTES = [b'{"', b'"}', b'": ', b'"', b"a", b"b", b"ab", b"0", b"1", b"12", b"[", b"]", b", ", b",", b"{", b"}", b":"]
KINDS = {"bytes": BYTES, "pieces": [*BYTES, *PIECES], "huge": [*BYTES, *HUGE], "no bytes": NO_BYTES}

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 3},
        "age": {"type": "integer", "minimum": 10},
        "tags": {"type": "array", "items": {"enum": ["x", "yy", "zzz"]}, "maxItems": 5},
        "next": {"$ref": "#"},
    },
    "required": ["name", "age"],
}
SCHEMAS: dict[str, Any] = {
    "person": PERSON,
    "anything": True,
    "unique": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "minItems": 12},
    "keys": {"type": "object", "minProperties": 3, "additionalProperties": {"type": "boolean"}},
    "pattern": {"type": "string", "pattern": "^(ab|ba){3,}$", "minLength": 9},
    "one of": {"oneOf": [{"type": "integer", "minimum": 100}, {"type": "array", "minItems": 3, "items": PERSON}]},
}


@cache
def vocabulary_of(kind: str) -> Vocabulary:
    if kind in KINDS:
        return Vocabulary.from_tokens([*KINDS[kind], b"</s>"], eos_ids=[len(KINDS[kind])])
    with np.load(FOLDER / f"{kind}.npz") as file:
        data, ends = file["data"].tobytes(), np.cumsum(file["lengths"].astype(np.int64)).tolist()
        specials = np.flatnonzero(np.unpackbits(file["special"])[: len(ends)]).tolist()
        eos = np.atleast_1d(file["eos"]).tolist()
    tokens = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return Vocabulary.from_tokens(tokens, special_ids=specials, eos_ids=eos)


def value_drawn(start: State, tokens_left: int, chance: random.Random) -> Any:
    """The value of a text of which every token was drawn from the mask of the tokens left."""
    state, text = start, b""
    for left in range(tokens_left, 0, -1):
        ids = state.mask(left).ids()
        assert len(ids), (text, left, state.tokens_needed)
        token = int(ids[chance.randrange(len(ids))])
        assert state.allows(token, left)
        text += start.reach.texts[token]
        state = state.advance(token)
        if state.is_finished:
            return json.loads(text, parse_float=_exact)
    pytest.fail(f"not complete: {text!r}")


def _exact(text: str) -> int | Decimal:
    """No float: 1e999 is a number too."""
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value


@contextmanager
def unless_refused() -> Iterator[None]:
    """Some schemas are refused, a few of them not before the part in question is read: they show nothing here."""
    try:
        yield
    except ConstraintError:
        assume(False)


SPELLED = [(kind, name) for kind in KINDS for name in SCHEMAS if kind != "no bytes" or name in ("anything", "pattern")]
"""Without bytes the letters of the names are not there, and few numbers."""


@pytest.mark.parametrize(("kind", "name"), SPELLED)
def test_what_is_drawn_is_complete(kind: str, name: str) -> None:
    """From the number that the start needs up, and at that number itself."""
    start = compile_constraint(vocabulary_of(kind), json_schema=SCHEMAS[name]).start()
    chance = random.Random(7)
    for more in (0, 0, 1, 2, 3, 5, 8, 20):
        value = value_drawn(start, start.tokens_needed + more, chance)
        jsonschema.validate(value, SCHEMAS[name])


@pytest.mark.parametrize("kind", ["tekken_131k", "o200k_200k"])
@pytest.mark.parametrize("name", ["person", "unique", "one of"])
def test_what_is_drawn_is_complete_on_real_vocabularies(kind: str, name: str) -> None:
    """The same with a hundred thousand tokens."""
    if not (FOLDER / f"{kind}.npz").exists():
        pytest.skip("the real vocabularies are not beside this checkout")
    start = compile_constraint(vocabulary_of(kind), json_schema=SCHEMAS[name]).start()
    chance = random.Random(3)
    for more in (0, 2, 9):
        jsonschema.validate(value_drawn(start, start.tokens_needed + more, chance), SCHEMAS[name])


@settings(max_examples=60)
@given(schema=schemas(), seed=st.integers(0, 1 << 30), more=st.integers(0, 12))
def test_random_schemas_are_completed(schema: Any, seed: int, more: int) -> None:
    """Schemas of all keywords: from the number that the start needs up every text is complete."""
    with unless_refused():
        constraint = compile_constraint(vocabulary_of("pieces"), json_schema=json.dumps(schema))
        assume(constraint.report.is_exact)
        start = constraint.start()
        value_drawn(start, start.tokens_needed + more, random.Random(seed))


@settings(max_examples=60)
@given(schema=schemas(), seed=st.integers(0, 1 << 30))
def test_what_is_said_at_a_glance_is_enough(schema: Any, seed: int) -> None:
    """Where a mask says how many tokens are enough for all that it allows, they are: also through parts that nobody has
    read yet."""
    with unless_refused():
        state = compile_constraint(vocabulary_of("pieces"), json_schema=json.dumps(schema)).start()
        assume(not isinstance(state, PlannedJsonState))
        chance = random.Random(seed)
        for _ in range(12):
            ids = state.mask().ids()
            enough = state.cell.enough
            if not len(ids) or state.is_finished:
                return
            for token in ids[:: 1 + len(ids) // 8].tolist():
                assert enough >= NOT_KNOWN or state.advance(token).tokens_needed < enough
            state = state.advance(int(ids[chance.randrange(len(ids))]))


def test_the_number_is_that_of_the_shortest_text() -> None:
    """Where every byte is a token it is the length of the shortest text and the end id; a longer token shortens it."""
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    assert compile_constraint(vocabulary_of("bytes"), json_schema=schema).start().tokens_needed == len('{"a":0}') + 1
    vocabulary = Vocabulary.from_tokens([*BYTES, b'{"a":', b"7}", b"</s>"], eos_ids=[258])
    assert compile_constraint(vocabulary, json_schema=schema).start().tokens_needed == 3


@pytest.mark.parametrize("order", ["schema", "any"])
def test_many_required_keys_are_counted(order: str) -> None:
    """In any order there is a state for each subset, and nobody looks at all: the number is that of one order."""
    names = [f"key{number}" for number in range(24)]
    schema = {"type": "object", "properties": {name: {"type": "integer"} for name in names}, "required": names}
    start = compile_constraint(vocabulary_of("bytes"), json_schema=schema, key_order=order).start()
    assert start.tokens_needed == len(json.dumps(dict.fromkeys(names, 0), separators=(",", ":"))) + 1
