"""Masks are exact: whatever is cached, evicted, shared, batched or compiled, they are what brute force finds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_languages import BruteForce, constraint_in, languages, small_space, vocabularies, walk_along

from llmpost.constraints.source import Source
from llmpost.constraints.space import Limits, Space
from llmpost.constraints.state import State
from llmpost.constraints.tools import PLAIN, best_tools
from llmpost.errors import TokenRejected
from llmpost.vocabulary import Vocabulary

steps = st.lists(st.integers(0, 100), max_size=4)
several = st.lists(languages, min_size=1, max_size=3)

KINDS = {"plain": PLAIN, "compiled": best_tools()}


def space_of(vocabulary: Vocabulary, kind: str, **limits: int) -> Space:
    if kind == "compiled" and best_tools() is PLAIN:
        pytest.skip("the compiled extension is not built")
    return Space(vocabulary, Limits(**limits), KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(vocabulary=vocabularies(), source=languages, choices=steps)
def test_mask_is_brute_force(kind: str, vocabulary: Vocabulary, source: Source, choices: list[int]) -> None:
    """A token is in the mask exactly when some completion over this vocabulary is accepted."""
    oracle = BruteForce(vocabulary, source)
    constraint = constraint_in(space_of(vocabulary, kind), source)
    assert (constraint is not None) == oracle.can_finish(b"")
    if constraint is None:
        return
    for text, state in walk_along(constraint.start(), vocabulary, choices):
        allowed = oracle.allowed(text)
        mask = state.mask()
        assert (mask.ids().tolist(), mask.count, state.can_end) == (allowed, len(allowed), oracle.can_end(text))
        assert [token for token in range(-1, vocabulary.size + 40) if mask.allows(token)] == allowed
        assert [token for token in range(-1, vocabulary.size + 40) if state.allows(token)] == allowed
        assert [token for token in range(vocabulary.size) if can_advance(state, token)] == allowed
        assert constraint.accepts(text) == oracle.can_end(text)


def can_advance(state: State, token: int) -> bool:
    try:
        return state.advance(token) is not state
    except TokenRejected:
        return False


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=50, deadline=None)
@given(vocabulary=vocabularies(), sources=several, choices=st.lists(st.tuples(st.integers(0, 9), steps)))
def test_sequences_do_not_see_each_other(
    kind: str, vocabulary: Vocabulary, sources: list[Source], choices: list[tuple[int, list[int]]]
) -> None:
    """Any interleaving of texts, in a store of one mask and with a new generation for each start, gives the masks of
    each text alone in a roomy space."""
    roomy, tight = space_of(vocabulary, kind), space_of(vocabulary, kind, mask_bytes=1, algebra_bytes=1)
    alone, together = [], []
    for which, wanted in choices:
        source = sources[which % len(sources)]
        compiled, same = constraint_in(roomy, source), constraint_in(tight, source)
        assert (compiled is None) == (same is None)
        if compiled is not None and same is not None:
            alone.append([state.mask().ids().tolist() for _, state in walk_along(compiled.start(), vocabulary, wanted)])
            together.append(walk_along(same.start(), vocabulary, wanted))
    seen: list[list[list[int]]] = [[] for _ in together]
    while any(len(done) < len(all_) for done, all_ in zip(seen, alone, strict=True)):
        for done, walk in zip(seen, together, strict=True):
            done.extend(state.mask().ids().tolist() for _, state in islice(walk, 1))
    assert seen == alone


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=50, deadline=None)
@given(vocabulary=vocabularies(), sources=several, choices=steps, num_threads=st.integers(1, 3))
def test_batch_is_single(
    kind: str, vocabulary: Vocabulary, sources: list[Source], choices: list[int], num_threads: int
) -> None:
    """Masks of many states in one call, some of them known, some equal, are the masks one by one."""
    space, apart = space_of(vocabulary, kind, mask_bytes=1), space_of(vocabulary, kind)
    states, singly = [], []
    for source in sources * 2:
        constraint, other = constraint_in(space, source), constraint_in(apart, source)
        if constraint is not None and other is not None:
            states += [state for _, state in walk_along(constraint.start(), vocabulary, choices)]
            singly += [state.mask().ids().tolist() for _, state in walk_along(other.start(), vocabulary, choices)]
    assert [mask.ids().tolist() for mask in State.masks_of(states, num_threads)] == singly


@settings(max_examples=150, deadline=None)
@given(vocabulary=vocabularies(), source=languages, choices=steps)
def test_plain_is_compiled(vocabulary: Vocabulary, source: Source, choices: list[int]) -> None:
    """Both walks and both algebras give the same masks along the same text."""
    plain = constraint_in(space_of(vocabulary, "plain"), source)
    compiled = constraint_in(space_of(vocabulary, "compiled"), source)
    assert (plain is None) == (compiled is None)
    if plain is not None and compiled is not None:
        both = zip(
            walk_along(plain.start(), vocabulary, choices),
            walk_along(compiled.start(), vocabulary, choices),
            strict=True,
        )
        for (text, one), (same_text, other) in both:
            assert (text, one.mask(), one.forced()) == (same_text, other.mask(), other.forced())


@settings(max_examples=100, deadline=None)
@given(vocabulary=vocabularies(), source=languages, choices=steps)
def test_equal_texts_are_equal_states(vocabulary: Vocabulary, source: Source, choices: list[int]) -> None:
    """However a text was cut into tokens, its state is the same value with the same mask object."""
    constraint = constraint_in(small_space(vocabulary), source)
    if constraint is None:
        return
    for text, state in walk_along(constraint.start(), vocabulary, choices):
        other = constraint.start()
        place = 0
        while place < len(text):  # the shortest allowed token each time: possibly another way to cut it
            fits = [i for i, token in enumerate(vocabulary.tokens) if token and text.startswith(token, place)]
            token = next((i for i in sorted(fits, key=lambda i: len(vocabulary.tokens[i])) if other.allows(i)), None)
            if token is None:
                return
            place, other = place + len(vocabulary.tokens[token]), other.advance(token)
        assert (other, hash(other)) == (state, hash(state))
        assert other.mask() is state.mask()


@settings(max_examples=150, deadline=None)
@given(vocabulary=vocabularies(), source=languages, choices=steps)
def test_the_old_state_is_the_rollback(vocabulary: Vocabulary, source: Source, choices: list[int]) -> None:
    """Whatever was advanced, masked or refused afterwards, an earlier state says what it said before."""
    constraint = constraint_in(small_space(vocabulary, mask_bytes=1), source)
    if constraint is None:
        return
    kept = [(state, state.mask().ids().tolist()) for _, state in walk_along(constraint.start(), vocabulary, choices)]
    for state, ids in reversed(kept):
        for token in range(vocabulary.size):
            can_advance(state, token)
        assert state.mask().ids().tolist() == ids


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(vocabulary=vocabularies(), source=languages, choices=steps)
def test_forced_tokens_must_follow(kind: str, vocabulary: Vocabulary, source: Source, choices: list[int]) -> None:
    """No completion goes another way than the forced bytes, and at each place no longer token is allowed."""
    oracle = BruteForce(vocabulary, source)
    constraint = constraint_in(space_of(vocabulary, kind), source)
    if constraint is None:
        return
    for text, state in walk_along(constraint.start(), vocabulary, choices):
        for token in state.forced():
            forced = vocabulary.tokens[token]
            assert not oracle.can_end(text)
            for other in oracle.allowed(text):
                assert forced.startswith(vocabulary.tokens[other])
            text, state = text + forced, state.advance(token)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(vocabulary=vocabularies(), sources=several, choices=st.lists(steps, min_size=4, max_size=8))
def test_threads_see_what_one_thread_sees(
    kind: str, vocabulary: Vocabulary, sources: list[Source], choices: list[list[int]]
) -> None:
    """Texts walked by several threads at once, in one tight space, give the masks they give one after the other."""
    space, apart = space_of(vocabulary, kind, mask_bytes=1, algebra_bytes=5_000), space_of(vocabulary, kind)

    def masks_along(space: Space, number: int) -> list[list[int]]:
        constraint = constraint_in(space, sources[number % len(sources)])
        walk = walk_along(constraint.start(), vocabulary, choices[number]) if constraint else ()
        return [state.mask().ids().tolist() for _, state in walk]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: masks_along(space, number), range(len(choices))))
    assert together == [masks_along(apart, number) for number in range(len(choices))]
