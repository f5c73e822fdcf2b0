"""Random languages as recipes: one recipe makes the same term in any algebra. Hypothesis draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from hypothesis import strategies as st

from llmpost.automata.algebra import ANYTHING, EMPTY, EPSILON, Algebra, Term

Recipe: TypeAlias = tuple[Any, ...]
"""The name of a member of the algebra and its arguments; terms among them are recipes."""

LETTERS = "ab\x7f\x80é߿ࠀ€\ud7ff\ue000\uffff😀\U0010ffff"
"""Characters at the borders of the lengths of UTF-8, and near each other."""

_code_points = st.sampled_from([0, 0x60, 0x61, 0x62, 0x7F, 0x80, 0xE9, 0x7FF, 0x800, 0x20AC, 0xD7FF, 0xE000, 0xFFFF])
_code_points |= st.sampled_from([0x10000, 0x1F600, 0x10FFFF])


def ranges(values: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Ascending and apart."""

    def paired(borders: set[int]) -> list[tuple[int, int]]:
        ascending = sorted(borders)
        return list(zip(ascending[::2], ascending[1::2], strict=False))

    return st.sets(values, max_size=6).map(paired)


texts = st.lists(st.sampled_from([*LETTERS]).map(str.encode) | st.binary(max_size=2), max_size=3).map(b"".join)
"""Valid UTF-8 and not, so short that random languages contain some of them."""


@st.composite
def documents(draw: st.DrawFn) -> tuple[bytes, bytes, int]:
    """A text, sometimes several with separators between, where its pieces start and end, and how long they are."""
    text = b"\xff".join(draw(st.lists(texts, min_size=1, max_size=2)))
    marks = draw(st.lists(st.sampled_from([3, 3, 0, 1, 2]), min_size=len(text) + 1, max_size=len(text) + 1))
    return text, bytes(marks), draw(st.sampled_from([0, 0, 1, 2]))


leaves: st.SearchStrategy[Recipe] = (
    st.sampled_from([("empty",), ("epsilon",), ("anything",)])
    | st.tuples(st.just("characters"), ranges(_code_points))
    | st.tuples(st.just("octets"), ranges(st.sampled_from([0, 0x61, 0x62, 0x80, 0xC3, 0xE2, 0xFF])))
    | st.tuples(st.just("choice"), st.lists(texts, max_size=4))
    | st.tuples(st.just("substrings"), documents())
)

spans = st.tuples(st.integers(0, 3), st.integers(0, 3) | st.none()).map(
    lambda span: (span[0], None if span[1] is None else span[0] + span[1])
)


def _larger(inner: st.SearchStrategy[Recipe]) -> st.SearchStrategy[Recipe]:
    parts = st.lists(inner, max_size=3)
    return (
        st.tuples(st.sampled_from(["concat", "alternate"]), parts)
        | st.tuples(st.just("repeat"), inner, spans)
        | st.tuples(st.sampled_from(["intersect"]), parts)
        | st.tuples(st.sampled_from(["complement", "deferred", "watched"]), inner)
    )


def _positive(inner: st.SearchStrategy[Recipe]) -> st.SearchStrategy[Recipe]:
    parts = st.lists(inner, min_size=1, max_size=3)
    return st.tuples(st.sampled_from(["concat", "alternate"]), parts) | st.tuples(st.just("repeat"), inner, spans)


recipes = st.recursive(leaves, _larger, max_leaves=8)
"""All constructors but rules."""

plain_recipes = st.recursive(leaves, _positive, max_leaves=8)
"""Without intersect and complement."""

NUM_RULES = 3
bodies = st.recursive(
    leaves | st.tuples(st.just("rule"), st.integers(0, NUM_RULES - 1)),
    lambda inner: st.tuples(st.sampled_from(["concat", "alternate"]), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=6,
)
"""Of rules, which may name each other."""

grammars = st.lists(bodies, min_size=NUM_RULES, max_size=NUM_RULES)


def make(recipe: Recipe, algebra: Algebra, rules: tuple[Term, ...] = ()) -> Term:
    """The recipe's term in this algebra."""
    constants = {"empty": EMPTY, "epsilon": EPSILON, "anything": ANYTHING}
    many: dict[str, Callable[[list[Term]], Term]] = {
        "concat": algebra.concat, "alternate": algebra.alternate, "intersect": algebra.intersect,
    }  # fmt: skip
    match recipe:
        case ("empty" | "epsilon" | "anything" as name,):
            return constants[name]
        case ("characters", spans_):
            return algebra.characters(spans_)
        case ("octets", spans_):
            return algebra.octets(spans_)
        case ("choice", options):
            return algebra.choice(options)
        case ("substrings", (text, marks, least)):
            return algebra.substrings(text, marks, least)
        case ("repeat", inner, (low, high)):
            return algebra.repeat(make(inner, algebra, rules), low, high)
        case ("complement", inner):
            return algebra.complement(make(inner, algebra, rules))
        case ("watched", inner):
            return algebra.watched(make(inner, algebra, rules))
        case ("deferred", inner):
            return algebra.deferred(lambda: _promised(make(inner, algebra, rules), algebra))
        case ("rule", number):
            return rules[number]
        case (name, parts):
            return many[name]([make(part, algebra, rules) for part in parts])
    raise ValueError(recipe)


def _promised(term: Term, algebra: Algebra) -> Term:
    """The term behind an a, or ab: what may be deferred has a text, and none that is empty."""
    return algebra.alternate([algebra.choice([b"ab"]), algebra.concat([algebra.choice([b"a"]), term])])


def define_all(grammar: list[Recipe], algebra: Algebra) -> tuple[Term, ...]:
    """A term for each rule, all defined; a body that would read its own rule first is refused, and EMPTY instead."""
    rules = tuple(algebra.rule() for _ in grammar)
    for rule, body in zip(rules, grammar, strict=True):
        try:
            algebra.define(rule, make(body, algebra, rules))
        except ValueError:
            algebra.define(rule, EMPTY)
    return rules
