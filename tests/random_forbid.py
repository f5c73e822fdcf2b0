"""Random rules of what is forbidden, and whether a text breaks one, as the `regex` package finds it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regex
from hypothesis import strategies as st

from llmpost.errors import ConstraintError

Given = str | Mapping[str, Any]

_PATTERNS = [
    "a", "ab", "b+a", "[0-9]{2}", r"\d{3}-\d{2}-\d{4}", r"\bab\b", "(?<!b)a1", "1(?!2)", "^b", "a$", "é", ".a.", r"\s1",
    r"a\b", "[^a]b", "ba|ab1", "(?i)A1", r"\W\W", "1, ", '"a"', r"\\u0", "n", "true", "0",
]  # fmt: skip
_WORDS = ["a", "ab", "ba", "é", "b1", "12", "B", "K", " ", "n", '"', "\\", "tru", "e9", "1,", "b\n"]

rules: st.SearchStrategy[Given] = st.one_of(
    st.sampled_from(_PATTERNS),
    st.fixed_dictionaries({"regex": st.sampled_from(_PATTERNS), "ignore_case": st.booleans()}),
    st.fixed_dictionaries({"phrase": st.sampled_from(_WORDS)}, optional={"ignore_case": st.booleans()}),
    st.fixed_dictionaries({"phrases": st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4)}),
)
some_rules = st.lists(rules, min_size=1, max_size=3)


def finds(rule: Given, text: str) -> bool:
    """Whether a match of the rule is in the text."""
    given = {"regex": rule} if isinstance(rule, str) else rule
    flags = regex.IGNORECASE if given.get("ignore_case") else 0
    texts = given.get("phrases", [given["phrase"]] if "phrase" in given else [])
    patterns = [given["regex"]] if "regex" in given else map(regex.escape, texts)
    return any(regex.search(pattern, text, flags) for pattern in patterns)


def is_clean(forbid: Sequence[Given], text: str) -> bool:
    """Whether no rule finds anything in a text."""
    return not any(finds(rule, text) for rule in forbid)


def is_clean_json(forbid: Sequence[Given], text: str) -> bool:
    """The same of a JSON text as it is written, and of each of its strings and keys as it is read."""
    return is_clean(forbid, text) and all(is_clean(forbid, string) for string in _strings(json.loads(text)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from _strings(inner)


def leaves_nothing(error: ConstraintError) -> bool:
    """Whether a constraint was refused because nothing is left of it."""
    return error.where == "forbid"
