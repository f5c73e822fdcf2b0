"""Parts: what the writers of containers ask of the writer of values, and so do not need to know it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.settings import Settings
from llmpost.constraints.json_schema.shapes.claim import Demand
from llmpost.constraints.json_schema.shapes.meaning import Meaning
from llmpost.constraints.json_schema.writing.layout import Layout


class Parts(Protocol):
    """Terms of what stands inside of a container."""

    @property
    def algebra(self) -> Algebra: ...

    @property
    def meaning(self) -> Meaning: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def layout(self) -> Layout: ...

    @property
    def quote(self) -> Term:
        """A quotation mark."""

    def deferred(self, read: Callable[[], Term], at_most: int | None = None, like: Term | None = None) -> Term:
        """The algebra's, for what reads meanings: one thread at a time."""

    def size_of(self, demand: Demand) -> int | None:
        """Bytes that are enough for a value; None where that is not seen at a glance."""

    def name(self, name: str) -> Term:
        """A key, from behind its first quotation mark to where its value begins."""

    def value(self, demand: Demand, depth: int) -> Term:
        """A whole value at this depth."""
