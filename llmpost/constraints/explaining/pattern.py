"""The part of a pattern that a text stands in: for a caret under it.

A pattern is cut where both sides can be read alone and mean, one behind the other, what the whole does; which part a
term belongs to is found by following the parts behind. It knows no text, only what is left of the language, so of two
parts with the same future it may name either.
"""

from __future__ import annotations

from itertools import pairwise

from llmpost.automata.algebra import EMPTY, Algebra, Term
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.errors import ConstraintError

MAX_LENGTH = 200
"""Characters of a pattern that is cut: each place is tried."""
MAX_TERMS = 500
"""Followed in search of the place."""


def part_at(pattern: str, term: Term, algebra: Algebra) -> tuple[int, int] | None:
    """Where the part begins and ends that is being matched before what is left; None where it cannot be told.

    >>> algebra = ReferenceAlgebra()
    >>> part_at("[a-z]+-[0-9]", algebra.after(language_of(read_regex("[a-z]+-[0-9]"), algebra), b"ab-"), algebra)
    (7, 12)
    """
    rests = _rests(pattern, algebra) if len(pattern) <= MAX_LENGTH else {}
    seen: set[Term] = set()
    for start, end in reversed(list(pairwise([*rests, len(pattern)]))):  # the last parts lead to the fewest terms
        if not _follow(algebra, rests[start], seen):
            return None
        if term in seen:
            return (start, end) if len(rests) > 1 else None
    return None


def _rests(pattern: str, algebra: Algebra) -> dict[int, Term]:
    """By place, what is left of the language there; the whole at place 0."""
    whole = _language(pattern, algebra)
    if whole is None:
        return {}
    rests = {0: whole}
    for place in range(1, len(pattern)):
        rest, before = _language(pattern[place:], algebra), _language(pattern[:place], algebra)
        if rest is not None and before is not None and algebra.concat([before, rest]) == whole:
            rests[place] = rest
    return rests


def _language(pattern: str, algebra: Algebra) -> Term | None:
    try:
        return language_of(read_regex(pattern), algebra)
    except ConstraintError:
        return None


def _follow(algebra: Algebra, start: Term, seen: set[Term]) -> bool:
    """Add all terms that the start leads to; False where there are too many."""
    todo = [start] if start not in seen else []
    seen.update(todo)
    while todo:
        here = todo.pop()
        followers = {algebra.derive(here, octet) for octet in range(256)} - seen - {EMPTY}
        seen |= followers
        todo += followers
        if len(seen) > MAX_TERMS:
            return False
    return True
