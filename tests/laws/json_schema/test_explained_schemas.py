"""Refusals of JSON texts: the place is what masks say, and without the rule that is named the text gets further."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_instances import related_value
from random_schemas import Schema, documents
from schemas_compiled import WHOLE, compiled, where_followed, writings
from spelled_json import spelled
from spelling_oracle import Writing

from llmpost import compile_constraint
from llmpost.constraints import Constraint
from llmpost.constraints.json_schema.document.pointers import steps_of
from llmpost.contracts.refusal import Refusal
from llmpost.errors import ConstraintError, TokenRejected

pytestmark = pytest.mark.slow


def texts_for(schema: Schema, random: Random) -> list[str]:
    """Texts along the schema, some with a character changed, left out or put in."""
    texts = [spelled(related_value(schema, random), random) for _ in range(3)]
    place = random.randint(0, len(texts[0]))
    return [*texts, texts[0][:place] + random.choice('{}[],:"a1 \\') + texts[0][place + random.randint(0, 1) :]]


def place_by_masks(constraint: Constraint, text: bytes) -> int:
    """How many bytes of the text are tokens that each state's mask allows."""
    state = constraint.start()
    for place, octet in enumerate(text):
        token = WHOLE.token_id(bytes([octet]))
        if token is None or not state.mask().allows(token):
            return place
        try:
            state = state.advance(token)
        except TokenRejected:
            return place
    return len(text)


@where_followed
@settings(max_examples=60, deadline=None)
@given(schema=documents(), writing=writings, seed=st.integers(0, 1 << 30))
def test_a_text_leaves_where_masks_say(schema: Schema, writing: Writing, seed: int) -> None:
    """explain_text is None for what is accepted; else its place is that of the first byte a mask forbids."""
    constraint = compiled(schema, writing)
    if constraint is None or not constraint.report.is_exact:
        return
    for text in texts_for(schema, Random(seed)):
        refusal = constraint.explain_text(text)
        assert (refusal is None) == constraint.accepts(text)
        if refusal is not None:
            assert refusal.place == place_by_masks(constraint, text.encode())
            assert refusal.expected
            assert refusal.rules


@where_followed
@settings(max_examples=60, deadline=None)
@given(schema=documents(), writing=writings, seed=st.integers(0, 1 << 30))
def test_without_the_rule_the_text_gets_further(schema: Schema, writing: Writing, seed: int) -> None:
    """A keyword that alone is responsible is one without which more of the text, or its end, is allowed."""
    constraint = compiled(schema, writing)
    if constraint is None:
        return
    for text in texts_for(schema, Random(seed)):
        refusal = constraint.explain_text(text)
        if refusal is None or [rule.kind for rule in refusal.rules] != ["json_schema"]:
            continue
        (rule,) = refusal.rules
        if not rule.where.startswith("/"):
            continue
        less = compiled(removed(schema, steps_of(rule.where)), writing)
        assert less is not None
        after = less.explain_text(text)
        assert after is None or gets_further(refusal, after)


def gets_further(refusal: Refusal, after: Refusal) -> bool:
    return after.place > refusal.place


def removed(tree: Any, steps: list[str]) -> Any:
    """The schema without a keyword; a schema that is false is true. By definition, on a copy of all of it."""
    tree = json.loads(json.dumps(tree))
    here = tree
    for step in steps[:-1]:
        here = here[int(step)] if isinstance(here, list) else here[step]
    last: Any = int(steps[-1]) if isinstance(here, list) else steps[-1]
    if here[last] is False:
        here[last] = True
    else:
        del here[last]
    return tree


@where_followed
@settings(max_examples=12, deadline=None)
@given(schema=documents(1), writing=writings, seed=st.integers(0, 1 << 30))
def test_tokens_are_explained_exactly_when_they_are_masked(schema: Schema, writing: Writing, seed: int) -> None:
    """Along a text, with tokens that cross the joints of JSON and borders where nothing may come again."""
    constraint, random = compiled(schema, writing), Random(seed)
    if constraint is None:
        return
    state = constraint.start()
    for _ in range(6):
        mask = state.mask()
        for token in random.sample(range(WHOLE.size), 12):
            refusal = constraint.explain(state, token)
            assert (refusal is None) == mask.allows(token)
            assert refusal is None or all(mask.allows(near) for near, _ in refusal.nearest)
        ids = [int(token) for token in mask.ids() if WHOLE.tokens[token]]
        if not ids:
            return
        state = state.advance(random.choice(ids))


def test_a_schema_of_many_keywords_is_explained_by_those_that_look() -> None:
    """What looks elsewhere is not tried: of hundreds of properties those of the one that was written."""
    properties = {f"p{number}": {"type": "integer", "maximum": number} for number in range(300)}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    refusal = compile_constraint(WHOLE, json_schema=schema, max_seconds=30.0).explain_text('{"p3": 4}')
    assert refusal is not None
    assert [rule.where for rule in refusal.rules] == ["/properties/p3/maximum"]


def test_what_was_not_looked_into_is_said() -> None:
    """A schema so large that it is read a few times only: what was found by then, and that there may be another."""
    bounds = {"maximum": 3, "minimum": 0, "exclusiveMinimum": -1, "multipleOf": 1}
    schema = {"type": "integer", **bounds, "description": "x" * 3_000_000}
    refusal = compile_constraint(WHOLE, json_schema=schema, max_seconds=30.0).explain_text("4")
    assert refusal is not None
    assert refusal.certainty == "one of"
    assert str(refusal).endswith("By /maximum (3), or by what was not looked into.")


def test_what_cannot_be_followed_is_an_error() -> None:
    """Neither text nor bytes: named as it was given."""
    constraint = compile_constraint(WHOLE, json_schema={})
    with pytest.raises(ConstraintError, match="explain_text: 3 is not text or bytes"):
        constraint.explain_text(3)  # type: ignore[arg-type]
