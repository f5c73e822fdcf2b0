"""Forced tokens against brute force: a draft that no text contradicts, and that no way to cut the text straddles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_languages import (
    BruteForce,
    RecipeSource,
    constraint_in,
    languages,
    recipes,
    texts,
    vocabularies,
    walk_along,
)

from llmpost.constraints.source import Source
from llmpost.constraints.space import Space
from llmpost.constraints.tools import PLAIN, best_tools
from llmpost.vocabulary import Vocabulary

KINDS = {"plain": PLAIN, "compiled": best_tools()}

narrow = st.tuples(texts.filter(bool), recipes).map(
    lambda pair: RecipeSource(("concat", [("choice", [pair[0] * 2]), pair[1]]))
)
"""Languages whose texts all begin alike, so that there is something to force."""


def forced_bytes(oracle: BruteForce, text: bytes) -> bytes:
    """All bytes that must follow, one after the other, as plainly as it can be said."""
    algebra, forced = oracle.algebra, b""
    while True:
        here = algebra.after(oracle.start, text + forced)
        live = [octet for octet in range(256) if algebra.is_live(algebra.derive(here, octet))]
        if algebra.can_end(here) or len(live) != 1:
            return forced
        forced += bytes(live)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(vocabulary=vocabularies(), source=narrow | languages, choices=st.lists(st.integers(0, 100), max_size=3))
def test_a_draft_is_never_straddled(kind: str, vocabulary: Vocabulary, source: Source, choices: list[int]) -> None:
    """Its bytes begin every completion, each of its tokens is allowed in turn, and wherever a token of the vocabulary
    could begin among them, none ends behind all that is forced."""
    oracle = BruteForce(vocabulary, source)
    constraint = constraint_in(Space(vocabulary, tools=KINDS[kind]), source)
    if constraint is None:
        return
    for text, state in walk_along(constraint.start(), vocabulary, choices):
        draft = b"".join(vocabulary.tokens[token] for token in state.forced())
        forced = forced_bytes(oracle, text)
        assert forced.startswith(draft)
        for token in state.forced():
            state = state.advance(token)
        for place in range(len(draft)):
            for token in vocabulary.tokens:
                if len(token) > len(forced) - place and token.startswith(forced[place:]):
                    beyond = oracle.algebra.after(oracle.start, text + forced[:place] + token)
                    assert not oracle.algebra.is_live(beyond)
