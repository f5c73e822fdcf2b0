"""Table: the automaton that all scans of a finder share, row by row as texts get there.

A row is what is left of each language behind one start: its steps say where a byte leads, its ends which languages are
read whole, its tags which may still become whole. All is in flat arrays, so that both scans (`scan.py` and its compiled
twin) read the same; what is missing there :meth:`Table.learn` finds out. Knows no text and no position.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from llmpost.automata.algebra import EMPTY, Algebra, BudgetExceeded, Term
from llmpost.automata.entities.bounds import Bounds
from llmpost.automata.entities.entity import Form
from llmpost.automata.finding.match import Sought
from llmpost.automata.finding.surroundings import Classes, surroundings_of

UNKNOWN = -1
DEAD = 0
"""The row of nothing: every step stays there."""
BYTES = 256

Key: TypeAlias = tuple[tuple[int, Term], ...]
"""Languages, by their place in the plan, and what is left of them."""


class Language(NamedTuple):
    """All that is sought under one tag, within the same bounds and with the same arithmetic."""

    tag: int
    bounds: int
    holds: Callable[[str], bool] | None
    """What a text that was read whole has still to pass; then the language is but a shape."""
    forms: tuple[Form, ...]

    def read(self, algebra: Algebra) -> Term:
        read = [form.read if form.holds is None or form.shape is None else form.shape for form in self.forms]
        return algebra.alternate([one(algebra) for one in read])


class Plan:
    """What does not depend on any algebra. Tags are numbered from 0 here, and `tags` has those that were given."""

    def __init__(self, sought: Sequence[Sought]) -> None:
        self.tags = tuple(dict.fromkeys(one.tag for one in sought))
        numbers = {tag: number for number, tag in enumerate(self.tags)}
        bounds: dict[Bounds, int] = {}
        forms: dict[tuple[int, int, Callable[[str], bool] | None], list[Form]] = {}
        for form, tag in sought:
            place = bounds.setdefault(form.bounds, len(bounds))
            forms.setdefault((numbers[tag], place, form.holds), []).append(form)
        self.languages = tuple(Language(*alike, tuple(of_these)) for alike, of_these in forms.items())
        self.has_checks = any(one.holds for one in self.languages)
        self.surroundings = surroundings_of(list(bounds))


class Shelf(NamedTuple):
    """What a scan reads. `steps` has 256 entries a row; the ends of row r are ``ends[ends_at[r]:ends_at[r + 1]]``, and
    its tags likewise. Everything here only grows, and a step is written last."""

    steps: array[int]
    ends_at: array[int]
    ends: array[int]
    tags_at: array[int]
    tags: array[int]
    starts: array[int]
    """The row in which a match begins behind two classes of characters."""
    permits: bytes
    """Whether a language's bounds let it end before two classes of characters."""
    tag_of: array[int]
    """Of each language."""
    checks: bytes
    """Of each language, whether there is something to pass."""
    classes: Classes


class Table:
    """Used by one thread at a time, but that its shelf may be read at any time."""

    def __init__(self, plan: Plan, algebra: Algebra, terms: Sequence[Term], first_bytes: int) -> None:
        self.algebra = algebra
        self.keys: list[Key] = []
        self._plan = plan
        self._terms = terms
        self._numbers: dict[Key, int] = {}
        self.shelf = self._empty_shelf()
        self.row(())
        self.shelf.steps[:] = array("i", [DEAD]) * BYTES
        self.shelf.starts.extend(self.row(self._begun(allowed)) for allowed in plan.surroundings.starts)
        self._num_first, self._first_bytes = len(self.keys), first_bytes

    @classmethod
    def read(cls, plan: Plan, algebra: Algebra) -> Table:
        """The forms are read into the algebra."""
        return cls(plan, algebra, [language.read(algebra) for language in plan.languages], algebra.bytes_used)

    def afresh(self) -> Table:
        """One with none but the first rows, over the same algebra."""
        return Table(self._plan, self.algebra, self._terms, self._first_bytes)

    @property
    def num_learnt(self) -> int:
        """Rows that texts have led to."""
        return len(self.keys) - self._num_first

    @property
    def learnt_bytes(self) -> int:
        """Of terms, since the forms were read."""
        return self.algebra.bytes_used - self._first_bytes

    def row(self, key: Key) -> int:
        """The number of a row, which is made where there is none."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = self._added(key)
        return number

    def learn(self, place: int) -> None:
        """Find out a step: its place is that in the shelf."""
        row, byte = divmod(place, BYTES)
        left = ((one, self.algebra.derive(term, byte)) for one, term in self.keys[row])
        self.shelf.steps[place] = self.row(tuple((one, term) for one, term in left if self._is_live(term)))

    def _is_live(self, term: Term) -> bool:
        """What could not be shown dead in time is kept: it is waited for a little longer than it needed to be."""
        try:
            return term != EMPTY and self.algebra.is_live(term)
        except BudgetExceeded:
            return True

    def _begun(self, bounds: Sequence[int]) -> Key:
        languages = enumerate(self._plan.languages)
        return tuple(
            (one, self._terms[one])
            for one, language in languages
            if language.bounds in bounds and self._is_live(self._terms[one])
        )

    def _added(self, key: Key) -> int:
        shelf, languages = self.shelf, self._plan.languages
        shelf.ends.extend(one for one, term in key if self.algebra.can_end(term))
        shelf.ends_at.append(len(shelf.ends))
        shelf.tags.extend(dict.fromkeys(languages[one].tag for one, _ in key))
        shelf.tags_at.append(len(shelf.tags))
        shelf.steps.extend(_UNKNOWN_STEPS)
        self.keys.append(key)
        return len(self.keys) - 1

    def _empty_shelf(self) -> Shelf:
        languages, (classes, _, ends) = self._plan.languages, self._plan.surroundings
        pairs = classes.number**2
        permits = b"".join(ends[one.bounds * pairs : (one.bounds + 1) * pairs] for one in languages)
        tag_of = array("i", (one.tag for one in languages))
        growing = (array("i"), array("i", [0]), array("i"), array("i", [0]), array("i"), array("i"))
        return Shelf(*growing, permits, tag_of, bytes(one.holds is not None for one in languages), classes)


_UNKNOWN_STEPS = array("i", [UNKNOWN]) * BYTES
