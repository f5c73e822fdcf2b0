"""Numbers of telephones, as people write them.

A plus and 7 to 15 digits (E.164), however they are grouped; numbers of the North American plan with their separators;
and numbers that begin with a trunk zero, with one kind of separator. Digits in one run without a plus are anything, and
so are local numbers without an area.
"""

from __future__ import annotations

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.entities.bounds import ALPHANUMERIC, GROUPS, RUN, Bounds, characters
from llmpost.automata.entities.entity import Entity, Form
from llmpost.automata.entities.written import term_of, written

_EXTENSION = r"(?: ?(?:x|ext\.?) ?\d{1,6})?"
_GAP = r"(?:[ ./-]| ?\(|\)[ -]?)?"

_INTERNATIONAL = rf"\+[1-9](?:{_GAP}\d){{6,14}}{_EXTENSION}"
_IN_BRACKETS = rf"(?:(?:00)?1[ .-]?)?\([2-9]\d\d\)[ -]?[2-9]\d\d[ .-]\d{{4}}{_EXTENSION}"


def _north_american(behind_area: str, behind_office: str, bounds: Bounds) -> Form:
    prefix = f"(?:(?:00)?1{behind_area})?"
    number = rf"[2-9]\d\d{behind_area}[2-9]\d\d{behind_office}\d{{4}}"
    return written(f"{prefix}{number}{_EXTENSION}", bounds)


def _with_trunk_zero(separator: str, fewest: int, bounds: Bounds) -> Form:
    """Of so many to eleven digits; fewer are dates, or numbers of other things."""
    shape = rf"(?:\(0\d{{1,4}}\) ?|0\d{{1,4}}(?:/|{separator}))\d{{2,8}}(?:{separator}\d{{2,4}}){{0,4}}"
    digits = rf"(?:[ ()./-]*\d){{{fewest},11}}"

    def read(algebra: Algebra) -> Term:
        return algebra.intersect([term_of(shape, algebra), term_of(digits, algebra)])

    return Form(read, bounds)


PHONE_NUMBER = Entity(
    "PHONE_NUMBER",
    "the number of a telephone with its country or its area: international, North American, or with a trunk zero",
    (
        written(_INTERNATIONAL, Bounds((*characters("+"), *ALPHANUMERIC))),
        written(_IN_BRACKETS, RUN),
        _north_american("-", "-", RUN),
        _north_american(r"\.", r"\.", RUN),
        _north_american(" ", "[ -]", GROUPS),
        _with_trunk_zero("-", 10, RUN),
        _with_trunk_zero(r"\.", 9, RUN),
        _with_trunk_zero(" ", 9, GROUPS),
    ),
    examples=(
        "+1 555 010 0199", "+12025550123", "+44 (0)20 7946 0958", "+33 1 99 00 12 34", "(202) 555-0123", "202.555.0123",
        "1-202-555-0123 ext. 42", "020 7946 0958", "01 99 00 12 34", "030/90180000", "(02) 5550 1234",
    ),
    near_misses=("2025550123", "102-555-0123", "555-0123", "+123456", "01.02.2024", "2024-01-02", "10+12345678"),
)  # fmt: skip
