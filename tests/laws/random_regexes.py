"""Random regular expressions of the whole dialect, random texts for them, and how a term is asked about a text."""

from __future__ import annotations

import re
import warnings

from hypothesis import strategies as st

from llmpost.automata.algebra import Term
from llmpost.automata.reference import ReferenceAlgebra

LETTERS = "abK1_ \né"
"""Few, so that random texts match: two letters, one with three cases, a digit, word borders, an end of line."""

_ATOMS = [
    "a", "b", "K", "1", " ", r"\n", "é", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S",
    "[ab]", "[^a]", "[a-c1]", r"[\w ]", r"[^\w]", r"[^\s\S]", r"\x61", r"\u00e9", "ab", "",
]  # fmt: skip
_EDGES = ["^", "$", r"\A", r"\Z", r"\b", r"\B"]
_QUANTIFIERS = ["*", "+", "?", "{2}", "{1,2}", "{,3}", "{2,}", "{0,7}"]
_GROUPS = ["({})", "(?:{})", "(?P<g>{})", "(?i:{})", "(?s:{})", "(?m:{})", "(?a:{})", "(?x: {} )", "(?-m:{})"]
_LOOKS = ["(?={})", "(?!{})", "(?<={})", "(?<!{})"]
_BEFORE_ALL = ["", "", "(?i)", "(?m)", "(?s)", "(?a)", "(?im)", "(?x)"]


def texts(max_size: int = 8) -> st.SearchStrategy[str]:
    """Texts of few letters."""
    return st.text(LETTERS, max_size=max_size)


@st.composite
def patterns(draw: st.DrawFn, with_atomic: bool = False) -> str:
    """A pattern that `re` can read."""
    pattern = draw(st.sampled_from(_BEFORE_ALL)) + draw(_bodies(with_atomic))
    return pattern if is_read_by_re(pattern) else draw(st.sampled_from(["", "a", r"\bab?$"]))


def simple_patterns() -> st.SearchStrategy[str]:
    """Patterns that every regular expression engine can read."""
    return st.recursive(
        st.sampled_from(["a", "b", "1", "é", "[ab]", "[^a1]", ".", "ab"]),
        lambda inner: st.one_of(
            st.builds("({}){}".format, inner, st.sampled_from(["", "*", "+", "?", "{2}", "{1,3}", "{2,}"])),
            st.lists(inner, min_size=1, max_size=3).map("".join),
            st.lists(inner, min_size=2, max_size=3).map("|".join),
        ),
        max_leaves=6,
    )


def _bodies(with_atomic: bool) -> st.SearchStrategy[str]:
    groups = [*_GROUPS, *_LOOKS, "(?>{})"] if with_atomic else _GROUPS + _LOOKS
    follow = ["", "?", "+"] if with_atomic else ["", "?"]

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        grouped = st.builds(str.format, st.sampled_from(groups), inner)
        repeated = st.builds("(?:{}){}{}".format, inner, st.sampled_from(_QUANTIFIERS), st.sampled_from(follow))
        return st.one_of(
            grouped,
            repeated,
            st.lists(inner, max_size=3).map("".join),
            st.lists(inner, min_size=2, max_size=3).map("|".join),
        )

    return st.recursive(st.sampled_from(_ATOMS) | st.sampled_from(_EDGES), larger, max_leaves=8)


def is_read_by_re(pattern: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError):
            return False
    return True


def accepts(algebra: ReferenceAlgebra, term: Term, text: str | bytes) -> bool:
    """Whether the text is in the language."""
    return algebra.can_end(algebra.after(term, text.encode() if isinstance(text, str) else text))
