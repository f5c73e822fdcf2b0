"""Finding by brute force, from its definition: every start, every end, every neighbour; and random things to seek."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from entity_twins import is_bounded
from hypothesis import strategies as st
from random_regexes import simple_patterns

from llmpost.automata.entities.bounds import OPEN, RUN, WORD, Bounds, characters
from llmpost.automata.entities.entity import Form
from llmpost.automata.entities.written import written
from llmpost.automata.finding.match import Match, Sought
from llmpost.automata.reference import ReferenceAlgebra

LETTERS = "ab1.- é😀"
_SETS = st.sampled_from(["", "a", "1", ".-", "b1", "é", ". "]).map(characters)

bounds = st.sampled_from([OPEN, WORD, RUN]) | st.builds(Bounds, _SETS, _SETS, _SETS, _SETS)
forms = st.builds(written, simple_patterns() | st.sampled_from(["a+", "a|a.*b", "(a.)*1", "a{2,4}b?"]), bounds)
_SHAPE = written("[ab1]{1,6}|b+.", OPEN).read


def _is_even(text: str) -> bool:
    return text.count("a") % 2 == 0


checked = st.builds(Form, st.just(_SHAPE), bounds, st.just(_SHAPE), st.just(_is_even))
"""What has something to pass beyond what is read."""
sought = st.lists(st.builds(Sought, forms | checked, st.sampled_from([7, 3, 9])), max_size=4)
texts = st.text(LETTERS, max_size=14) | st.text([*LETTERS, "\ud800", "\0", "\u200b"], max_size=10)


def matches_of(sought: Sequence[Sought], reach: int, text: str) -> tuple[Match, ...]:
    """All that is found, in order: of each tag what lies in no other."""
    everything = [
        match
        for tag, same in groupby(sorted(sought, key=lambda one: one.tag), key=lambda one: one.tag)
        for match in _maximal(_begun(tag, [one.form for one in same], reach, text))
    ]
    return tuple(sorted(everything, key=lambda match: (match.start, match.end, match.tag)))


def _maximal(matches: Sequence[Match]) -> list[Match]:
    return [
        one
        for one in matches
        if not any(other != one and other.start <= one.start and one.end <= other.end for other in matches)
    ]


def _begun(tag: int, forms: Sequence[Form], reach: int, text: str) -> list[Match]:
    """From each start the longest match, or how long it may still become one where that is longer than the reach."""
    found = []
    for start in range(len(text)):
        ends = [_ends(form, text, start) for form in forms if _may_start(form.bounds, text, start)]
        alive = max((end for live, _ in ends for end in live), default=start)
        whole = max((end for _, read in ends for end in read), default=None)
        if alive - start > reach:
            found.append(Match(tag, start, alive, True))
        elif whole is not None:
            found.append(Match(tag, start, whole))
    return found


def _may_start(bounds: Bounds, text: str, start: int) -> bool:
    return is_bounded(text[: start + 1], start, start + 1, bounds)


def _ends(form: Form, text: str, start: int) -> tuple[list[int], list[int]]:
    """Up to where it can go on, or has come to an end just there; and where it is a match."""
    algebra = ReferenceAlgebra()
    term = (form.shape if form.holds and form.shape else form.read)(algebra)
    live, read = [], []
    for end in range(start + 1, len(text) + 1):
        term = algebra.after(term, text[end - 1].encode("utf-8", "surrogatepass"))
        if not algebra.is_live(term):
            break
        live.append(end)
        is_right = algebra.can_end(term) and (form.holds is None or form.holds(text[start:end]))
        if is_right and is_bounded(text, start, end, form.bounds):
            read.append(end)
    return live, read
