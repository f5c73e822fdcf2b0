"""A JSON text is held against what is forbidden as it is written, and string by string as it is read."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from random_forbid import Given, is_clean_json, leaves_nothing, some_rules
from random_instances import related_value
from random_schemas import Schema, documents
from schemas_compiled import WHOLE, where_followed
from spelled_json import printed, spelled

from llmpost import compile_constraint
from llmpost.constraints import Constraint
from llmpost.errors import ConstraintError

pytestmark = pytest.mark.slow


def compiled(schema: Schema, forbid: list[Given], **settings: object) -> Constraint | None:
    """None where nothing is left of it."""
    try:
        compile_constraint(WHOLE, json_schema=schema, max_seconds=30.0, **settings)
    except ConstraintError:
        reject()
    try:
        return compile_constraint(WHOLE, json_schema=schema, forbid=forbid, max_seconds=2.0, **settings)
    except ConstraintError as error:
        if error.allowed.startswith("within"):
            reject()  # rules that match across scalars can make it long to see that nothing is left
        if not leaves_nothing(error):
            raise
        return None


@settings(max_examples=100)
@given(documents(), some_rules, st.sampled_from(["minimal", "any"]), st.integers(0, 2**32))
@example({"type": "string"}, ["n"], "minimal", 0)
@example({"enum": ["a", "é"]}, ["u00e9"], "minimal", 0)
@example({"enum": [1, 10]}, ["1.0"], "minimal", 0)
@where_followed
def test_json_is_accepted_when_clean(schema: Schema, forbid: list[Given], escapes: str, seed: int) -> None:
    """A JSON text that its schema allows is accepted exactly when it and each of its strings and keys are clean."""
    random = Random(seed)
    try:
        alone = compile_constraint(WHOLE, json_schema=schema, escapes=escapes, key_order="any", max_seconds=30.0)
    except ConstraintError:
        return
    constraint = compiled(schema, forbid, escapes=escapes, key_order="any")
    for _ in range(8):
        value = related_value(schema, random)
        for text in (spelled(value, random), printed(value, random), json.dumps(value, default=float)):
            wanted = alone.accepts(text) and is_clean_json(forbid, text)
            assert (constraint is not None and constraint.accepts(text)) == wanted, text


@settings(max_examples=60)
@given(documents(), some_rules, st.integers(0, 2**32))
@where_followed
def test_json_output_is_clean(schema: Schema, forbid: list[Given], seed: int) -> None:
    """Whatever is drawn, no mask is empty, and what comes to its end is clean."""
    random = Random(seed)
    constraint = compiled(schema, forbid)
    if constraint is None:
        return
    state, text = constraint.start(), b""
    for _ in range(40):
        ids = state.mask().ids().tolist()
        assert ids, text
        token = random.choice(ids)
        state, text = state.advance(token), text + WHOLE.tokens[token] * (token not in WHOLE.end_ids)
        if state.is_finished:
            assert is_clean_json(forbid, text.decode()), text
            return


def test_of_alternatives_one_may_want_its_items_unique() -> None:
    """A rule held against the whole text leaves an array that may repeat its items free to do so."""
    schema = {"anyOf": [
        {"items": {"const": 1}, "minItems": 3}, {"uniqueItems": True, "items": {"type": "integer"}, "maxItems": 2},
    ]}  # fmt: skip
    constraint = compiled(schema, ["1,2"])
    assert constraint is not None
    state = constraint.start()
    for token in b"[1,1":
        state = state.advance(WHOLE.tokens.index(bytes([token])))
    assert [state.allows(WHOLE.tokens.index(token)) for token in (b",1", b"]")] == [True, False]
