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
from llmpost.constraints.forbid.entities import Entities
from llmpost.constraints.forbid.forbidden import Forbidden, Rule, joined, looks_around, parts_of
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
_IN_ESCAPE = 5
"""Characters of an escape behind its backslash."""
_IS_ACROSS = re.compile(_ACROSS).fullmatch


class Clean:
    """The clean ones among the scalars of one algebra."""

    def __init__(self, forbidden: Forbidden, algebra: Algebra, scalars: Scalars) -> None:
        self._algebra = algebra
        self._scalars = scalars
        self._least = {part: part.least(algebra) for rule in forbidden.rules for part in parts_of(rule)}
        self._in_numbers = forbidden.only(part for part in self._least if self._may_be_in_numbers(part))
        self._no_number = algebra.complement(self._in_numbers.containing(algebra, ANYTHING))
        self._least_digits = _least_digits(self._in_numbers, algebra)
        self._as_written = _near(forbidden).containing(algebra, ANYTHING)
        self._literals = frozenset(name for name in LITERALS if not self._is_written(name.encode()))
        self._keys: dict[str, Term] = {}
        self._denials: dict[tuple[Rule, ...], Term] = {}
        self.any_string = self._without(scalars.strings.whole, self._denial(tuple(self._least)))

    def shape(self, shape: Shape) -> Shape:
        """The same containers, and the clean ones of the scalars."""
        literals = shape.literals & self._literals
        return replace(
            shape, literals=literals, strings=self.strings(shape.strings), numbers=self.numbers(shape.numbers)
        )

    def numbers(self, term: Term) -> Term:
        """The clean ones of a set of numbers."""
        return (
            term if self._no_number != ANYTHING and self._are_few_digits(term) else self._without(term, self._no_number)
        )

    def _are_few_digits(self, term: Term) -> bool:
        """Whether numbers have fewer digits before their point than any match; behind it no entity stands."""
        magnitude = self._scalars.numbers.magnitude(term) if self._least_digits else None
        if not self._least_digits or magnitude is not None:
            return magnitude is not None and magnitude < 10 ** (self._least_digits - 1)
        run = self._algebra.repeat(self._algebra.octets([(0x30, 0x39)]), self._least_digits, self._least_digits)
        with_run = self._algebra.concat([ANYTHING, run, ANYTHING])
        return not self._algebra.is_live(self._algebra.intersect([term, with_run]))

    def strings(self, term: Term) -> Term:
        """The clean ones of a set of strings, in the spellings that are clean."""
        if term == self._scalars.strings.whole:
            return self.any_string
        given = self._scalars.strings.given(term)
        if given is not None and all(self._scalars.spelled_strings.has_one_spelling(str(one)) for one in given):
            return self._scalars.strings.both(term, self.any_string)  # some of the given, where no term is intersected
        return self._without(term, self._denial(tuple(part for part in self._least if self._has_room(term, part))))

    def _has_room(self, term: Term, part: Rule) -> bool:
        """Whether any string is as long as the shortest match: in bytes, or, as no entity has a backslash, in
        characters but for those that the end of an escape may look like."""
        if isinstance(part, Entities):
            long = self._scalars.spelled_strings.of_length(max(1, self._least[part] - _IN_ESCAPE), None)
        else:
            long = self._algebra.repeat(self._algebra.octets([(0, 255)]), self._least[part], None)
        return self._algebra.is_live(self._algebra.intersect([term, long]))

    def _denial(self, parts: tuple[Rule, ...]) -> Term:
        """Strings without a match of these parts of rules, as they are read and as they are written."""
        known = self._denials.get(parts)
        if known is None:
            forbidden = Forbidden(joined(parts))
            as_read = self._scalars.spelled_strings.found(forbidden.containing)
            found = self._algebra.alternate([as_read, _near(forbidden).containing(self._algebra, ANYTHING)])
            known = self._denials[parts] = self._algebra.complement(found)
        return known

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

    def _may_be_in_numbers(self, part: Rule) -> bool:
        """Whether a piece of a number may be a match."""
        pieces = language_of(_expression(_IN_NUMBER), self._algebra)
        matches = part.term(self._algebra)
        return not _looks_out(part) and self._algebra.is_live(self._algebra.intersect([matches, pieces]))

    def _is_written(self, text: bytes) -> bool:
        return self._algebra.can_end(self._algebra.after(self._as_written, text))


def _least_digits(in_numbers: Forbidden, algebra: Algebra) -> int:
    """Digits in a row without which no number has a match; 0 where that cannot be said."""
    are_runs = all(isinstance(rule, Entities) and rule.is_joined_by(".") for rule in in_numbers.rules)
    return min((rule.least(algebra) for rule in in_numbers.rules), default=0) if are_runs else 0


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


def _near(forbidden: Forbidden) -> Forbidden:
    """The rules that a scalar can be held against as it is written, by itself."""
    return forbidden.only(rule for rule in forbidden.rules if not _looks_out(rule))


def _looks_out(rule: Rule) -> bool:
    """Whether a match in a scalar may depend on what is around the scalar."""
    if isinstance(rule, Phrases) or not looks_around(rule):
        return False
    return any(map(rule.tells_apart, _AROUND))
