"""JsonSchemaSource: a JSON Schema as the source of a constraint.

It is read into any algebra: a meaning for the schema's demands and a writer for their texts, which live as long as the
term they made. What was checked and reported when the document was read is the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from llmpost.automata.algebra import Algebra, Term
from llmpost.constraints.json_schema.document.document import Document, read_document
from llmpost.constraints.json_schema.document.text import schema_text
from llmpost.constraints.json_schema.numbers.numbers import Numbers
from llmpost.constraints.json_schema.planned_state import PlannedJsonState
from llmpost.constraints.json_schema.settings import Settings
from llmpost.constraints.json_schema.shapes.claim import claimed
from llmpost.constraints.json_schema.shapes.meaning import Meaning
from llmpost.constraints.json_schema.shapes.scalars import Scalars
from llmpost.constraints.json_schema.state import JsonState
from llmpost.constraints.json_schema.strings.strings import Strings
from llmpost.constraints.json_schema.writing.repeats import Repeats
from llmpost.constraints.json_schema.writing.values import Writer
from llmpost.constraints.reach import Reach
from llmpost.constraints.store import Cell
from llmpost.contracts.constraint import ConstraintReport
from llmpost.vocabulary.trie import TEXT_BYTES

_NARROW = frozenset(("uniqueItems", "patternProperties", "propertyNames"))
"""Keywords that can leave little to go on with: few items, or few keys."""
_RUNNING_OUT = (
    (frozenset(("uniqueItems",)), frozenset(("minItems", "contains"))),
    (frozenset(("minProperties",)),),
)
"""Keywords that, together, can want several items that differ, or members whatever their keys."""


@dataclass(frozen=True, slots=True)
class JsonSchemaSource:
    """A schema that was read and checked, and how its values may be written."""

    text: str
    settings: Settings
    document: Document = field(compare=False, repr=False)
    name: str = "json_schema"

    @classmethod
    def of(cls, schema: Mapping[str, Any] | bool | str, settings: Settings, *, strict: bool = True) -> JsonSchemaSource:
        """ConstraintError, with a JSON pointer, where it is no schema, or cannot be enforced as a whole."""
        text = schema_text(schema)
        document = read_document(text, settings, is_strict=strict)
        if strict and document.refused:
            raise document.refused[0][1]
        return cls(text, settings, document)

    @property
    def octets(self) -> frozenset[int]:
        return TEXT_BYTES

    @property
    def report(self) -> ConstraintReport:
        return ConstraintReport(self.document.report, tuple(self.document.notes))

    def read(self, algebra: Algebra) -> Term:
        writer = self._writer(algebra, self.settings)
        return writer.root(claimed(self.document.root))

    def first_state(self, reach: Reach, term: Term, cell: Cell) -> JsonState:
        settings = replace(self.settings, key_order="any")
        spelling = Repeats(lambda: self._writer(reach.algebra, settings))
        kind = PlannedJsonState if self._may_run_out else JsonState
        return kind.first(reach, term, cell, spelling, has_narrow=self.document.mentions(_NARROW))

    @property
    def _may_run_out(self) -> bool:
        """Where dead ends are possible all the same, no plan keeps out of them."""
        is_asked = any(all(self.document.mentions(words) for words in both) for both in _RUNNING_OUT)
        return is_asked and self.report.is_exact

    def _writer(self, algebra: Algebra, settings: Settings) -> Writer:
        scalars = Scalars(algebra, Strings(algebra, settings.escapes), Numbers(algebra))
        meaning = Meaning(algebra, scalars, self.document, asserts_formats=settings.formats == "assert")
        return Writer(algebra, meaning, settings)

    def __str__(self) -> str:
        return f"{self.text:.80}"
