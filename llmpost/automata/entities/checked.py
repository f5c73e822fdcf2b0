"""Checked: the numbers of a shape whose checksum is right, as one machine.

The shape is a pattern over digits, capital letters and separators; its states are terms of an algebra of this process,
so that neither needs to know how the other counts. Of the algebra that the language is read into it knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial, reduce
from threading import Lock
from typing import Final, NamedTuple

from llmpost.automata.algebra import EMPTY, Term
from llmpost.automata.entities.bounds import GROUPS, RUN, Bounds
from llmpost.automata.entities.checksums import DIGITS, Checksum
from llmpost.automata.entities.entity import Form
from llmpost.automata.entities.machine import State, language
from llmpost.automata.entities.written import term_of
from llmpost.automata.reference import ReferenceAlgebra

_SEPARATORS: Final = " -./+"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Row(NamedTuple):
    """What a state of a shape allows."""

    can_end: bool
    steps: tuple[tuple[str, Term], ...]


class _Shape:
    """A pattern as an automaton, its rows made when first looked at."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        has_letters = any(one in _LETTERS for one in pattern)
        self._characters = DIGITS + _SEPARATORS + (_LETTERS if has_letters else "")
        self._algebra = ReferenceAlgebra()
        self._rows: dict[Term, _Row] = {}
        self._lock = Lock()

    def read(self) -> Term:
        with self._lock:
            return term_of(self._pattern, self._algebra)

    def row(self, term: Term) -> _Row:
        known = self._rows.get(term)
        if known is None:
            with self._lock:
                behind = [(one, self._algebra.derive(term, ord(one))) for one in self._characters]
                steps = tuple((one, term) for one, term in behind if term != EMPTY)
                known = self._rows[term] = _Row(self._algebra.can_end(term), steps)
        return known


class Checked:
    """A `Machine`. Its states are those of the shape, and of the checksum behind them."""

    def __init__(self, pattern: str, checksum: Checksum) -> None:
        self._shape = _Shape(pattern)
        self._checksum = checksum

    @cached_property
    def start(self) -> State:
        return self._shape.read(), *self._checksum.start

    def steps(self, state: State) -> Iterator[tuple[str, State]]:
        shape, *count = state
        for character, behind in self._shape.row(shape).steps:
            yield character, (behind, *self._checksum.after(tuple(count), character))

    def can_end(self, state: State) -> bool:
        shape, *count = state
        return self._shape.row(shape).can_end and self._checksum.is_right(tuple(count))

    def is_surely_live(self, state: State) -> bool:
        return False


def checked(pattern: str, checksum: Checksum, bounds: Bounds = RUN) -> Form:
    """The texts that match the pattern as a whole, written in capitals, and have a right checksum; in either case."""
    shape = partial(term_of, pattern, ignore_case=True)
    return Form(partial(language, Checked(pattern, checksum)), bounds, shape, partial(_adds_up, checksum))


def _adds_up(checksum: Checksum, text: str) -> bool:
    return checksum.is_right(reduce(checksum.after, text.upper(), checksum.start))


def numbers(run: str, groups: Sequence[str], checksum: Checksum) -> tuple[Form, Form]:
    """The same, written in one run, and in groups with hyphens or with spaces between them."""
    spaced, hyphened = " ".join(groups), "-".join(groups)
    return checked(f"{run}|{hyphened}", checksum), checked(spaced, checksum, GROUPS)
