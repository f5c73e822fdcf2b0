"""Machine: a deterministic automaton in plain Python, and its language as terms that are read when needed.

Where arithmetic decides, the states are numbers and not terms: a remainder of 97 at each of thirty places. They are
found once in a process, and only what a text gets to becomes a term. Everything is by characters, so that an algebra
with a spelling of its own (JSON's escapes) can read it; letters stand for both of their cases.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Protocol, TypeAlias

from llmpost.automata.algebra import EMPTY, EPSILON, Algebra, Term
from llmpost.automata.regex.ranges import RangeSet, union

State: TypeAlias = tuple[int, ...]

_REMEMBERED = 1 << 16
"""States of all machines together of which a process remembers whether they live."""


class Machine(Hashable, Protocol):
    """Every text that it reads is bounded in length."""

    @property
    def start(self) -> State:
        """Before the first character."""

    def steps(self, state: State) -> Iterable[tuple[str, State]]:
        """Each character, letters as capitals, that may come next, and what it leads to; perhaps to nothing."""

    def can_end(self, state: State) -> bool:
        """Whether what has been read is in the language."""

    def is_surely_live(self, state: State) -> bool:
        """Whether it is known without a search that something more can be read to make it one of the language."""


def language(machine: Machine, algebra: Algebra) -> Term:
    """What the machine reads. Terms are the same as long as this one is asked, each of its states having one."""
    return _Reading(machine, algebra).term(machine.start)


@lru_cache(maxsize=_REMEMBERED)
def _is_live(machine: Machine, state: State) -> bool:
    if machine.can_end(state) or machine.is_surely_live(state):
        return True
    return any(_is_live(machine, behind) for _, behind in machine.steps(state))


@lru_cache(maxsize=_REMEMBERED >> 3)
def _moves(machine: Machine, state: State) -> Mapping[State, str]:
    """The states from which something can still be read whole, and which characters lead to each."""
    moves: dict[State, str] = {}
    for character, behind in machine.steps(state):
        if _is_live(machine, behind):
            moves[behind] = moves.get(behind, "") + character
    return moves


@dataclass(frozen=True, slots=True)
class _Reading:
    """A machine read into one algebra."""

    machine: Machine
    algebra: Algebra
    terms: dict[State, Term] = field(default_factory=dict)

    def term(self, state: State) -> Term:
        """Of a live state. Of several threads that make one at once, the first is heard."""
        known = self.terms.get(state)
        return self.terms.setdefault(state, self._made(state)) if known is None else known

    def _made(self, state: State) -> Term:
        can_end = self.machine.can_end(state)
        if can_end and not _moves(self.machine, state):
            return EPSILON
        rest = self.algebra.deferred(partial(self._read, state))
        return self.algebra.alternate([EPSILON if can_end else EMPTY, rest])

    def _read(self, state: State) -> Term:
        moves = _moves(self.machine, state).items()
        return self.algebra.alternate([self._step(characters, behind) for behind, characters in moves])

    def _step(self, characters: str, behind: State) -> Term:
        return self.algebra.concat([self.algebra.characters(_in_both_cases(characters)), self.term(behind)])


@lru_cache(maxsize=1024)
def _in_both_cases(characters: str) -> RangeSet:
    codes = [ord(case) for one in characters for case in (one, one.lower())]
    return union((code, code) for code in codes)
