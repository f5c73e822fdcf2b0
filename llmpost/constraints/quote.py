"""Quote: what stands in a document, and nothing else.

It checks what was given and knows how it becomes a term; a document of a megabyte is sorted once, and no piece of it is
ever copied. Where quotations begin and end is `borders`' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast, get_args

from llmpost.automata.algebra import SEPARATOR, Algebra, Term
from llmpost.constraints.borders import Whole, marked
from llmpost.constraints.reach import Reach
from llmpost.constraints.state import State
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport
from llmpost.errors import ConstraintError

MAX_LEAST = 1 << 20
_SHOWN = 40
"""Characters of a document in an error."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class QuoteSource:
    """Documents, what a quotation never cuts, and how many characters it has at the least.

    >>> QuoteSource.of("The cat sat.", whole="words", least=3).documents
    ('The cat sat.',)
    """

    documents: tuple[str, ...]
    whole: Whole
    least: int
    in_json: bool = False
    """As a JSON string has it between its quotation marks."""
    name: str = "quote"

    @classmethod
    def of(
        cls, given: str | Iterable[str], *, whole: str = "characters", least: int = 1, in_json: bool = False
    ) -> QuoteSource:
        """ConstraintError where it is no document and no list of documents."""
        if not isinstance(given, str | Iterable) or isinstance(given, bytes):
            raise ConstraintError("quote", f"{given!r:.60}", "a text, or a list of texts", "Decode what is bytes.")
        documents = (given,) if isinstance(given, str) else tuple(given)
        for place, document in enumerate(documents):
            _check(document, place)
        return cls(documents, _whole(whole), _least(least), bool(in_json))

    @property
    def octets(self) -> frozenset[int]:
        own = frozenset().union(*(document.encode() for document in self.documents))
        return own | frozenset(b"\\/bfnrtu0123456789abcdef") if self.in_json else own

    @property
    def report(self) -> ConstraintReport:
        return ConstraintReport({"quote": "exact"})

    def read(self, algebra: Algebra) -> Term:
        documents = [marked(document, self.whole, in_json=self.in_json) for document in self.documents]
        text = bytes([SEPARATOR]).join(octets for octets, _ in documents)
        return algebra.substrings(text, b"".join(marks for _, marks in documents) or b"\0", self.least)

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> State:
        return State(reach, term, cell)

    def __str__(self) -> str:
        first = next(iter(self.documents), "")
        shown = repr(first if len(first) <= _SHOWN else first[:_SHOWN] + "…")
        return shown if len(self.documents) == 1 else f"[{shown}, … {len(self.documents)} documents]"


def _check(document: object, place: int) -> None:
    if not isinstance(document, str) or _SURROGATE.search(document):
        raise ConstraintError(f"quote[{place}]", f"{document!r:.60}", "a text", "Lone surrogates are no text either.")


def _whole(given: str) -> Whole:
    if given in get_args(Whole):
        return cast("Whole", given)
    names = ", ".join(map(repr, get_args(Whole)))
    raise ConstraintError("quote(whole=…)", f"{given!r:.60}", f"one of {names}", "Leave it out for characters.")


def _least(given: int) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MAX_LEAST:
        return given
    allowed = f"a number of characters from 0 to {MAX_LEAST:,}"
    raise ConstraintError("quote(least=…)", f"{given!r:.60}", allowed, "Leave it out for 1: no empty quotation.")
