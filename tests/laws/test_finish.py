"""The finish budget: with so many tokens left, only tokens from which the end can still be reached in time."""

from __future__ import annotations

import pytest
from finish_oracle import FewestTokens
from hypothesis import given
from hypothesis import strategies as st
from random_languages import BruteForce, RecipeSource, constraint_in, languages, vocabularies, walk_along

from llmpost import Vocabulary
from llmpost.constraints.space import Limits, Space
from llmpost.constraints.state import State
from llmpost.constraints.tools import PLAIN, Tools, best_tools

pytestmark = pytest.mark.slow

TOOLS = [pytest.param(PLAIN, id="plain"), pytest.param(best_tools(), id="best")]
MANY = 1 << 20  # not known
choices = st.lists(st.integers(0, 1_000), max_size=6)


def start_of(vocabulary: Vocabulary, language: RecipeSource, tools: Tools) -> State | None:
    constraint = constraint_in(Space(vocabulary, Limits(), tools), language)
    return None if constraint is None else constraint.start()


def assert_room(state: State) -> None:
    """Where a mask says how many tokens are enough for all that it allows, they are."""
    ids = state.mask().ids().tolist()
    enough = state.cell.enough
    if enough < MANY:
        assert state.mask(enough) is state.mask()
        assert all(state.advance(token).tokens_needed < enough for token in ids)


@pytest.mark.parametrize("tools", TOOLS)
@given(vocabulary=vocabularies(), language=languages, steps=choices)
def test_what_is_allowed_can_be_ended_in_time(
    tools: Tools, vocabulary: Vocabulary, language: RecipeSource, steps: list[int]
) -> None:
    """Every token that a mask allows leaves a completion in the tokens left, by a search over all of them; from the
    number that a state needs up something is always allowed, and what is allowed needs one less."""
    start = start_of(vocabulary, language, tools)
    if start is None:
        return
    oracle = BruteForce(vocabulary, language)
    fewest = FewestTokens(oracle)
    for text, state in walk_along(start, vocabulary, steps):
        assert_room(state)
        needed, least = state.tokens_needed, fewest.after(text)
        assert least is not None
        assert needed >= least
        for left in range(needed + 3):
            ids = state.mask(left).ids().tolist()
            assert set(ids) <= set(state.mask().ids().tolist())
            assert [token for token in range(vocabulary.size) if state.allows(token, left)] == ids
            assert ids or left < needed or not vocabulary.end_ids
            for token in ids:
                if vocabulary.tokens[token]:
                    behind = fewest.after(text + vocabulary.tokens[token])
                    assert behind is not None
                    assert behind <= left - 1
                    assert state.advance(token).tokens_needed <= left - 1
                else:
                    assert state.can_end
                    assert left >= 1


@pytest.mark.parametrize("tools", TOOLS)
@given(vocabulary=vocabularies(), language=languages, steps=choices, asked=st.lists(st.integers(0, 30), min_size=1))
def test_what_was_asked_before_makes_no_difference(
    tools: Tools, vocabulary: Vocabulary, language: RecipeSource, steps: list[int], asked: list[int]
) -> None:
    """Asked for any tokens left in any order and twice over, a state's masks are those of a state that was asked for
    nothing else."""
    start = start_of(vocabulary, language, tools)
    if start is None:
        return
    for text, state in walk_along(start, vocabulary, steps):
        for left in (*asked, *asked):
            fresh = start_of(vocabulary, language, tools)
            assert fresh is not None
            alone = next(here for before, here in walk_along(fresh, vocabulary, steps) if before == text)
            assert state.mask(left) == alone.mask(left)


@given(vocabulary=vocabularies(), language=languages)
def test_no_more_is_asked_for_than_a_shortest_text_needs(vocabulary: Vocabulary, language: RecipeSource) -> None:
    """The number that a start needs is at most the best tokenisation of a shortest text in bytes, and the end id."""
    start = start_of(vocabulary, language, best_tools())
    if start is None:
        return
    most = FewestTokens(BruteForce(vocabulary, language)).of_shortest_text()
    assert most is None or start.tokens_needed <= most


@pytest.mark.parametrize("tools", TOOLS)
@given(vocabulary=vocabularies(), language=languages, seed=st.randoms(use_true_random=False), more=st.integers(0, 3))
def test_any_way_through_falling_masks_ends(
    tools: Tools, vocabulary: Vocabulary, language: RecipeSource, seed: object, more: int
) -> None:
    """Whatever is drawn from the masks of the tokens left, the text is complete when they have run out."""
    state = start_of(vocabulary, language, tools)
    if state is None:
        return
    left = state.tokens_needed + more
    while left and not state.is_finished:
        ids = state.mask(left).ids().tolist()
        if not ids:
            break
        state = state.advance(seed.choice(ids))  # type: ignore[attr-defined]
        left -= 1
    assert state.is_finished or (not vocabulary.end_ids and state.can_end)
