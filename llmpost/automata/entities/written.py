"""Written: a language that is a pattern, in Python's dialect with the classes of ASCII.

Each pattern is read once in a process. Knows no checksum.
"""

from __future__ import annotations

from functools import lru_cache, partial

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.entities.bounds import Bounds
from llmpost.automata.entities.entity import Form
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import Expression


def written(pattern: str, bounds: Bounds, *, ignore_case: bool = True) -> Form:
    """What the pattern matches as a whole, in either case."""
    return Form(partial(term_of, pattern, ignore_case=ignore_case), bounds)


def term_of(pattern: str, algebra: Algebra, *, ignore_case: bool = False) -> Term:
    return language_of(_expression(pattern, ignore_case), algebra)


@lru_cache(maxsize=256)
def _expression(pattern: str, ignore_case: bool) -> Expression:
    return read_regex(f"(?a:{pattern})", ignore_case=ignore_case)
