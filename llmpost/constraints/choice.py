"""Choice: one of the given texts, and nothing else.

It checks what was given and knows how it becomes a term; tens of thousands of texts cost no more than to sort them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.reach import Reach
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport
from llmpost.errors import ConstraintError


@dataclass(frozen=True, slots=True)
class ChoiceSource:
    """Texts as bytes; equal ones count once.

    >>> ChoiceSource.of(["yes", "no", b"no"]).texts
    (b'no', b'yes')
    """

    texts: tuple[bytes, ...]
    octets: frozenset[int] = field(compare=False)
    name: str = "choice"

    @classmethod
    def of(cls, given: Iterable[str | bytes]) -> ChoiceSource:
        """ConstraintError where it is not a list of texts, or has none."""
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise ConstraintError("choice", f"{given!r:.60}", "a list of texts", "Put it in a list: choice=[...].")
        texts = tuple(given)
        for place, text in enumerate(texts):
            if not isinstance(text, str | bytes):
                raise _no_text(text, place)
        return _source(texts)

    @property
    def report(self) -> ConstraintReport:
        return ConstraintReport({"choice": "exact"})

    def read(self, algebra: Algebra) -> Term:
        return algebra.choice(self.texts)

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        return State(reach, term, cell)

    def __str__(self) -> str:
        shown = ", ".join(repr(text.decode(errors="replace")) for text in self.texts[:3])
        return f"[{shown}]" if len(self.texts) <= 3 else f"[{shown}, … {len(self.texts)} texts]"


@lru_cache(maxsize=16)
def _source(given: tuple[str | bytes, ...]) -> ChoiceSource:
    """Kept: the same large choice comes with every request."""
    texts = tuple(sorted({_octets(text, place) for place, text in enumerate(given)}))
    if not texts:
        raise ConstraintError("choice", "an empty list", "at least one text", "Say what may be chosen.")
    return ChoiceSource(texts, frozenset(b"".join(texts)))


def _octets(text: str | bytes, place: int) -> bytes:
    try:
        return text if isinstance(text, bytes) else text.encode()
    except UnicodeEncodeError:
        raise _no_text(text, place) from None


def _no_text(given: object, place: int) -> ConstraintError:
    return ConstraintError(f"choice[{place}]", f"{given!r:.60}", "text or bytes", "Lone surrogates are no text either.")
