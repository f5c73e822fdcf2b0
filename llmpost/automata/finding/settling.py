"""Settling: which candidates are matches by now, and which wait for an older thread that they may turn out to lie in.

A thread that is older than the reach is undecided: it will be a match of each of its tags in any case, and what lies
in it is none. Knows no text.
"""

from __future__ import annotations

from typing import NamedTuple

from llmpost.automata.finding.candidates import Candidate, Candidates
from llmpost.automata.finding.scan import State, tags_of
from llmpost.automata.finding.table import Shelf


class Settled(NamedTuple):
    state: State
    """It has only candidates that wait."""
    final: tuple[Candidate, ...]


def settled(shelf: Shelf, reach: int, state: State) -> Settled:
    """No candidate to come begins before a thread, and so none that is final lies in one."""
    undecided: dict[int, int] = {}
    oldest = state.position
    for start, row in state.threads:
        if state.position - start <= reach:
            oldest = start
            break
        undecided = dict.fromkeys(tags_of(shelf, row), start) | undecided
    left = [one for one in state.candidates if one.start < undecided.get(one.tag, state.position)]
    waiting = tuple(one for one in left if one.start >= oldest)
    return Settled(state._replace(candidates=waiting), tuple(one for one in left if one.start < oldest))


def ended(shelf: Shelf, reach: int, state: State) -> tuple[Candidate, ...]:
    """What there is at the end of the text."""
    candidates = Candidates(state.candidates)
    for start, row in state.threads:
        if state.position - start > reach:
            for tag in tags_of(shelf, row):
                candidates.add(Candidate(tag, start, state.position, True))
    return candidates.left()
