"""Random small vocabularies and languages for laws, and the slow and obvious answer to what a mask must be.

A language is a recipe, a nested tuple, so that a failing example can be read and be built in any algebra.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.reference import ReferenceAlgebra
from llmpost.constraints.constraint import Constraint
from llmpost.constraints.reach import Reach
from llmpost.constraints.source import Source
from llmpost.constraints.space import Limits, Space
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport
from llmpost.errors import ConstraintError
from llmpost.vocabulary import Vocabulary

ALPHABET = b"ab\x80\xa9\xc3"
"""Two letters, and bytes that make a character together or stand alone."""

Recipe = tuple[Any, ...]

texts = st.lists(st.sampled_from(ALPHABET), max_size=4).map(bytes)
_leaves = st.one_of(
    st.tuples(st.just("choice"), st.lists(texts, min_size=1, max_size=4)),
    st.tuples(st.just("octets"), st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=3)),
    st.tuples(st.just("characters"), st.sampled_from(["ab", "bé", "é", "aÀé"])),
    st.tuples(st.just("substrings"), st.lists(st.sampled_from(ALPHABET), max_size=8).map(bytes), st.integers(0, 2)),
)


def _larger(parts: st.SearchStrategy[Recipe]) -> st.SearchStrategy[Recipe]:
    several = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        *(st.tuples(st.just(kind), several) for kind in ("concat", "concat", "alternate", "intersect")),
        st.tuples(st.just("complement"), parts),
        st.tuples(st.just("repeat"), parts, st.integers(0, 3), st.sampled_from([0, 1, 4, None])),
    )


recipes = st.recursive(_leaves, _larger, max_leaves=6)


def read(algebra: Algebra, recipe: Recipe) -> Term:
    """The term of a recipe; no text of it leaves the alphabet."""
    kind, given, *numbers = recipe
    match kind:
        case "choice":
            return algebra.choice(given)
        case "octets":
            return algebra.octets(sorted((octet, octet) for octet in set(given)))
        case "characters":
            return algebra.characters(sorted((ord(one), ord(one)) for one in given))
        case "substrings":
            return algebra.substrings(given, b"\3" * (len(given) + 1), *numbers)
        case "complement":
            return algebra.intersect([_all_texts(algebra), algebra.complement(read(algebra, given))])
        case "repeat":
            low, more = numbers
            return algebra.repeat(read(algebra, given), low, None if more is None else low + more)
    parts = [read(algebra, part) for part in given]
    return {"concat": algebra.concat, "alternate": algebra.alternate, "intersect": algebra.intersect}[kind](parts)


def _all_texts(algebra: Algebra) -> Term:
    return algebra.repeat(algebra.octets([(octet, octet) for octet in ALPHABET]), 0, None)


@dataclass(frozen=True)
class RecipeSource:
    """A recipe as what a constraint is made from."""

    recipe: Recipe
    octets: frozenset[int] = frozenset(ALPHABET)
    name: str = "recipe"

    @property
    def report(self) -> ConstraintReport:
        return ConstraintReport({self.name: "exact"})

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        return State(reach, term, cell)

    def read(self, algebra: Algebra) -> Term:
        return read(algebra, self.recipe)


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    """Pieces of characters, equal tokens, empty ones, some bytes missing or none, no, one or several end ids."""
    tokens = draw(st.lists(texts, min_size=1, max_size=12))
    if draw(st.booleans()):
        tokens += [bytes([octet]) for octet in ALPHABET]
    specials = draw(st.integers(0, 3))
    num_ends = draw(st.integers(0, specials))
    tokens = [b"<%d>" % number for number in range(specials)] + draw(st.permutations(tokens))
    return Vocabulary.from_tokens(tokens, special_ids=range(specials), eos_ids=range(num_ends))


languages = recipes.map(RecipeSource)


def constraint_in(space: Space, source: Source) -> Constraint | None:
    """The compiled language; None where no tokens of the vocabulary lead to an end."""
    constraint = Constraint(source, space.generation)
    try:
        constraint.start()
    except ConstraintError:
        return None
    return constraint


def small_space(vocabulary: Vocabulary, **limits: int) -> Space:
    """A space of its own: nothing another test did is in it."""
    return Space(vocabulary, Limits(**limits))


class BruteForce:
    """Masks by definition: try every token, then search for a sequence of tokens that ends the text."""

    def __init__(self, vocabulary: Vocabulary, source: Source) -> None:
        self.vocabulary = vocabulary
        self.algebra = ReferenceAlgebra()
        self.start = source.read(self.algebra)

    def can_finish(self, text: bytes) -> bool:
        return self._can_finish(self.algebra.after(self.start, text))

    @cache  # noqa: B019  # an oracle lives for one example
    def _can_finish(self, term: Term) -> bool:
        todo = [term]
        seen = set(todo)
        while todo:
            here = todo.pop()
            if self.algebra.can_end(here):
                return True
            followers = {self.algebra.after(here, token) for token in self.vocabulary.tokens} - seen
            seen |= followers
            todo += followers
        return False

    def can_end(self, text: bytes) -> bool:
        return self.algebra.can_end(self.algebra.after(self.start, text))

    def allowed(self, text: bytes) -> list[int]:
        """The ids after which some completion over the vocabulary is accepted."""
        ends = self.vocabulary.end_ids if self.can_end(text) else ()
        tokens = enumerate(self.vocabulary.tokens)
        return sorted([*ends, *(i for i, token in tokens if token and self.can_finish(text + token))])


def walk_along(state: State, vocabulary: Vocabulary, choices: list[int]) -> Iterator[tuple[bytes, State]]:
    """The states of one text, each step one of the allowed tokens that write something."""
    text = b""
    yield text, state
    for choice in choices:
        allowed = [int(token) for token in state.mask().ids() if vocabulary.tokens[token]]
        if not allowed:
            return
        token = allowed[choice % len(allowed)]
        text, state = text + vocabulary.tokens[token], state.advance(token)
        yield text, state
