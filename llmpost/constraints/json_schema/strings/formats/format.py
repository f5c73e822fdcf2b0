"""Format: a set of strings that has a name, and how it becomes a term.

Most are patterns, put together from the rules of a standard; what no pattern can say in reasonable length is built
from terms. It knows no standard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import Expression
from llmpost.constraints.json_schema.strings.patterns import ALL_LENGTHS, Lengths


@dataclass(frozen=True, slots=True)
class Format:
    """How its strings are read into an algebra of spelled characters; and their lengths, or more than those."""

    read: Callable[[Algebra], Term]
    lengths: Lengths = ALL_LENGTHS


def written(pattern: str, lengths: Lengths = ALL_LENGTHS) -> Format:
    """The format of what a pattern in Python's dialect matches as a whole."""
    return Format(partial(term_of, pattern), lengths)


def term_of(pattern: str, algebra: Algebra) -> Term:
    """What a pattern of ours matches as a whole; it is read once in a process."""
    return language_of(_expression(pattern), algebra)


@lru_cache(maxsize=128)
def _expression(pattern: str) -> Expression:
    return read_regex(pattern)
