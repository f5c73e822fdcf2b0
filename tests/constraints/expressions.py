"""Random expressions over languages, and the slow and obvious answer to which texts they have."""

from __future__ import annotations

from collections.abc import Set
from functools import reduce
from itertools import product
from typing import TypeAlias

from hypothesis import strategies as st

from llmpost.constraints.languages import Language, choice, quote, regex

ALPHABET = "abé"
LONGEST = 4
UNIVERSE = tuple("".join(text) for size in range(LONGEST + 1) for text in product(ALPHABET, repeat=size))
"""All short texts of the alphabet."""

Texts: TypeAlias = frozenset[str]

_short = st.text(ALPHABET, max_size=3)


def _choices(texts: list[str]) -> tuple[Language, Texts]:
    return choice(texts), frozenset(texts)


def _quotes(given: tuple[list[str], int]) -> tuple[Language, Texts]:
    documents, least = given
    return quote(documents, least=least), frozenset(
        text for text in UNIVERSE if len(text) >= least and any(text in document for document in documents)
    )


_patterns = {
    "a*": lambda text: set(text) <= {"a"},
    "(ab|é)*": lambda text: not text.replace("ab", "").replace("é", ""),
    ".": lambda text: len(text) == 1,
    r"[\s\S]*": lambda _: True,
    r"[\s\S]*é[\s\S]*": lambda text: "é" in text,
    r"(?![\s\S]*b)[\s\S]*": lambda text: "b" not in text,
    "[^b]+": lambda text: text != "" and "b" not in text,
}

leaves = st.one_of(
    st.lists(_short, min_size=1, max_size=3).map(_choices),
    st.tuples(st.lists(st.text(ALPHABET, max_size=6), min_size=1, max_size=2), st.integers(0, 2)).map(_quotes),
    st.sampled_from(sorted(_patterns)).map(lambda one: (regex(one), frozenset(filter(_patterns[one], UNIVERSE)))),
)


def concatenated(first: Set[str], second: Set[str]) -> Texts:
    return frozenset(a + b for a in first for b in second if len(a + b) <= LONGEST)


def repeated(texts: Set[str], low: int, high: int | None) -> Texts:
    """Longer texts than the universe has come of no more rounds than it is long, and one more."""
    rounds = [reduce(concatenated, [texts] * count, frozenset({""})) for count in range(LONGEST + low + 2)]
    return frozenset().union(*rounds[low : None if high is None else high + 1])


@st.composite
def _combined(draw: st.DrawFn, parts: st.SearchStrategy[tuple[Language, Texts]]) -> tuple[Language, Texts]:
    (one, these), (other, those) = draw(parts), draw(parts)
    low, more = draw(st.integers(0, 2)), draw(st.sampled_from([0, 1, None]))
    high = None if more is None else low + more
    made: list[tuple[Language, Texts]] = [
        (one | other, these | those),
        (one & other, these & those),
        (one - other, these - those),
        (one + other, concatenated(these, those)),
        (~one, frozenset(UNIVERSE) - these),
        (one.repeat(low, high), repeated(these, low, high)),
        ("a" + one, concatenated({"a"}, these)),
        ("ab" - one, frozenset({"ab"}) - these),
    ]
    return draw(st.sampled_from(made))


expressions = st.recursive(leaves, _combined, max_leaves=5)
"""An expression, and its texts among the short ones."""
