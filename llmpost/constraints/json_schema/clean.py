"""Clean: JSON values in which nothing forbidden occurs, scalar by scalar.

A string is searched as it is read and as it is written, a number and a name as they are written; so what is forbidden
is a part of the language of each scalar, and most rules then need no second look at the text around them. Those that
can match across scalars, or look at what is around a match, are left to be held against the whole text. It knows
neither schemas nor objects.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from llmpost.automata.algebra import ANYTHING, EMPTY, Algebra, Term
from llmpost.automata.regex.language import language_of
from llmpost.automata.regex.reader import read_regex
from llmpost.automata.regex.syntax import Expression
from llmpost.constraints.forbid.forbidden import Forbidden, Rule, looks_around
from llmpost.constraints.forbid.phrases import Phrases
from llmpost.constraints.json_schema.shapes.scalars import Scalars, spelled_string
from llmpost.constraints.json_schema.shapes.shape import LITERALS, Shape

_IN_NUMBER = r"-?[0-9]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?"
_PART = rf"(?:{_IN_NUMBER}|[a-z]{{0,5}})"
_SPACE = r"[ \t\n\r]"
_MARK = rf"{_SPACE}*[{{}}\[\],][ \t\n\r{{}}\[\],]*"
_ACROSS = "|".join(
    [
        '(?s:.*".*)',
        rf"{_PART}{_SPACE}+",
        rf"{_SPACE}+{_PART}{_SPACE}*",
        rf"{_SPACE}*:{_SPACE}*{_PART}(?:{_MARK}{_PART})*{_SPACE}*",
        rf"{_SPACE}*{_PART}(?:{_MARK}{_PART})+{_SPACE}*",
    ]
)
"""Pieces of JSON texts, and more than those, that are in no scalar: with a quotation mark, or with what is between
scalars and parts of numbers and names around it. A colon comes behind a quotation mark alone."""

_AROUND = '" \t\n\r{}[]:,'
"""What may stand beside a scalar, or inside of its quotation marks beside what is in it."""
_IS_ACROSS = re.compile(_ACROSS).fullmatch


class Clean:
    """The clean ones among the scalars of one algebra."""

    def __init__(self, forbidden: Forbidden, algebra: Algebra, scalars: Scalars) -> None:
        near = forbidden.only(rule for rule in forbidden.rules if not _looks_out(rule))
        as_written = near.containing(algebra, ANYTHING)
        as_read = scalars.spelled_strings.found(forbidden.containing)
        self._algebra = algebra
        self._scalars = scalars
        self._as_written = as_written
        self._no_string = algebra.complement(algebra.alternate([as_read, as_written]))
        matches = algebra.alternate([rule.term(algebra) for rule in near.rules])
        self._no_number = algebra.complement(as_written) if self._may_be_in_numbers(matches) else ANYTHING
        self._literals = frozenset(name for name in LITERALS if not self._is_written(name.encode()))
        self._keys: dict[str, Term] = {}
        self.any_string = self._without(scalars.strings.whole, self._no_string)

    def shape(self, shape: Shape) -> Shape:
        """The same containers, and the clean ones of the scalars."""
        strings, numbers = self.strings(shape.strings), self._without(shape.numbers, self._no_number)
        return replace(shape, literals=shape.literals & self._literals, strings=strings, numbers=numbers)

    def strings(self, term: Term) -> Term:
        """The clean ones of a set of strings, in the spellings that are clean."""
        if term == self._scalars.strings.whole:
            return self.any_string
        given = self._scalars.strings.given(term)
        if given is not None and all(self._scalars.spelled_strings.has_one_spelling(str(one)) for one in given):
            return self._scalars.strings.both(term, self.any_string)  # some of the given, where no term is intersected
        return self._without(term, self._no_string)

    def key(self, name: str) -> Term:
        """The ways to write a key, between its quotation marks; EMPTY where it is forbidden, also by these marks."""
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = self._key(name)
        return known

    def _key(self, name: str) -> Term:
        text = spelled_string(name)
        if text is None or (self._scalars.spelled_strings.has_one_spelling(name) and self._is_written(b'"%b"' % text)):
            return EMPTY
        return self.strings(self._scalars.few_strings([name]))

    def _without(self, term: Term, others: Term) -> Term:
        if EMPTY in (term, others) or others == ANYTHING:
            return term if others == ANYTHING else EMPTY
        both = self._algebra.intersect([term, others])
        return both if self._algebra.is_live(both) else EMPTY

    def _may_be_in_numbers(self, matches: Term) -> bool:
        """Whether a piece of a number may be a match."""
        pieces = language_of(_expression(_IN_NUMBER), self._algebra)
        return self._algebra.is_live(self._algebra.intersect([matches, pieces]))

    def _is_written(self, text: bytes) -> bool:
        return self._algebra.can_end(self._algebra.after(self._as_written, text))


def across_scalars(forbidden: Forbidden, algebra: Algebra) -> Forbidden | None:
    """The rules that clean scalars do not keep, if any: they may match across several, or ask what is around them."""
    across = language_of(_expression(_ACROSS), algebra)
    rules = tuple(kept for rule in forbidden.rules if (kept := _across(rule, algebra, across)) is not None)
    return Forbidden(rules) if rules else None


@cache
def _expression(pattern: str) -> Expression:
    return read_regex(pattern)


def _across(rule: Rule, algebra: Algebra, across: Term) -> Rule | None:
    """Of a rule what may match across scalars, if anything."""
    if isinstance(rule, Phrases) and not rule.ignore_case:
        texts = tuple(text for text in rule.texts if _IS_ACROSS(text))
        return replace(rule, texts=texts) if texts else None
    is_across = _looks_out(rule) or algebra.is_live(algebra.intersect([rule.term(algebra), across]))
    return rule if is_across else None


def _looks_out(rule: Rule) -> bool:
    """Whether a match in a scalar may depend on what is around the scalar."""
    if isinstance(rule, Phrases) or not looks_around(rule):
        return False
    return any(map(rule.tells_apart, _AROUND))
