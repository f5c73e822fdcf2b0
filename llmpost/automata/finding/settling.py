"""Settling: which candidates are matches by now, and which wait for an older thread that they may turn out to lie in.

A thread that is older than the reach is undecided: it will be a match of each of its tags in any case, and what lies
in it is none. Knows no text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from llmpost.automata.finding.candidates import NOTHING, Candidate, Candidates
from llmpost.automata.finding.scan import State, tags_of
from llmpost.automata.finding.table import Shelf


def first_young(state: State, reach: int) -> int:
    """Where the oldest thread begins that is not undecided; where the state is, if there is none."""
    return next((start for start, _ in state.threads if state.position - start <= reach), state.position)


class Settled(NamedTuple):
    state: State
    """It has only candidates that wait."""
    final: tuple[Candidate, ...]


def settled(shelf: Shelf, reach: int, state: State, passes: Callable[[Candidate], bool]) -> Settled:
    """No candidate to come begins before a thread, and so none that is final lies in one. `passes`: whether one whose
    arithmetic is to be checked is right."""
    undecided: dict[int, int] = {}
    oldest = first_young(state, reach)
    for start, row in state.threads:
        if start >= oldest:
            break
        undecided = dict.fromkeys(tags_of(shelf, row), start) | undecided
    checked = _checked(state.candidates, passes)
    left = [one for one in checked if one.start < undecided.get(one.tag, state.position)]
    waiting = tuple(one for one in left if one.start >= oldest)
    return Settled(state._replace(candidates=waiting), tuple(one for one in left if one.start < oldest))


def _checked(found: tuple[Candidate, ...], passes: Callable[[Candidate], bool]) -> tuple[Candidate, ...]:
    if all(one.to_check == NOTHING for one in found):
        return found
    candidates = Candidates(())
    for one in sorted(found, key=lambda one: (one.end, one.start)):
        if one.to_check == NOTHING or passes(one):
            candidates.add(one._replace(to_check=NOTHING))
    return candidates.left()


def ended(shelf: Shelf, reach: int, state: State) -> tuple[Candidate, ...]:
    """What there is at the end of the text."""
    candidates = Candidates(state.candidates)
    for start, row in state.threads:
        if state.position - start > reach:
            for tag in tags_of(shelf, row):
                candidates.add(Candidate(tag, start, state.position, True))
    return candidates.left()
