"""Entity: a kind of number or name that people want kept out of texts, as a language with bounds.

An entity may have several forms, each with bounds of its own: an address with dots ends otherwise than one with colons.
It knows how to be read into any algebra, by characters alone; what is done with a match is for others to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llmpost.automata.algebra import Algebra, Term
from llmpost.automata.entities.bounds import Bounds


@dataclass(frozen=True, slots=True)
class Form:
    """A language, none of whose texts is empty, and what bounds a match of it."""

    read: Callable[[Algebra], Term]
    bounds: Bounds
    shape: Callable[[Algebra], Term] | None = None
    """The same but for its arithmetic: a language that has all of its texts, and takes no search; None: it has none."""
    holds: Callable[[str], bool] | None = None
    """Its arithmetic: whether a text of the shape is one of the language; None: that is only to be read."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A name, as Presidio says it; what it is; its forms; texts that are one, and texts that contain none.

    >>> from llmpost.automata.entities.table import entity_named
    >>> entity_named("IBAN_CODE").examples[0]
    'GB82 WEST 1234 5698 7654 32'
    """

    name: str
    summary: str
    forms: tuple[Form, ...]
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]

    def language(self, algebra: Algebra) -> Term:
        """The texts that are the entity, whatever may stand beside them."""
        return algebra.alternate([form.read(algebra) for form in self.forms])

    def shape(self, algebra: Algebra) -> Term:
        """The texts that look like the entity, all that are one among them: for questions of what it may be part of."""
        return algebra.alternate([(form.shape or form.read)(algebra) for form in self.forms])
