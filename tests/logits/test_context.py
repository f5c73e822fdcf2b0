"""A context is a list that only grows, and that no other context can change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from llmpost.contracts.tokens import Context

ids = st.lists(st.integers(0, 9), max_size=70)


@given(ids, ids, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 9)), max_size=200))
def test_branches_against_lists(prompt: list[int], output: list[int], growth: list[tuple[int, int]]) -> None:
    """Append to any context of the family at any time: each keeps exactly its own tokens."""
    contexts, twins = [Context.of(prompt, output)], [list(output)]
    for choice, token in growth:
        parent = choice % len(contexts)
        contexts.append(contexts[parent].append(token))
        twins.append([*twins[parent], token])
    for context, twin in zip(contexts, twins, strict=True):
        assert context.ids.tolist() == [*prompt, *twin]
        assert context.output.tolist() == twin
        assert (context.position, context.length, context.prompt_length) == (
            len(twin),
            len(prompt) + len(twin),
            len(prompt),
        )


def test_a_long_chain_of_appends_copies_seldom() -> None:
    """Appending to the newest context costs a copy only when its storage has doubled."""
    context, copies = Context.of([1]), 0
    for token in range(10_000):
        longer = context.append(token)
        copies += longer.ids.base is not context.ids.base
        context = longer
    assert copies < 12


def test_views_are_of_the_moment() -> None:
    """What was read from a context does not change when it grows or branches."""
    context = Context.of([1, 2])
    ids_then = context.ids
    longer, other = context.append(3), context.append(4)
    assert (ids_then.tolist(), longer.ids.tolist(), other.ids.tolist()) == ([1, 2], [1, 2, 3], [1, 2, 4])
    assert repr(longer) == "Context(2 prompt tokens, output [3])"


def test_a_prompt_may_be_any_iterable() -> None:
    """Ids come from a generator as well as from a list, and the prompt may be empty."""
    assert Context.of(token for token in (4, 5)).ids.tolist() == [4, 5]
    assert Context.of([]).ids.tolist() == []
    assert Context.of([], [7]).position == 1
