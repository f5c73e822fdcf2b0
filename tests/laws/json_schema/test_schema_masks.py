"""Masks of schemas over tokens that span the joints of JSON: exact ones are brute force, sound ones contain it."""

from __future__ import annotations

from itertools import permutations, product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_schema_oracle import Oracle
from random_instances import related_value
from random_schemas import Schema, documents
from schemas_compiled import (
    TINY,
    WHOLE,
    Judge,
    compact,
    compiled,
    described,
    tokens_of,
    where_followed,
    writings,
)
from spelled_json import Freedom, spelled
from spelling_oracle import Writing
from ways_out import GaveUp, way_out

from llmpost import Vocabulary
from llmpost.constraints.state import State

pytestmark = pytest.mark.slow
seeds = st.integers(0, 2**32)
choices = st.lists(st.integers(0, 100), min_size=1, max_size=6)
NUM_TRIED = 12

SCALARS: list[Any] = [None, True, 1, "", "a"]
UNIVERSE: Schema = {
    "anyOf": [
        {"enum": SCALARS},
        {"type": "array", "maxItems": 2, "items": {"enum": SCALARS}},
        {"type": "object", "propertyNames": {"enum": ["a", "b"]}, "additionalProperties": {"enum": SCALARS}},
    ]
}
VALUES = [*SCALARS, *([*items] for size in range(3) for items in product(SCALARS, repeat=size))]
VALUES += [dict(zip(names, found, strict=True)) for size in range(3) for names in permutations("ab", size)
           for found in product(SCALARS, repeat=size)]  # fmt: skip
TOKENS = [*'{}[]:,"ab01', "null", "true", '{"', '":', '"a":', '{"a":1', '","b', '":"', ",1", '"}', '""', "[]", '":1,"']
FINITE = Vocabulary.from_tokens([b"</s>", *map(str.encode, TOKENS), b"1]", b'a","b":'], eos_ids=[0])
"""Over these a value has one compact spelling for each order of its keys, so a language of VALUES is finite."""


def within_the_universe(schema: Schema) -> Schema:
    """The schema for these values alone; its definitions stay at the root, where references look for them."""
    body = dict(schema) if isinstance(schema, dict) else schema
    definitions = {"$defs": body.pop("$defs")} if isinstance(body, dict) and "$defs" in body else {}
    return {"allOf": [body, UNIVERSE], **definitions}


def texts_of(schema: Schema) -> list[bytes]:
    """Every text of the language, by the oracle."""
    oracle = Oracle(schema)
    plainly = Freedom(False, False, False, False)
    return [spelled(value, Random(0), plainly).encode() for value in VALUES if oracle.is_valid(value)]


def brute_force(texts: list[bytes], written: bytes) -> list[int]:
    """The ids after which one of these texts can still come."""
    ends = [0] if written in texts else []
    tokens = enumerate(FINITE.tokens)
    return ends + [i for i, token in tokens if token and any(text.startswith(written + token) for text in texts)]


@settings(max_examples=100)
@given(documents(), choices)
@where_followed
def test_masks_are_brute_force(schema: Schema, wanted: list[int]) -> None:
    """Within a finite universe of values an exact mask allows what leads to a valid text, a sound one at least that."""
    both = within_the_universe(schema)
    texts = texts_of(both)
    constraint = compiled(both, compact, FINITE)
    if constraint is None:
        assert texts == [], described(both, compact)
        return
    state, written = constraint.start(), b""
    for choice in wanted:
        expected, found = brute_force(texts, written), state.mask().ids().tolist()
        assert set(expected) <= set(found), (described(both, compact), written)
        assert state.can_end == (written in texts), (described(both, compact), written)
        if constraint.report.is_exact:
            assert found == expected, (described(both, compact), written)
        going_on = [token for token in expected if token]
        if not going_on:
            return
        token = going_on[choice % len(going_on)]
        state, written = state.advance(token), written + FINITE.tokens[token]


@settings(max_examples=80)
@given(documents(), writings, seeds, choices)
@where_followed
def test_no_valid_text_is_masked(schema: Schema, writing: Writing, seed: int, cuts: list[int]) -> None:
    """However a valid text is cut into tokens, each is in the mask of its place, and the end is at the end."""
    random, judge = Random(seed), Judge.of(schema, writing)
    constraint = compiled(schema, writing)
    texts = [spelled(related_value(schema, random), random) for _ in range(6)]
    for text in [text for text in texts if judge.verdict(text) == "inside"][:3]:
        assert constraint is not None, (described(schema, writing), text)
        state = constraint.start()
        for token in tokens_of(WHOLE, text.encode(), cuts) or ():
            is_allowed = state.mask().allows(token), state.allows(token)
            assert is_allowed == (True, True), (described(schema, writing), text, WHOLE.tokens[token])
            state = state.advance(token)
        assert (state.can_end, state.allows(0)) == (True, True), (described(schema, writing), text)


@settings(max_examples=60)
@given(documents(), writings, seeds)
@where_followed
def test_every_allowed_token_has_a_witness(schema: Schema, writing: Writing, seed: int) -> None:
    """Under an exact constraint each allowed token leads to some end over the vocabulary, and what was written there is
    valid. A sound one may lead nowhere, but what it ends is valid too."""
    random, judge = Random(seed), Judge.of(schema, writing)
    constraint = compiled(schema, writing, TINY)
    if constraint is None:
        return
    state, written = constraint.start(), b""
    for _ in range(3):
        ids = [token for token in state.mask().ids().tolist() if token]
        for token in random.sample(ids, min(len(ids), NUM_TRIED // 3)):
            witnessed(state, written, token, judge, constraint.report.is_exact)
        if not ids:
            return
        token = random.choice(ids)
        state, written = state.advance(token), written + TINY.tokens[token]


def witnessed(state: State, written: bytes, token: int, judge: Judge, is_exact: bool) -> None:
    begun = written + TINY.tokens[token]
    try:
        rest = way_out(state.advance(token), TINY)
    except GaveUp:
        return
    if rest is None:
        assert not is_exact, (described(judge.schema, judge.writing), begun)
    else:
        assert judge.verdict((begun + rest).decode()) != "outside", (
            described(judge.schema, judge.writing),
            begun + rest,
        )
