"""Forms that nobody would forbid, and that are found with a low score, or beside a word that says what they are.

Mailboxes that are spelled out for people, numbers of telephones in any groups, and numbers that are digits alone.
Bounds and languages are those of `automata.entities`.
"""

from __future__ import annotations

from typing import Final

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.entities.bounds import ALPHANUMERIC, DIGITS, GROUPS, RUN, Bounds, characters
from llmpost.automata.entities.entity import Form
from llmpost.automata.entities.written import term_of, written

_ATOM = "[0-9a-z_][0-9a-z_+-]{0,30}"
_LABEL = "[0-9a-z](?:[0-9a-z-]{0,30}[0-9a-z])?"
_TOP = "[a-z]{2,16}"
_AT = r"(?: ?[\[({<] ?(?:at|@) ?[\])}>] ?)"
_DOT = r"(?: ?[\[({<] ?(?:dot|\.) ?[\])}>] ?| dot )"
_WORDS = Bounds(ALPHANUMERIC, characters("_.+-"), ALPHANUMERIC)

SPELLED_MAILBOX: Final = (
    written(rf"{_ATOM}(?:(?:\.|{_DOT}){_ATOM}){{0,3}}{_AT}(?:{_LABEL}(?:\.|{_DOT})){{1,4}}{_TOP}", _WORDS),
    written(rf"{_ATOM}(?:(?:\.|{_DOT}){_ATOM}){{0,3}} ?(?:{_AT}|@| at ) ?(?:{_LABEL}{_DOT}){{1,4}}{_TOP}", _WORDS),
)
"""``name (at) host.example``, ``name at host dot example``."""

MAILBOX_IN_WORDS: Final = (written(rf"{_ATOM}(?:\.{_ATOM}){{0,3}} at (?:{_LABEL}\.){{1,4}}{_TOP}", _WORDS),)
"""``name at host.example``, as people say where something is, too."""

_GROUPS = r"(?:\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ -]?)?\d{2,13}(?:[ ./-]\d{2,8}){0,5}(?: ?(?:x|ext\.?) ?\d{1,6})?"
"""Groups of two digits or more, but for what stands before an area; one group perhaps in brackets."""
_DATE = r"\d{4}[./ -]\d\d?[./ -]\d\d?|\d\d?[./-]\d\d?[./-](?:\d\d)?\d\d|(?:19|20)\d\d ?[ /-] ?(?:19|20)\d\d"
_OTHER = rf"{_DATE}|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|\d{{3}}-\d\d-\d{{4}}"


def _grouped(algebra: Algebra) -> Term:
    """Six to fourteen digits; no date, no two years, no address of a host and no number of social security."""
    number = term_of(_GROUPS, algebra, ignore_case=True)
    digits = term_of(r"(?:[ ()./-]*\d){6,14}(?: ?(?:x|ext\.?) ?\d{1,6})?", algebra, ignore_case=True)
    return algebra.intersect([number, digits, algebra.complement(term_of(_OTHER, algebra))])


GROUPED_PHONE: Final = (Form(_grouped, Bounds((*characters("+"), *ALPHANUMERIC), characters(".-/"), DIGITS)),)
"""Digits as telephones have them all over the world, in any groups."""

BARE_SSN: Final = (
    written(r"(?!000|666|9)\d{3}(?!00)\d\d(?!0000)\d{4}", RUN),
    written(r"(?!000|666|9)\d{3}(?:-| )?(?!00)\d\d(?:-| )?(?!0000)\d{4}", GROUPS),
)
"""A Social Security number without its hyphens, or with one of them."""

BARE_PASSPORT: Final = (written(r"\d{9}", RUN),)
