"""Patterns of very many parts: what is plain is read at once, and the rest is refused before it takes long."""

from __future__ import annotations

import pytest

from llmpost.automata.reference import ReferenceAlgebra
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.errors import ConstraintError


@pytest.mark.parametrize(
    "pattern",
    ["(?i)" + "ab" * 200_000, "a?" * 200_000, r"\b" * 100_000, r"[\W\d]" * 100_000, "(?!a)" * 100_000, "|" * 200_000],
    ids=lambda pattern: pattern[:6],
)
def test_too_many_parts_are_refused(pattern: str) -> None:
    """A pattern whose tree alone would take longer than a compilation may is refused while it is read."""
    with pytest.raises(ConstraintError, match="a pattern of so many parts is not"):
        read_regex(pattern)


@pytest.mark.parametrize("pattern", ["(?i)" + "ab" * 20_000, "(?x)" + "a b " * 20_000], ids=["(?i)", "(?x)"])
def test_letters_read_one_by_one_are_read(pattern: str) -> None:
    """Where a flag keeps letters from being read as one text, each is read once."""
    algebra = ReferenceAlgebra()
    term = language_of(read_regex(pattern), algebra)
    assert algebra.can_end(algebra.after(term, b"ab" * 20_000))
