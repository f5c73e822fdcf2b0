"""Entities: kinds of numbers and names of which none may occur, each a whole run within its bounds.

They are followed as one automaton. What they are, and their checksums, is the business of `automata.entities`.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.entities.containing import containing
from llmpost.automata.entities.entity import Entity
from llmpost.automata.entities.table import entity_named
from llmpost.automata.regex.ranges import contains


@dataclass(frozen=True, slots=True)
class Entities:
    """Some of them, by name, in the order in which they were named."""

    names: tuple[str, ...]

    def term(self, algebra: Algebra) -> Term:
        """What they are, and more than that: what looks like one."""
        return algebra.alternate([entity.shape(algebra) for entity in self._entities])

    def least(self, algebra: Algebra) -> int:
        """Characters that a match has at least: all of them are of ASCII."""
        return algebra.distance(self.term(algebra)) or 0

    def is_joined_by(self, joiner: str) -> bool:
        """Whether no match stands behind this character with a digit before it."""
        bounds = [form.bounds for entity in self._entities for form in entity.forms]
        return all(contains(one.joiners, ord(joiner)) and contains(one.beyond, ord("0")) for one in bounds)

    def containing(self, algebra: Algebra) -> Term:
        """All texts in which one of them stands within its bounds."""
        return containing(algebra, self._entities)

    def tells_apart(self, character: str) -> bool:
        """Whether a match may depend on this character, beside it, being there or the text's end in its place."""
        bounds = [form.bounds for entity in self._entities for form in entity.forms]
        return any(contains(one.beside, ord(character)) or contains(one.beyond, ord(character)) for one in bounds)

    @property
    def _entities(self) -> list[Entity]:
        return list(map(entity_named, self.names))

    def __str__(self) -> str:
        return f"the entity {self.names[0]}" if len(self.names) == 1 else f"one of the entities {', '.join(self.names)}"
