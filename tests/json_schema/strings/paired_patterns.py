"""Random patterns in ECMA's dialect, each beside the pattern that means the same in Python's `re`."""

from __future__ import annotations

from hypothesis import strategies as st

Pair = tuple[str, str]

_ATOMS: list[Pair] = [
    *((one, one) for one in ("a", "b", '"', r"\\", "é", "/", r"\n", "[ab]", "[^a]", '[^"]', "ab", "", "😀", "[à-ý]")),
    (".", "[^\n\r\u2028\u2029]"),
    (r"\d", "[0-9]"),
    (r"\w", "[A-Za-z0-9_]"),
    (r"\W", "[^A-Za-z0-9_]"),
    (r"[\s\S]", r"[\s\S]"),
]
_EDGES: list[Pair] = [("^", r"\A"), ("$", r"\Z"), (r"\b", r"(?a:\b)"), (r"\B", r"(?!(?a:\b))")]
_QUANTIFIERS = ["*", "+", "?", "{2}", "{1,3}", "{2,}"]
_GROUPS = ["(?:{})", "({})", "(?={})", "(?!{})"]


def _larger(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda group, pair: (group.format(pair[0]), group.format(pair[1])), st.sampled_from(_GROUPS), inner),
        st.builds(
            lambda pair, times: (f"(?:{pair[0]}){times}", f"(?:{pair[1]}){times}"), inner, st.sampled_from(_QUANTIFIERS)
        ),
        several.map(lambda pairs: ("".join(one for one, _ in pairs), "".join(other for _, other in pairs))),
        several.map(lambda pairs: ("|".join(one for one, _ in pairs), "|".join(other for _, other in pairs))),
    )


def _anchored(pair: Pair, start: bool, end: bool) -> Pair:
    ecma, python = pair
    return "^" * start + f"(?:{ecma})" + "$" * end, r"\A" * start + f"(?:{python})" + r"\Z" * end


patterns = st.builds(
    _anchored,
    st.recursive(st.sampled_from(_ATOMS) | st.sampled_from(_EDGES), _larger, max_leaves=6),
    st.booleans(),
    st.booleans(),
)
simple_loops = st.builds(
    lambda before, body, times, behind: _anchored(
        (f"{before}{body[0]}{times}{behind}", f"{before}{body[1]}{times}{behind}"), True, True
    ),
    st.sampled_from(["", "a", "ab"]),
    st.sampled_from(_ATOMS).filter(lambda pair: len(pair[0]) > 0 and pair[0] != "ab"),
    st.sampled_from(["", *_QUANTIFIERS, "{0,30}"]),
    st.sampled_from(["", "b"]),
)
"""Whose length hangs on one counter."""
