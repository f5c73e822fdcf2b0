"""Large and hostile patterns: what is cheap stays cheap, and what is not is refused instead of hanging."""

from __future__ import annotations

import pytest

from llmpost.automata.reference import ReferenceAlgebra
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.errors import ConstraintError


@pytest.mark.parametrize(
    "pattern",
    [".{0,1000000}", "((a{1000}){1000}){1000}", r"\w{3,50000}\b", "(a|b){20000}c", r"^(?=.{1,60000}$)\w+$"],
)
def test_counts_are_not_unrolled(pattern: str) -> None:
    """A count makes no term of its own, however high it is."""
    algebra = ReferenceAlgebra()
    language_of(read_regex(pattern), algebra)
    assert algebra.num_terms < 60


def test_many_literals_are_one_choice() -> None:
    """Ten thousand branches are a choice: no term each."""
    algebra = ReferenceAlgebra()
    term = language_of(read_regex("|".join(f"word{number}" for number in range(10_000))), algebra)
    assert algebra.num_terms < 10
    assert algebra.can_end(algebra.after(term, b"word9999"))


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:\b\w{1,9}\b){0,900000}",
        r"(?:(?:(?:a\b){0,1000}){0,1000}){0,1000}",
        r".*(?<=a.{40})b.*(?<=(?:b|c).{40})",
        r"(?:(?!a)b){1000000}",
        r".*(?<=(?:a|b){100000})c",
    ],
)
def test_too_much_is_refused(pattern: str) -> None:
    """What would take too much work, or memory of the past, is refused in words."""
    with pytest.raises(ConstraintError, match="is not"):
        language_of(read_regex(pattern), ReferenceAlgebra())


def test_the_budget_of_the_algebra_counts() -> None:
    """Where the algebra may not have as many terms, the pattern is refused."""
    with pytest.raises(ConstraintError, match="within the budget"):
        language_of(read_regex("abc|d+|e{3}|[fg]h"), ReferenceAlgebra(max_terms=5))


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(?:a|a)*c", "(?:(?:a?){20}b?)*$", "((((a*)*)*)*\\b)*", "(?:a*\\b)*(?=b)b"]
)
def test_catastrophes_are_none(pattern: str) -> None:
    """Patterns that backtrack for ever elsewhere are walked letter by letter."""
    algebra = ReferenceAlgebra()
    term = language_of(read_regex(pattern), algebra)
    assert not algebra.can_end(algebra.after(term, b"a" * 60 + b"!"))
    assert algebra.num_terms < 2000
