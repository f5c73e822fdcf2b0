"""Allowed: texts that are never findings, whatever they look like: by themselves, or by a pattern for all of them.

The patterns are regular languages and read in one pass. Knows no entity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.entities.bounds import OPEN
from llmpost.automata.entities.entity import Form
from llmpost.automata.finding.finder import Finder
from llmpost.automata.finding.match import Sought
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import Expression
from llmpost.errors import ConstraintError
from llmpost.guards.options import Options

LONGEST = 4096
"""Characters: nothing longer is allowed."""


def allowed_by(options: Options) -> Callable[[str], bool]:
    """What `allow` says: texts, in any case, and ``{regex: …}``, each for a whole finding."""
    given = options.value("allow", ())
    if not isinstance(given, Sequence) or isinstance(given, str) or not all(map(_is_entry, given)):
        raise options.error("allow", "a list of texts and {regex: PATTERN}", "Write [info@example.com, {regex: …}].")
    texts = frozenset(one.casefold() for one in given if isinstance(one, str))
    patterns = [_pattern(options, one["regex"]) for one in given if not isinstance(one, str)]
    return partial(_is_allowed, texts, _finder(patterns) if patterns else None)


def _is_entry(one: Any) -> bool:
    if isinstance(one, str):
        return bool(one)
    return isinstance(one, Mapping) and list(one) == ["regex"] and isinstance(one["regex"], str)


def _pattern(options: Options, pattern: str) -> Expression:
    try:
        return read_regex(pattern, ignore_case=True)
    except ConstraintError as error:
        raise options.error("allow", "a pattern that can be read", str(error)) from error


def _finder(patterns: Sequence[Expression]) -> Finder:
    return Finder([Sought(Form(partial(_language, one), OPEN), 0) for one in patterns], reach=LONGEST)


def _language(pattern: Expression, algebra: Algebra) -> Term:
    """No finding is empty."""
    return algebra.intersect([language_of(pattern, algebra), algebra.complement(1)])


def _is_allowed(texts: frozenset[str], patterns: Finder | None, text: str) -> bool:
    if text.casefold() in texts:
        return True
    if patterns is None or len(text) > LONGEST:
        return False
    return any((one.start, one.end) == (0, len(text)) and not one.is_undecided for one in patterns.find(text))
