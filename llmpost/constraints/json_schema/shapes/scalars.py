"""Scalars: the sets of strings and the sets of numbers of one algebra, and how their values are spelled."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.numbers.numbers import Numbers
from llmpost.constraints.json_schema.shapes.number_sets import NumberSet
from llmpost.constraints.json_schema.shapes.scalar_set import ScalarSet
from llmpost.constraints.json_schema.strings.strings import Strings


class Scalars:
    """Both kinds, and how they are spelled."""

    def __init__(self, algebra: Algebra, strings: Strings, numbers: Numbers) -> None:
        self.spelled_strings = strings
        self.spelled_numbers = numbers
        self.strings = ScalarSet(algebra, strings.any())
        self.numbers = NumberSet(algebra, numbers)

    def few_strings(self, texts: Iterable[str]) -> Term:
        spelled = {text: one for one in texts if (text := spelled_string(one)) is not None}
        return self.strings.few(spelled, lambda some: self.spelled_strings.texts(map(str, some)))

    def few_numbers(self, values: Iterable[Decimal]) -> Term:
        return self.numbers.exactly(values)


def spelled_string(text: str) -> bytes | None:
    """What stands between the quotes; None for what is no text, a lone surrogate."""
    try:
        return json.dumps(text, ensure_ascii=False)[1:-1].encode()
    except UnicodeEncodeError:
        return None
