"""What a constrained model writes, whatever it would like to write: tokens drawn at random from the masks."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_schemas import Schema, documents
from schemas_compiled import TINY, WHOLE, Judge, compiled, described, where_followed, writings
from spelling_oracle import Writing
from ways_out import GaveUp, way_out

from llmpost import Vocabulary
from llmpost.constraints.state import State

pytestmark = pytest.mark.slow
NUM_TOKENS = 25


def random_walk(state: State, vocabulary: Vocabulary, random: Random) -> tuple[bytes, State]:
    """Tokens drawn from the masks, up to an end or so many of them."""
    text = b""
    for _ in range(random.randint(0, NUM_TOKENS)):
        ids = state.mask().ids().tolist()
        token = random.choice(ids) if ids else 0
        if token == 0:
            break
        text, state = text + vocabulary.tokens[token], state.advance(token)
    return text, state


@pytest.mark.parametrize("vocabulary", [TINY, WHOLE], ids=["tiny", "whole"])
@settings(max_examples=60)
@given(documents(), writings, st.integers(0, 2**32))
@where_followed
def test_what_is_written_is_valid(vocabulary: Vocabulary, schema: Schema, writing: Writing, seed: int) -> None:
    """Random tokens and then the nearest end give a text that parses and is valid; an exact constraint has an end from
    everywhere."""
    judge, random = Judge.of(schema, writing), Random(seed)
    constraint = compiled(schema, writing, vocabulary)
    if constraint is None:
        return
    for _ in range(3):
        text, state = random_walk(constraint.start(), vocabulary, random)
        try:
            rest = way_out(state, vocabulary)
        except GaveUp:
            continue
        if rest is None:
            assert not constraint.report.is_exact, (described(schema, writing), text)
        else:
            whole = (text + rest).decode()
            assert judge.verdict(whole) != "outside", (described(schema, writing), whole)
            assert constraint.accepts(whole)
