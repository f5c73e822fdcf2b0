"""Repeats: how what was written once would be written again: keys and values, in every spelling and any order.

It is the `Spelling` that a text's memory asks for. Built when a text first has something to remember.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from llmpost.automata.algebra import Term
from llmpost.constraints.json_schema.shapes.claim import Claim, Constant
from llmpost.constraints.json_schema.values import JsonValue, Real
from llmpost.constraints.json_schema.writing.values import Writer, following


class Repeats:
    """Spells with a writer of its own, to which the order of keys is nothing; made when it is first needed."""

    def __init__(self, make_writer: Callable[[], Writer]) -> None:
        self._make_writer = make_writer

    @cached_property
    def _writer(self) -> Writer:
        return self._make_writer()

    def keys(self, names: Sequence[str]) -> Term:
        """Every way to write one of these keys, between its quotation marks."""
        return self._writer.meaning.strings.texts(names)

    def value(self, value: JsonValue) -> Term:
        """Every way to write a value, or one that equals it."""
        with following():
            return self._writer.value((Claim(Constant(_exact(value))),))


def _exact(value: Any) -> Any:
    """The value with its numbers as they were written."""
    if isinstance(value, Real):
        return value.exact
    if isinstance(value, Mapping):
        return {name: _exact(member) for name, member in value.items()}
    return list(map(_exact, value)) if isinstance(value, Sequence) and not isinstance(value, str) else value
